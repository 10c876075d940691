"""The examples of every rule are its tests: bad ones fire on the marked lines, good ones are silent.

Of a bad example only the findings of its own rule count. Good and fixed ones have to be silent under all
default rules, so that what one rule recommends is nothing that another one complains about.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from attrs import evolve

from meshlint.api import CheckOptions, check_texts, options_of
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.config import config_of
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example, load_rule_file

CATALOGUE = load_catalogue()
EXAMPLES = [(rule, example) for rule in CATALOGUE.rules for example in load_rule_file(rule).examples]
CASES = [pytest.param(rule, example, id=f"{rule.id}: {example.title}") for rule, example in EXAMPLES]
FIXED = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule, example in EXAMPLES
    if example.fixed
]


def options(example: Example) -> CheckOptions:
    return options_of(config_of({"group-after": 0, **example.settings}))


def findings(files: Mapping[str, str], example: Example, also: Rule) -> tuple[Finding, ...]:
    asked = options(example)
    selection = evolve(asked.selection, extend_select=(*asked.selection.extend_select, also.id))
    return check_texts(files, evolve(asked, selection=selection), CATALOGUE).findings


def words(finding: Finding) -> str:
    return f"{finding.location} {finding.rule} {finding.message}"


def places(found: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return sorted({(finding.location.file, finding.location.span.line) for finding in found})


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Example) -> None:
    found = findings(example.files, example, rule)
    if not example.bad:
        assert [words(finding) for finding in found] == []
        return
    fired = tuple(finding for finding in found if finding.rule == rule.id)
    assert rule.fix or all(finding.fix is None for finding in fired), "the rule has to say `fix:`"
    assert places(fired) == [(expected.file, expected.line) for expected in example.expectations]
    for expected in example.expectations:
        said = [
            finding.message
            for finding in fired
            if (finding.location.file, finding.location.span.line) == (expected.file, expected.line)
        ]
        assert any(expected.words in message for message in said), said


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_fixed_example_is_silent(rule: Rule, example: Example) -> None:
    assert example.bad
    assert [words(finding) for finding in findings(example.fixed, example, rule)] == []


def test_the_first_sentence_of_a_message_is_short() -> None:
    """How long the object's own name is lies with the manifests, so it does not count."""
    found = [one for rule, example in EXAMPLES for one in findings(example.files, example, rule)]
    sentences = {one.message.replace(f" {one.object}".rpartition(" ")[2], "").split(". ")[0] for one in found}
    assert [sentence for sentence in sorted(sentences) if len(sentence) > 120] == []
