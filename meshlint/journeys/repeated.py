"""Retries that multiply: each hop of a chain of calls sends again what the hop before it has sent again."""

from __future__ import annotations

from itertools import pairwise

from meshlint.journeys.hops import Hop, hop_graph, hops
from meshlint.mesh import Mesh
from meshlint.mesh.graph.graph import Node
from meshlint.values import frozen

Between = dict[tuple[Node, Node], Hop]


@frozen(eq=False, repr=False)
class Repeated:
    """A chain of calls at whose end one request can be seen `requests` times."""

    hops: tuple[Hop, ...]
    requests: int


def repeated(mesh: Mesh, most: int) -> tuple[Repeated, ...]:
    """The chains of calls with retries on two hops at least, whose end may see more than `most` requests.

    One request is what comes in at the start of the chain. Only retries that the files set count, and only
    calls that they show. Of the chains to one workload it is the worst, and of chains that go on from one
    another the longest.
    """
    found = hops(mesh)
    if sum(tries_of(hop) > 1 for hop in found) < 2:
        return ()
    between: Between = {}
    for hop in found:
        held = between.setdefault((hop.client, hop.server), hop)
        if tries_of(hop) > tries_of(held):
            between[hop.client, hop.server] = hop
    chains = hop_graph(found).heaviest(lambda one, other: tries_of(between[one, other]))
    judged = [_judged(between, chain) for chain in chains.values() if len(chain) > 2]
    return _without_beginnings([one for one in judged if one.requests > most and _multiplies(one)])


def tries_of(hop: Hop) -> int:
    """How often the server of a hop may see one request, whichever route it takes."""
    return 1 if hop.route.tries is None else int(hop.route.tries.amount)


def _judged(between: Between, chain: tuple[Node, ...]) -> Repeated:
    steps = tuple(between[pair] for pair in pairwise(chain))
    requests = 1
    for hop in steps:
        requests *= tries_of(hop)
    return Repeated(steps, requests)


def _multiplies(one: Repeated) -> bool:
    """Whether the last hop takes part in it, and another one."""
    return tries_of(one.hops[-1]) > 1 and sum(tries_of(hop) > 1 for hop in one.hops) > 1


def _without_beginnings(found: list[Repeated]) -> tuple[Repeated, ...]:
    begun = {one.hops[:length] for one in found for length in range(1, len(one.hops))}
    return tuple(one for one in found if one.hops not in begun)
