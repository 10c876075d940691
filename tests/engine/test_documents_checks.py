"""The rules about texts, each run by itself on its own examples."""

from __future__ import annotations

import pytest
from attrs import evolve

from meshlint.checks.hygiene.documents import duplicate_object, too_large, unreadable
from meshlint.documents import Problem, ProblemKind, Span
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.plan import Plan
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example, load_rule_file
from meshlint.engine.run import Worlds, run
from tests.engine.worlds import input_of

CATALOGUE = load_catalogue()
PLAN = Plan(tuple(r for r in CATALOGUE.rules if r.check.startswith("hygiene.documents.")), CATALOGUE)
EXAMPLES = [(rule, example) for rule in PLAN.rules for example in load_rule_file(rule).examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.name}: {e.title}" for r, e in EXAMPLES])
def test_example(rule: Rule, example: Example) -> None:
    found = run(PLAN, Worlds(input_of(example.files)))
    places = [(raised.finding.location.file, raised.finding.location.span.line) for raised in found]
    assert places == [(expected.file, expected.line) for expected in example.expectations]
    for raised, expected in zip(found, example.expectations, strict=True):
        assert raised.rule == rule
        assert expected.words in raised.finding.message
    assert run(PLAN, Worlds(input_of(example.fixed))) == ()


@pytest.mark.parametrize(
    ("check", "kind"), [(too_large, ProblemKind.TOO_LARGE), (unreadable, ProblemKind.UNREADABLE)]
)
def test_problems_that_no_example_can_show(check: object, kind: ProblemKind) -> None:
    problem = Problem(kind, "a.yaml", Span.at(1, 1), "cannot be read", hint="Do something.")
    assert callable(check)
    (hit,) = check(evolve(input_of({}), problems=(problem,)), {})
    assert (hit.message, hit.hint) == ("cannot be read", "Do something.")


@pytest.mark.parametrize(
    ("data", "is_told"),
    [
        ("{a: 1, b: x}", False),
        ("{b: x, a: 1}", False),
        ("{a: 1.0, b: x}", True),
        ("{a: true, b: x}", True),
        ("{a: 1, b: y}", True),
        ("{a: 1, b: 'x'}", False),
    ],
)
def test_objects_are_alike_if_they_say_the_same(data: str, is_told: bool) -> None:
    texts = {
        f"{name}/a.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: shop}}\ndata: {value}\n"
        for name, value in (("one", "{a: 1, b: x}"), ("two", data))
    }
    assert bool(tuple(duplicate_object(input_of(texts), {}))) is is_told
