"""The matches of a VirtualService one by one: for whom each is, and which requests it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.parts import by_name
from meshlint.mesh.remembered import remembered
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.parts import StringMatch
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.istio import EVERYTHING, condition_of, connection_condition
from meshlint.traffic.conditions.scopes import Scope, scope_of
from meshlint.values import evolve, frozen


@frozen(eq=False, repr=False)
class Line:
    """One match of a route (the route itself where it has none): for whom it is and what it takes."""

    position: int
    route: Field
    match: Field | None
    scope: Scope
    condition: Condition
    key: str | None
    """The literal text that every path it takes begins with; None where that is not plain."""

    @property
    def at(self) -> Field:
        """The match, or the route where there is none."""
        return self.match if self.match is not None else self.route


def sections(virtual_service: VirtualService) -> tuple[list[Line], ...]:
    """The lines of the http, tls and tcp sections."""
    gateways = _full_names(virtual_service, virtual_service.gateways_or_mesh)
    http = [
        _http_line(position, route.field, match, virtual_service, gateways)
        for position, route in enumerate(virtual_service.http)
        for match in route.match or (None,)
    ]
    return (
        http,
        list(_connection_lines(virtual_service, gateways, "tls")),
        list(_connection_lines(virtual_service, gateways, "tcp")),
    )


def lines_of_hosts(mesh: Mesh, virtual_service: VirtualService) -> tuple[tuple[VirtualService, Line], ...]:
    """The lines for requests of a VirtualService and of all others that share a host with it."""
    places = {
        place
        for host in mesh.virtual_services.hosts(virtual_service)
        for place in _of_host(mesh).get(host, ())
    }
    sharing = [mesh.virtual_services.all[place] for place in sorted(places)]
    return tuple((one, line) for one in sharing for line in sections(one)[0])


@remembered
def _of_host(mesh: Mesh) -> Mapping[str, tuple[int, ...]]:
    """The places of the VirtualServices that are for a host in the order of all."""
    every = enumerate(mesh.virtual_services)
    return by_name((host, place) for place, one in every for host in mesh.virtual_services.hosts(one))


def _http_line(
    position: int,
    route: Field,
    match: HttpMatch | None,
    virtual_service: VirtualService,
    gateways: frozenset[str],
) -> Line:
    scope = _scope(match, virtual_service, gateways)
    if match is None:
        return Line(position, route, None, scope, EVERYTHING, "")
    return Line(position, route, match.field, scope, condition_of(match), _key(match))


def _key(match: HttpMatch) -> str | None:
    test: StringMatch | None = match.uri
    if test is None or test.kind == "present":
        return ""
    return None if test.kind == "regex" or match.ignore_uri_case else str(test.value)


def _connection_lines(
    virtual_service: VirtualService, gateways: frozenset[str], section: str
) -> Iterator[Line]:
    for position, route in enumerate(virtual_service.tls if section == "tls" else virtual_service.tcp):
        for match in route.match or (None,):
            place = None if match is None else match.field
            scope = _scope(match, virtual_service, gateways)
            yield Line(position, route.field, place, scope, _connection(match), "")


def _connection(match: L4Match | None) -> Condition:
    return EVERYTHING if match is None else connection_condition(match, match.sni_hosts)


def _scope(
    match: HttpMatch | L4Match | None, virtual_service: VirtualService, gateways: frozenset[str]
) -> Scope:
    if match is None and gateways is _SIDECARS.gateways:
        return _SIDECARS
    scope = scope_of(match, gateways)
    return evolve(scope, gateways=_full_names(virtual_service, scope.gateways))


_SIDECARS = scope_of(None, (MESH_GATEWAY,))
"""The scope of most routes."""


def _full_names(virtual_service: VirtualService, names: Collection[str]) -> frozenset[str]:
    if [*names] == [MESH_GATEWAY]:
        return _SIDECARS.gateways
    namespace = virtual_service.resource.namespace
    return frozenset(name if name == MESH_GATEWAY else str(gateway_name(name, namespace)) for name in names)
