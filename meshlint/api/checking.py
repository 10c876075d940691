"""From an input set to its findings."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from meshlint.api.project import Project, ReadOptions, read_texts
from meshlint.checks.world import World
from meshlint.engine.catalogue import Catalogue, load_catalogue
from meshlint.engine.outcome import Outcome
from meshlint.engine.plan import Plan, Selection, make_plan
from meshlint.engine.run import run


@frozen
class CheckOptions:
    """What is asked of a check: which rules, and how the input set is read."""

    selection: Selection = field(factory=Selection)
    reading: ReadOptions = field(factory=ReadOptions)


def check_project(project: Project, plan: Plan) -> Outcome:
    """What the rules of `plan` say of `project`."""
    world = World(project.mesh, project.problems)
    anywhere = min(project.texts, default="")
    raised = run(plan, world, anywhere)
    return Outcome(
        findings=tuple(one.finding for one in raised),
        rules=plan.rules,
        summary=evolve(project.summary),
        texts=project.texts,
    )


def check_texts(
    texts: Mapping[str, str], options: CheckOptions | None = None, catalogue: Catalogue | None = None
) -> Outcome:
    """What the rules say of texts by file name."""
    options = options or CheckOptions()
    plan = make_plan(catalogue or load_catalogue(), options.selection)
    return check_project(read_texts(texts, options.reading), plan)
