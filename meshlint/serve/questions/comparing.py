"""What a change does: two sets, read, and the answer of `meshlint diff` on them."""

from __future__ import annotations

from meshlint.api.differing.difference import State, difference
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.evidence import since
from meshlint.api.reading.project import Project
from meshlint.engine.config import Config
from meshlint.reports import ReportOptions
from meshlint.reports.differences.report import write_difference
from meshlint.serve.questions.answers import Question, checking_options
from meshlint.values import evolve, frozen


@frozen(eq=False)
class Side:
    """One of the sets: what the answer calls it, and what was read."""

    name: str
    project: Project


def compared(before: Side, after: Side, config: Config, question: Question) -> str:
    """The answer as text; raises `UsageError` where the question makes no sense."""
    options = checking_options(config, question.parameters)
    plan, policy = plan_of(options), evolve(options.policy, group_after=0)
    sides = (before, evolve(after, project=since(after.project, before.project)))
    states = [
        State(side.name, side.project, check_project(side.project, plan, policy).findings) for side in sides
    ]
    return "\n".join(write_difference(difference(*states), question.format, ReportOptions())) + "\n"
