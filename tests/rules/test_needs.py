"""A rule that is left out because of the kinds in a set would have said nothing of it."""

from __future__ import annotations

import pytest

from meshlint.api import CheckOptions, read_texts
from meshlint.api.judging.worlds import worlds_of
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.examine import Material
from meshlint.engine.plan import Selection, make_plan
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example
from meshlint.engine.run import run
from meshlint.mesh.settings.settings import declared_meshes
from tests.rules.test_examples import EXAMPLES, options

PLAN = make_plan(load_catalogue(), Selection(select=("ALL",)))
CASES = [pytest.param(rule, example, id=f"{rule.id}: {example.title}") for rule, example in EXAMPLES]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_what_is_left_out_is_silent(rule: Rule, example: Example) -> None:
    asked: CheckOptions = options(example)
    project = read_texts(example.files, asked.reading)
    worlds = worlds_of(project)
    present = Material(project.resources, project.texts, declared_meshes(project.mesh.settings)).presence
    told = [raised.finding for raised in run(PLAN, worlds, presence=present)]
    assert told == [raised.finding for raised in run(PLAN, worlds)]
