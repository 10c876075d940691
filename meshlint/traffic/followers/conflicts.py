"""VirtualServices that claim the same host, of which sidecars follow only one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import expand
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.namespaces.visibility import Visibility
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.scopes import scopes_overlap
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class HostConflict:
    """Two VirtualServices for one host that compete for the same clients: the older one takes all.

    `namespaces` are the clients' namespaces, None for all.
    """

    virtual_service: VirtualService
    host: Text
    other: VirtualService
    namespaces: tuple[str, ...] | None


def mesh_conflicts(mesh: Mesh) -> Iterator[HostConflict]:
    """Every pair of VirtualServices of which some sidecars ignore one, told from both sides."""
    claims: dict[str, list[tuple[VirtualService, Text]]] = {}
    for virtual_service in filter(is_for_mesh, mesh.virtual_services):
        for host in virtual_service.hosts:
            full = expand(host, virtual_service.resource.namespace, mesh.settings.cluster_domain)
            claims.setdefault(full, []).append((virtual_service, host))
    for every in claims.values():
        claimants = (
            every if len(every) == 1 else [one for one in every if not _has_alternatives(mesh, one[0])]
        )
        for (one, host), (other, other_host) in combinations(claimants, 2):
            shared = _compete(mesh, one, other)
            if shared is not None:
                yield HostConflict(one, host, other, shared or None)
                yield HostConflict(other, other_host, one, shared or None)


def _compete(mesh: Mesh, one: VirtualService, other: VirtualService) -> tuple[str, ...] | None:
    """The namespaces whose clients see both with equal rank; empty for all of them, None for no one.

    What is exported to its own namespace alone comes before what is exported by name, and that before what
    everyone sees; only among equals the age decides (Istio: which VirtualService wins).
    """
    if not scopes_overlap(one, other) or not belong_together(one.resource, other.resource):
        return None
    first, second = mesh.virtual_services.visibility(one), mesh.virtual_services.visibility(other)
    if first.everywhere or second.everywhere:
        return () if first.everywhere and second.everywhere else None
    shared = first.namespaces & second.namespaces
    alike = {
        client for client in shared if _is_private(first, one, client) == _is_private(second, other, client)
    }
    return tuple(sorted(alike)) or None


def _has_alternatives(mesh: Mesh, one: VirtualService) -> bool:
    """Whether the files hold several versions of it, so that they are not meant to be applied together."""
    return len(mesh.virtual_services.named(one.resource.namespace, one.resource.name)) > 1


def _is_private(visibility: Visibility, virtual_service: VirtualService, client: str) -> bool:
    """Whether the client's namespace is the VirtualService's own, which it is exported to."""
    return virtual_service.resource.namespace == client and client in visibility.namespaces
