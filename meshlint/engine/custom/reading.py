"""From the files of a user's rules to rules, or to what is wrong with them and where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from meshlint.checks.custom.builtin import BUILT_INS, EXPRESSION, BuiltIn, Taken, built_in
from meshlint.data import data_directory
from meshlint.documents import Document, read
from meshlint.engine.catalogue import Catalogue
from meshlint.engine.config.schema import slips
from meshlint.engine.custom.values import value_slips
from meshlint.engine.rule_file import RuleFile, rule_file_of
from meshlint.engine.usage import Mistake, Slip, UsageError, did_you_mean
from meshlint.values import evolve

MOST_RULES: Final = 1_000
_UNSAID: Final[Mapping[str, Any]] = {"rationale": "", "remediation": "", "examples": ()}
_MESSAGE: Final = Taken("message", "string", "What to say of what is found", "")


@cache
def custom_rule_schema() -> Mapping[str, Any]:
    """The schema of a rule that a user writes."""
    schema: Mapping[str, Any] = json.loads((data_directory("schemas") / "custom-rule.json").read_bytes())
    return schema


def read_rules(files: Iterable[tuple[str, bytes]], catalogue: Catalogue) -> tuple[RuleFile, ...]:
    """The rules in files, a document each; raises `UsageError` with all that is wrong.

    Their ids and names are those of no rule in `catalogue` and of no family there.
    """
    mistakes: list[Mistake] = []
    found: list[RuleFile] = []
    for name, data in files:
        for document in _documents(name, data, mistakes):
            wrong = list(_slips(document.value, catalogue, found))
            mistakes += [_mistake(document, slip) for slip in wrong]
            if not wrong:
                found.append(_rule_file(document.value, name))
    if len(found) > MOST_RULES:
        mistakes.append(Mistake(f"there are {len(found)} rules of your own, and {MOST_RULES} is the most"))
    if mistakes:
        raise UsageError(*mistakes)
    return tuple(found)


def _documents(name: str, data: bytes, mistakes: list[Mistake]) -> list[Document]:
    reading = read(name, data)
    mistakes += [Mistake(one.message, one.hint or "", name, one.span.line) for one in reading.problems]
    if reading.is_template:
        mistakes.append(Mistake("This is a template, not a rule", file=name))
    documents = [one for one in reading.documents if one.value is not None]
    if not documents and not reading.problems and not reading.is_template:
        mistakes.append(Mistake("There is no rule in this file", file=name))
    return documents


def _mistake(document: Document, slip: Slip) -> Mistake:
    return Mistake(slip.message, slip.hint, document.file, document.span(slip.path, on_key=True).line)


def _slips(value: Any, catalogue: Catalogue, before: list[RuleFile]) -> Iterator[Slip]:
    wrong = list(slips(value, custom_rule_schema()))
    yield from wrong
    if wrong:
        return
    yield from _name_slips(value, catalogue, before)
    yield from _example_slips(value)
    named = [key for key in ("check", "expression") if key in value]
    if len(named) != 1:
        yield Slip((), 'A rule needs either "check" or "expression"', "The one names a built-in check.")
        return
    check = _check_of(value)
    if check is None:
        names = [one.name for one in BUILT_INS if one.name != EXPRESSION]
        hint = did_you_mean(value["check"], names) or f"Known are: {', '.join(names)}."
        yield Slip(("check",), f'"{value["check"]}" is no built-in check', hint)
        return
    yield from value_slips(check, value.get("with", {}), value.get("expression"))


def _check_of(value: Mapping[str, Any]) -> BuiltIn | None:
    if "expression" in value:
        return built_in(EXPRESSION)
    return built_in(value["check"]) if value["check"] != EXPRESSION else None


def _name_slips(value: Mapping[str, Any], catalogue: Catalogue, before: list[RuleFile]) -> Iterator[Slip]:
    family = value["id"].rstrip("0123456789")
    if family in catalogue.families or catalogue.replacing(value["id"]):
        hint = "Begin it with letters of your own, such as ACME001."
        yield Slip(("id",), f'The id "{value["id"]}" is of a family of rules that meshlint has', hint)
    own = {word: one.rule for one in before for word in (one.rule.id, one.rule.name)}
    for key in ("id", "name"):
        known = catalogue.find(value[key]) or own.get(value[key])
        if known is not None:
            where = f" in {known.source}" if known.source else ""
            yield Slip((key,), f'The {key} "{value[key]}" is taken by {known}{where}', "Choose another one.")
    if value["name"].upper() == "ALL" or value["name"] in ("default", "strict", "pedantic"):
        yield Slip(("name",), f'The name "{value["name"]}" means rules of a profile', "Choose another one.")


def _example_slips(value: Mapping[str, Any]) -> Iterator[Slip]:
    for number, example in enumerate(value.get("examples", ())):
        if ("text" in example) == ("files" in example):
            yield Slip(("examples", number), 'An example needs either "text" or "files"')


def _rule_file(value: Mapping[str, Any], source: str) -> RuleFile:
    check = _check_of(value)
    assert check is not None
    given = {**value.get("with", {}), "message": value.get("message", "")}
    if "expression" in value:
        given["expression"] = value["expression"]
    folder, _, function = check.check.partition(".")
    data = {
        **_UNSAID,
        **value,
        "check": function,
        "parameters": {
            one.name: {
                "type": one.type,
                "default": given.get(one.name, one.default),
                "description": one.words,
            }
            for one in (*check.takes, _MESSAGE)
        },
    }
    made = rule_file_of(data, folder)
    return evolve(made, rule=evolve(made.rule, source=source))
