"""All that a change does: from the two sides, read and checked, to one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.api.differing.calls import compared_calls
from meshlint.api.differing.causes import Causes
from meshlint.api.differing.costs import compared_costs
from meshlint.api.differing.findings import compared_findings
from meshlint.api.differing.objects import Changed, changed_objects
from meshlint.api.differing.reach_of_calls import reach_of
from meshlint.api.differing.reach_of_ways import way_reach_of
from meshlint.api.differing.ways import compared_ways
from meshlint.api.differing.workloads import compared_workloads
from meshlint.api.reading.project import Project
from meshlint.engine.finding import Finding
from meshlint.reports.differences.answer import Difference, Objects
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class State:
    """One side of a comparison: what to call it, what was read, and what the rules say of it."""

    name: str
    project: Project
    findings: tuple[Finding, ...]


def difference(before: State, after: State) -> Difference:
    """What the change from one state to the other does."""
    old, new = before.project, after.project
    changes = changed_objects(old.resources, new.resources)
    causes = Causes.among(changes)
    calls = compared_calls(old.access_desk, new.access_desk, reach_of(changes, old.mesh, new.mesh), causes)
    ways = compared_ways(old.mesh, new.mesh, way_reach_of(changes, old.mesh, new.mesh), causes)
    return Difference(
        before.name,
        after.name,
        _objects(changes),
        compared_findings(before.findings, after.findings),
        calls.calls,
        ways.ways,
        tuple(compared_workloads(old.mesh, new.mesh)),
        tuple(compared_costs(old, new)) if changes else (),
        (*calls.notes, *ways.notes, *_of_several(changes)),
        {"calls": calls.asked, "ways": ways.asked},
    )


def _of_several(changes: Iterable[Changed]) -> Iterator[str]:
    """What is written several times and changed: calls and ways follow one of the versions."""
    for one in changes:
        count = max(len(one.before), len(one.after))
        if count > 1 and not one.is_moved:
            yield f"{one.id} is written {count} times, and calls and ways follow one of its versions"


def _objects(changes: Iterable[Changed]) -> Objects:
    held = tuple(changes)
    moved = [one for one in held if one.before and one.after and one.is_moved]
    written = [one for one in held if one.before and one.after and not one.is_moved]
    return Objects(
        tuple(str(one.id) for one in held if not one.before),
        tuple(str(one.id) for one in held if not one.after),
        tuple(str(one.id) for one in written),
        tuple(str(one.id) for one in moved),
    )
