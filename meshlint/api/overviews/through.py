"""Who reaches a destination through any number of calls: the chains of `meshlint access --through`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.engine.usage import Mistake, UsageError
from meshlint.journeys.steps import OUTSIDE, Step, Steps, caller_node
from meshlint.journeys.through import Through, through
from meshlint.mesh.graph.graph import Node, NodeKind
from meshlint.reports.access.answer import ChainRow, HopRow
from meshlint.security.access import AccessDesk, AccessRequest, Target
from meshlint.security.access.calling import Caller

_CUT = "Not every caller was looked at: there are too many."
_MORE = "There are more chains, which are longer or as long as these."
_NO_START = "Chains start at a workload, a Gateway or outside."


def chains_to(
    desk: AccessDesk,
    targets: Sequence[Target],
    callers: Sequence[Caller] | None,
    request: AccessRequest,
    *,
    any_call: bool,
) -> tuple[tuple[ChainRow, ...], tuple[str, ...]]:
    """The chains to any of the ports, from callers or from outside, and what has to be said besides."""
    steps = Steps(desk, request, frozenset(targets), any_call)
    ends = tuple(dict.fromkeys(target.workload for target in targets))
    found = through(steps, ends, _starts(callers))
    rows = tuple(ChainRow(tuple(_row(step) for step in chain)) for chain in found.chains)
    return rows, tuple(_notes(found))


def _starts(callers: Sequence[Caller] | None) -> tuple[Node, ...]:
    if callers is None or any(one.label == OUTSIDE.name for one in callers):
        return (OUTSIDE,)
    nameless = [one for one in callers if one.workload is None and not one.is_unknown]
    if nameless:
        raise UsageError(Mistake(f'"{nameless[0].label}" is the start of no chain', _NO_START))
    return tuple(dict.fromkeys(map(caller_node, callers)))


def _row(step: Step) -> HopRow:
    return HopRow(_label(step.client), _label(step.server), step.port, step.decision, step.by, step.at)


def _label(node: Node) -> str:
    return f"{node.namespace}/{node.name}" if node.kind is NodeKind.WORKLOAD else node.name


def _notes(found: Through) -> Iterator[str]:
    for ring in found.rings:
        yield f"These call each other in a ring: {' -> '.join(map(_label, ring))}."
    if found.has_more:
        yield _MORE
    if found.is_cut:
        yield _CUT
