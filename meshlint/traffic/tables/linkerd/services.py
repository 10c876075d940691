"""The route table that Linkerd's proxy has for a service and port."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.service import Service
from meshlint.security.linkerd.opaque_ports import service_list
from meshlint.security.linkerd.ports import port_list
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.gateway_api import Precedence
from meshlint.traffic.tables.entries import CLOSED, Action, Entry, Forward, Layer, RouteTable, Target
from meshlint.traffic.tables.gateway_api.backends import faulty_backends
from meshlint.traffic.tables.gateway_api.routes import LAYER_KINDS, action_of, conditions

UNSUPPORTED = frozenset({"RequestMirror", "URLRewrite", "ExtensionRef", "CORS"})
"""Filters that make Linkerd ignore a whole route (Linkerd: outbound routes)."""

KINDS = ("GRPCRoute", "HTTPRoute", "TLSRoute", "TCPRoute")
"""The kinds of routes in the order in which Linkerd looks for one where it finds out the protocol."""

_FORBIDDEN = 403
_NOT_FOUND = 404


def linkerd_table(mesh: Mesh, client_namespace: str, service: ServiceName, port: int) -> RouteTable | None:
    """What a client's proxy does with requests for a service; None if the service is not in view.

    A port that the service does not have is forbidden. A ServiceProfile takes the place of all routes. Routes
    of the service's namespace are for every client, those of another one for its own clients only; without
    any, requests go to the service itself, and with some, what none takes gets 404 (Linkerd: outbound).
    """
    found = mesh.services.get(service)
    if found is None:
        return None
    host = service.host(mesh.settings.cluster_domain)
    if all(one.port != port for one in found.ports):
        return RouteTable(host, (), unmatched=_FORBIDDEN)
    profiled = _has_profile(mesh, client_namespace, service)
    routes = [] if profiled else _routes(mesh, client_namespace, found, port)
    if not routes:
        return RouteTable(host, (_itself(found, host, port),))
    return _table(mesh, routes, found, host, port)


@frozen(eq=False, repr=False)
class RankedEntries:
    """Entries in the order in which they are tried, and what decides where files do not tell."""

    entries: tuple[Entry, ...]
    undecided: tuple[str, ...]


def ranked_entries(
    routes: Iterable[AnyRoute], actions: Callable[[AnyRoute], Iterable[Action]]
) -> RankedEntries:
    """The rules of routes, each with its action, the most specific first and among equals the oldest."""
    ranked: list[tuple[Precedence, str, int, Entry]] = []
    for route in routes:
        for rule, action in zip(route.rules, actions(route), strict=True):
            for rank, match, condition in conditions(route, rule):
                entry = Entry(route.resource, rule.field, match, condition, action, rule)
                ranked.append((rank, route.name, len(ranked), entry))
    ranked.sort(key=lambda one: one[:3])
    undecided = tuple(
        f"whichever of {one[3].owner} and {other[3].owner} is older comes first"
        for one, other in pairwise(ranked)
        if one[0] == other[0] and one[3].owner.id != other[3].owner.id
    )
    return RankedEntries(tuple(one[3] for one in ranked), undecided)


def _table(mesh: Mesh, routes: list[AnyRoute], service: Service, host: str, port: int) -> RouteTable:
    faulty = frozenset(id(one.backend.field.value) for one in faulty_backends(mesh))

    def actions(route: AnyRoute) -> Iterator[Action]:
        for number in range(len(route.rules)):
            yield _action(mesh, route, number, faulty, service, host, port)

    ranked = ranked_entries(routes, actions)
    layer = next(layer for layer, kinds in LAYER_KINDS.items() if routes[0].kind in kinds)
    unmatched = _NOT_FOUND if layer is Layer.HTTP else CLOSED
    return RouteTable(host, ranked.entries, ranked.undecided, unmatched, layer)


def _routes(mesh: Mesh, client_namespace: str, service: Service, port: int) -> list[AnyRoute]:
    """The routes of the one kind that counts for the port's protocol."""
    attached = [
        route
        for route in mesh.routes
        if route.namespace in (service.namespace, client_namespace)
        and _is_for(route, service, port)
        and is_read(route)
    ]
    for kind in kinds_for(mesh, service, port):
        found = [route for route in attached if route.kind == kind]
        if found:
            return found[:1] if kind == "TCPRoute" else found
    return []


def is_read(route: AnyRoute) -> bool:
    """Whether Linkerd takes notice of a route: a filter that it does not know has it left out."""
    return not any(str(one.type) in UNSUPPORTED for rule in route.rules for one in rule.filters)


def kinds_for(mesh: Mesh, service: Service, number: int) -> tuple[str, ...]:
    """The kinds of routes that a port's protocol admits, the first one with any route counts.

    `http` is HTTP/1 alone, `kubernetes.io/h2c` HTTP/2, and every other appProtocol opaque; without one the
    list of opaque ports decides, and all else is detected (Linkerd: protocol of a Service port).
    """
    port = service.port(number)
    protocol = (port.app_protocol or "").lower() if port is not None else ""
    if protocol == "http":
        return ("HTTPRoute",)
    if protocol == "kubernetes.io/h2c":
        return ("GRPCRoute", "HTTPRoute")
    if protocol or _is_opaque(mesh, service, number):
        return ("TCPRoute",)
    return KINDS


def _is_opaque(mesh: Mesh, service: Service, number: int) -> bool:
    """Whether a list of opaque ports holds the port: the Service's, else its namespace's, else the mesh's."""
    listed = service_list(mesh, service)
    text = mesh.settings.linkerd.opaque_ports if listed is None else listed
    return port_list(text).ports.admits(number)


def _is_for(route: AnyRoute, service: Service, port: int) -> bool:
    return any(
        parent.kind == "Service"
        and parent.group in ("", "core")
        and (parent.namespace, parent.name) == (service.namespace, service.name)
        and parent.port in (None, port)
        for parent in route.parent_refs
    )


def _has_profile(mesh: Mesh, client_namespace: str, service: ServiceName) -> bool:
    name = service.host(mesh.settings.cluster_domain)
    places = (client_namespace, service.namespace)
    profiles = mesh.resources.of("linkerd.io", "ServiceProfile")
    return any(one.name == name and one.namespace in places for one in profiles)


def _action(
    mesh: Mesh, route: AnyRoute, number: int, faulty: frozenset[int], service: Service, host: str, port: int
) -> Action:
    """What a rule does; one without backends sends to the parent itself."""
    rule = route.rules[number]
    answers = any(one.type == "RequestRedirect" for one in rule.filters)
    if not rule.backend_refs and not answers:
        return _itself(service, host, port).action
    return action_of(mesh, rule, faulty)


def _itself(service: Service, host: str, port: int) -> Entry:
    target = Target(service.resource.spec, host, Fraction(1), port)
    whole = Condition(is_catch_all=True)
    return Entry(service.resource, service.resource.spec, None, whole, Forward((target,)))


def forbidden(table: RouteTable) -> bool:
    """Whether the port itself is refused."""
    return table.unmatched == _FORBIDDEN and not table.entries
