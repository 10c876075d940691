"""Timeouts that end before what they wait for: the server is still waiting for a call of its own."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.journeys.hops import Hop, hops
from meshlint.journeys.settings import Setting
from meshlint.mesh import Mesh
from meshlint.mesh.graph.graph import Node
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Abandoned:
    """Two calls in a row: `patience` ends the first one before `wait` ends the second."""

    first: Hop
    second: Hop
    patience: Setting
    wait: Setting


def abandoned(mesh: Mesh) -> Iterator[Abandoned]:
    """The calls whose caller gives up, on every route, before the server gives up a call of its own.

    Both limits have to be in the files: a call without one says nothing of how long it is meant to take.
    """
    waiting: dict[Node, list[Hop]] = {}
    for hop in hops(mesh):
        if hop.route.wait is not None:
            waiting.setdefault(hop.client, []).append(hop)
    for first in hops(mesh):
        patience = first.route.patience
        for second in waiting.get(first.server, ()) if patience is not None else ():
            wait = second.route.wait
            is_other = second.server != first.client
            if patience is not None and wait is not None and is_other and patience.amount < wait.amount:
                yield Abandoned(first, second, patience, wait)
