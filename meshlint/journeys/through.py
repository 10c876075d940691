"""Who reaches a workload through any number of calls that are let in?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

from meshlint.journeys.steps import OUTSIDE, Step, Steps, gateway_step
from meshlint.mesh.graph.graph import Edge, MeshGraph, Node, NodeKind, Relation
from meshlint.mesh.graph.relations import workload_node
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

MOST_CHAINS = 10
MOST_WORKLOADS = 2_000
"""How many workloads are asked who calls them."""
MOST_PAIRS = 20_000
"""How many pairs of workloads are looked at where any call counts."""

Chain = tuple[Step, ...]
Between = dict[tuple[Node, Node], Step]


@frozen(eq=False, repr=False)
class Through:
    """The chains to a workload, shorter ones first, and the rings of named calls that may lead there.

    Chains are left out if `has_more`; where `is_cut` not even all callers were looked at.
    """

    chains: tuple[Chain, ...]
    rings: tuple[tuple[Node, ...], ...]
    has_more: bool
    is_cut: bool


def through(steps: Steps, ends: Sequence[Workload], starts: Sequence[Node]) -> Through:
    """The chains of steps from any of `starts` to the pods of any of `ends`.

    Each step by itself is let in, and shown by the files unless any call counts. That a server makes its call
    because of the one before is not known.
    """
    between, is_cut = _between(steps, ends, from_outside=OUTSIDE in starts)
    graph = MeshGraph.of((), (Edge(one, other, Relation.CALLS) for one, other in between))
    found = [
        tuple(between[pair] for pair in pairwise(chain))
        for end in dict.fromkeys(map(workload_node, ends))
        for start in starts
        if start != end
        for chain in graph.chains(start, end, MOST_CHAINS + 1)
    ]
    found.sort(key=_order)
    rings = () if steps.any_call else graph.rings()
    return Through(tuple(found[:MOST_CHAINS]), rings, len(found) > MOST_CHAINS, is_cut)


def _order(chain: Chain) -> tuple[int, int, tuple[Node, ...]]:
    return len(chain), max(step.doubt for step in chain), tuple(step.client for step in chain)


def _between(steps: Steps, ends: Iterable[Workload], *, from_outside: bool) -> tuple[Between, bool]:
    """The surest step for each pair of nodes, looked for backwards from the ends."""
    found: Between = {}
    waiting = deque(dict.fromkeys(ends))
    known = set(waiting)
    workloads = {workload_node(one): one for one in steps.desk.mesh.workloads.all}
    for _ in range(MOST_PAIRS // max(len(workloads), 1) if steps.any_call else MOST_WORKLOADS):
        if not waiting:
            break
        for step in steps.to(waiting.popleft(), from_outside=from_outside):
            _keep(found, step)
            client = workloads.get(step.client)
            if client is None and step.client.kind is NodeKind.GATEWAY and from_outside:
                _keep(found, gateway_step(steps.desk, step.client))
            elif client is not None and client not in known:
                known.add(client)
                waiting.append(client)
    return found, bool(waiting)


def _keep(found: Between, step: Step | None) -> None:
    held = None if step is None else found.get((step.client, step.server))
    if step is not None and (held is None or step.doubt < held.doubt):
        found[step.client, step.server] = step
