"""The examples in the files of a user's own rules, run as tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.api.judging.checking import CheckOptions, check_texts, options_of
from meshlint.engine.config import config_of
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example, RuleFile
from meshlint.engine.usage import UsageError
from meshlint.values import evolve, frozen


@frozen(repr=False)
class Tried:
    """An example of a rule, and what is not as it says; nothing where it holds."""

    rule: Rule
    title: str
    wrong: tuple[str, ...] = ()


def tried(files: Sequence[RuleFile]) -> tuple[Tried, ...]:
    """Each example of each rule: a bad one has to be told at its marked lines alone, a good one not at all.

    Other rules do not count.
    """
    rules = tuple(one.rule for one in files)
    return tuple(
        Tried(one.rule, example.title, tuple(_wrong(one.rule, example, rules)))
        for one in files
        for example in one.examples
    )


def _wrong(rule: Rule, example: Example, rules: tuple[Rule, ...]) -> Iterator[str]:
    try:
        options = _options(rule, example, rules)
        found = [one for one in check_texts(example.files, options).findings if one.rule == rule.id]
    except UsageError as error:
        yield f"its settings make no sense: {error}"
        return
    wanted = {(one.file, one.line) for one in example.expectations} if example.bad else set()
    told = {_place(one): one for one in found}
    if example.bad and not wanted:
        yield "it is bad, but no line of it ends with # expect"
    for place in sorted(wanted - told.keys()):
        yield f"nothing is told at {place[0]}:{place[1]}"
    for place in sorted(told.keys() - wanted):
        yield f"{place[0]}:{place[1]} is told, but not expected: {told[place].message}"
    yield from _other_words(example, found)


def _other_words(example: Example, found: Iterable[Finding]) -> Iterator[str]:
    for one in example.expectations:
        said = [finding.message for finding in found if _place(finding) == (one.file, one.line)]
        if said and not any(one.words in message for message in said):
            yield f'{one.file}:{one.line} should say "{one.words}" and says "{said[0]}"'


def _options(rule: Rule, example: Example, rules: tuple[Rule, ...]) -> CheckOptions:
    options = options_of(config_of({"group-after": 0, **example.settings}))
    selection = evolve(options.selection, select=(rule.id,), extend_select=(), ignore=())
    return evolve(options, selection=selection, custom=rules)


def _place(finding: Finding) -> tuple[str, int]:
    return finding.location.file, finding.location.span.line
