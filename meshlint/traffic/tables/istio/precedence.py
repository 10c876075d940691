"""Which VirtualServices count for a host, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from itertools import pairwise

from meshlint.mesh import Mesh
from meshlint.resources.age import are_known, oldest_first
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.request import Client


class Rank(IntEnum):
    """How near a VirtualService is to a client's namespace (Istio: which VirtualService wins)."""

    PRIVATE = 0
    EXPORTED = 1
    PUBLIC = 2


def rank(mesh: Mesh, virtual_service: VirtualService, namespace: str) -> Rank | None:
    """The rank of a VirtualService for clients in a namespace; None if they do not see it."""
    visible = mesh.virtual_services.visibility(virtual_service)
    if not visible.includes(namespace):
        return None
    if visible.everywhere:
        return Rank.PUBLIC
    return Rank.PRIVATE if virtual_service.resource.namespace == namespace else Rank.EXPORTED


def ranked(mesh: Mesh, found: Iterable[VirtualService], client: Client) -> tuple[VirtualService, ...]:
    """Those that a client sees, the first one first. Age decides among equals; names stand in for it."""
    seen = [(rank(mesh, one, client.namespace), one) for one in oldest_first(found, lambda one: one.resource)]
    placed = [(place, one) for place, one in seen if place is not None]
    return tuple(one for _, one in sorted(placed, key=lambda pair: pair[0]))


def undecided_ages(mesh: Mesh, found: Iterable[VirtualService], client: Client) -> tuple[str, ...]:
    """What is left to the age of objects: a sentence for each pair of neighbours of one rank."""
    return tuple(
        f"whichever of {one.resource} and {other.resource} is older comes first"
        for one, other in pairwise(found)
        if rank(mesh, one, client.namespace) == rank(mesh, other, client.namespace)
        and one.resource.id != other.resource.id
        and not are_known((one.resource, other.resource))
    )
