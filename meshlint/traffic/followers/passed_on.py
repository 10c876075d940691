"""Routes to hosts that nothing resolves: who of their followers does not get there."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import hosts_overlap
from meshlint.mesh import Found, Mesh
from meshlint.mesh.hosts.protocols import host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.istio.virtual_service import MESH_GATEWAY
from meshlint.traffic.conditions.scopes import Scope, scope_of
from meshlint.traffic.destinations.passed_on import is_called_nowhere, target_port
from meshlint.traffic.destinations.routed import RoutedTo, destinations
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class PassedOn:
    """A destination whose host `entry` defines without resolving it.

    `gateways` are those that send there, which reach nobody. `elsewhere` are hosts of the route that are
    other ones, and `called` the ports that sidecars are called at and the route wants to leave.
    """

    routed: RoutedTo
    entry: ServiceEntry
    gateways: tuple[str, ...]
    elsewhere: tuple[str, ...]
    called: tuple[int, ...]


def passed_on(mesh: Mesh) -> Iterator[PassedOn]:
    """Every destination of a route that is such a host, with what does not get there; mirrors left out."""
    for routed in destinations(mesh) if mesh.service_entries else ():
        if routed.is_mirror or routed.virtual_service.is_delegate:
            continue
        found = mesh.hosts.resolve(str(routed.destination.host), routed.virtual_service.resource.namespace)
        if isinstance(found, Found) and is_called_nowhere(found.target):
            yield _astray(mesh, routed, found.target)


def _astray(mesh: Mesh, routed: RoutedTo, known: Host) -> PassedOn:
    gateways = routed.virtual_service.gateways_or_mesh
    scopes = [scope_of(match, gateways) for match in routed.matches] or [scope_of(None, gateways)]
    bound = dict.fromkeys(one for scope in scopes for one in sorted(scope.gateways) if one != MESH_GATEWAY)
    sidecars = [scope for scope in scopes if MESH_GATEWAY in scope.gateways]
    named = mesh.virtual_services.hosts(routed.virtual_service) if sidecars else ()
    elsewhere = tuple(host for host in named if not hosts_overlap(host, known.pattern))
    called = () if elsewhere else _left_ports(routed, known, sidecars)
    return PassedOn(routed, known.entries[0], tuple(bound), elsewhere, called)


def _left_ports(routed: RoutedTo, known: Host, scopes: list[Scope]) -> tuple[int, ...]:
    """The ports of the host that sidecars are called at, where the route names another one in vain."""
    port = routed.destination.port
    if port is None or target_port(known, port):
        return ()
    listened = {one.number for one in host_ports(known) if one.protocol.may_be_http is routed.is_http}
    called = {number for scope in scopes for number in ({scope.port} if scope.port else listened)}
    return tuple(sorted(called - {port}))
