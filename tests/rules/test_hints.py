"""Whoever does what a hint says is done: the rule falls silent, and no default rule says anything new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meshlint.engine.finding import Finding
from meshlint.engine.rule import ENGINE_CHECK, Rule
from meshlint.engine.rule_file import Example, load_rule_file
from tests.rules.following import HINT, followed
from tests.rules.test_examples import CASES, CATALOGUE, findings, words

LEAST = 40
POSTURE = frozenset({"MTLS001"})
"""What a namespace leaves undone once it is in the mesh: no hint that brings it there is about that."""
BAD = [case for case in CASES if case.values[1].bad]  # type: ignore[union-attr]


def hinted(found: tuple[Finding, ...], rule: Rule) -> Iterator[Finding]:
    """The findings of a rule whose hint says to the letter what is to be written at the marked line."""
    return (one for one in found if one.rule == rule.id and HINT.match(one.hint or ""))


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_hint_that_is_followed_mends_the_example(rule: Rule, example: Example) -> None:
    before = findings(example.files, example, rule)
    for finding in hinted(before, rule):
        left = [_left(files, example, rule, before) for files in followed(example.files, finding)]
        assert [] in left, f"{finding.hint} leaves {left}"


def _left(files: dict[str, str], example: Example, rule: Rule, before: tuple[Finding, ...]) -> list[str]:
    """What is wrong after a change: the finding itself, unless there are fewer of its kind, and new ones."""
    known = {(one.rule, one.object) for one in before}
    after = findings(files, example, rule)
    new = [one for one in after if (one.rule, one.object) not in known and one.rule not in POSTURE]
    still = [one for one in after if one.rule == rule.id]
    wrong = new if len(still) < sum(one.rule == rule.id for one in before) else [*still, *new]
    return [words(one) for one in wrong]


def test_many_hints_can_be_followed_to_the_letter() -> None:
    cases = (case.values for case in BAD)
    told = [next(hinted(findings(one.files, one, rule), rule), None) for rule, one in cases]  # type: ignore[union-attr, arg-type]
    assert sum(one is not None for one in told) >= LEAST


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.id) for rule in CATALOGUE.rules if rule.check != ENGINE_CHECK]
)
def test_every_rule_shows_what_is_right_instead(rule: Rule) -> None:
    """A bad example alone leaves open what the author of the rule would have written."""
    examples = load_rule_file(rule).examples
    assert any(example.fixed or not example.bad for example in examples)
