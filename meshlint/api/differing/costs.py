"""What would each mesh cost before and after a change, where that moves?"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor import Advice
from meshlint.api.overviews.advising import advise_project
from meshlint.api.reading.project import Project
from meshlint.reports.differences.answer import Cost

_TENTH = 0.1
_GIB = 2**30


def compared_costs(before: Project, after: Project) -> Iterator[Cost]:
    """The typical costs of each mesh that moved by more than a tenth."""
    if not (before.mesh.workloads.all and after.mesh.workloads.all):
        return
    old, new = (_figures(advise_project(project)) for project in (before, after))
    for key in sorted(set(old) & set(new)):
        was, now = old[key], new[key]
        if abs(now - was) > _TENTH * was:
            yield Cost(*key, was, now)


def _figures(advice: Advice) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    for cost in advice.costs_when(advice.decisive):
        found[cost.mesh.title, "CPU", "cores"] = round(float(cost.cpu.typical), 3)
        found[cost.mesh.title, "memory", "GiB"] = round(float(cost.memory.typical) / _GIB, 3)
    return found
