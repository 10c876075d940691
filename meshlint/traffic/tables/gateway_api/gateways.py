"""The route tables of Gateways of the Gateway API, as Istio makes them.

Each listener becomes a Gateway of Istio with one server, and the routes that it takes become VirtualServices
with one host each, so that what holds there holds here: of the host patterns the most specific counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.matching import (
    gateway_hostnames,
    host_covers,
    host_intersection,
    host_specificity,
    hosts_overlap,
)
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.visibility import visibility
from meshlint.resources.age import are_known, created
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import CLOSED, Entry, Layer, RouteTable, merged
from meshlint.traffic.tables.gateway_api.routes import (
    LAYER_KINDS,
    listener_layer,
    ranked_table,
    rival_groups,
    routes_by_age,
)

_NOT_FOUND = 404
_EVERY_HOST = "*"
Group = tuple[str, list[AnyRoute]]
"""Routes of a listener that are merged, with the host that they are for."""


def kubernetes_gateway_table(
    mesh: Mesh, gateway: Gateway, host: str, port: int, *, server_name: str | None = None
) -> RouteTable | None:
    """What a Gateway does with traffic for `host` on a port; None if no listener takes it.

    Encrypted connections go to the listener with the most specific host name for the server name in
    `server_name`; plain requests to whichever route has the most specific host for a listener of theirs.
    """
    asked = host if server_name is None else server_name
    statuses = Statuses(mesh)
    here = _served(statuses, gateway, port)
    if server_name is None:
        plain = [one for one in here if listener_layer(one) is Layer.HTTP and not _encrypts(one)]
        if plain:
            return _requests(statuses, gateway, plain, host)
    serving = [one for one in here if _listens(one, asked) and _encrypts(one) == (server_name is not None)]
    if not serving:
        return None
    listener = min(serving, key=lambda one: host_specificity(str(one.hostname or _EVERY_HOST)))
    if listener_layer(listener) is Layer.HTTP:
        return _requests(statuses, gateway, [listener], host)
    return _connections(statuses, listener, asked)


def _served(statuses: Statuses, gateway: Gateway, port: int) -> list[Listener]:
    """The listeners that are opened on a port, those of ListenerSets among them."""
    status = statuses.gateway(gateway)
    found = [*status.listeners, *(one for each in status.sets for one in each.takers)]
    return [one.listener for one in found if one.is_served and one.port == port]


def _encrypts(listener: Listener) -> bool:
    return str(listener.protocol or "").upper() in ("HTTPS", "TLS")


def _listens(listener: Listener, host: str) -> bool:
    return listener.hostname is None or host_covers(listener.hostname, host)


def _requests(statuses: Statuses, gateway: Gateway, serving: Sequence[Listener], host: str) -> RouteTable:
    """What listeners that share a port do with requests for a host. A narrow listener without routes does not
    keep wider ones from it (istiod: buildGatewayHTTPRouteConfig).
    """
    found: dict[str, list[list[AnyRoute]]] = {}
    for listener in sorted(serving, key=lambda one: str(one.name or "")):
        for wanted, routes in _groups(statuses, gateway, listener):
            pattern = host_intersection(str(listener.hostname or _EVERY_HOST), wanted)
            if pattern is not None and host_covers(pattern, host):
                found.setdefault(pattern, []).append(routes)
    if not found:
        return RouteTable(str(serving[0].hostname or _EVERY_HOST), ())
    pattern = min(found, key=host_specificity)
    tables = [
        ranked_table(statuses.mesh, pattern, routes, Layer.HTTP, at_gateway=True) for routes in found[pattern]
    ]
    lists = merged(_unshadowed(one.entries) for one in tables)
    undecided = (*rival_groups(found[pattern]), *(text for one in tables for text in one.undecided))
    return RouteTable(pattern, lists, tuple(dict.fromkeys(undecided)), _NOT_FOUND, Layer.HTTP)


def _unshadowed(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries up to the first that takes everything."""
    wide = next((number for number, one in enumerate(entries) if one.condition.is_catch_all), len(entries))
    return tuple(entries[: wide + 1])


def _groups(statuses: Statuses, gateway: Gateway, listener: Listener) -> list[Group]:
    """The routes that a listener takes, merged by their hosts, in their order (istiod: mergeHTTPRoutes).

    A list is seen by the gateway if its first route is exported to it.
    """
    groups: dict[str, list[AnyRoute]] = {}
    for route in statuses.mesh.routes:
        if route.kind in LAYER_KINDS[Layer.HTTP] and _attaches(statuses, route, listener):
            for wanted in dict.fromkeys(name.lower() for name in route.hostnames or (_EVERY_HOST,)):
                if _is_left_to(gateway, listener, wanted):
                    groups.setdefault(wanted, []).append(route)
    firsts = {wanted: routes_by_age(routes) for wanted, routes in groups.items()}
    seen = {
        wanted: routes for wanted, routes in firsts.items() if _is_exported(statuses.mesh, routes[0], gateway)
    }
    known = are_known(routes[0].resource for routes in seen.values())
    return sorted(
        seen.items(), key=lambda one: ((created(one[1][0].resource) or "") if known else "", one[0])
    )


def _is_exported(mesh: Mesh, route: AnyRoute, gateway: Gateway) -> bool:
    """Whether the mesh's default for VirtualServices, which is that of routes too, lets a gateway see one."""
    default = mesh.settings.default_virtual_service_export_to
    return visibility((), default, route.namespace).includes(gateway.namespace)


def _is_left_to(gateway: Gateway, listener: Listener, wanted: str) -> bool:
    """Whether a route's host is not another listener's: one of the same port and protocol whose host name is
    longer and covers it (istiod: hostnameAllowedByIsolation).
    """
    own = str(listener.hostname or "").lower()
    if own and not own.startswith("*"):
        return True
    if own and not hosts_overlap(wanted, own):
        return False
    others = (
        str(one.hostname or "").lower()
        for one in gateway.listeners
        if one is not listener and (one.port, one.protocol) == (listener.port, listener.protocol)
    )
    return not any(len(own) <= len(one) and one and host_covers(one, wanted) for one in others)


def _attaches(statuses: Statuses, route: AnyRoute, listener: Listener) -> bool:
    """Whether a listener takes a route; labels of namespaces that no file shows are taken to be right."""
    for parent in route.parent_refs:
        status = statuses.at_parent(route, parent)
        if status is not None and status.taking is not None:
            taken = (*status.taking.takers, *status.taking.maybe)
            if any(one.listener is listener for one in taken):
                return True
    return False


def _connections(statuses: Statuses, listener: Listener, name: str) -> RouteTable:
    """What a listener does with connections of which it sees the server name at most; the first rule of the
    routes with the most specific host takes all of them.
    """
    layer = listener_layer(listener)
    names: dict[str, list[AnyRoute]] = {}
    for route in statuses.mesh.routes:
        if route.resource.group == GROUP and _attaches(statuses, route, listener):
            for wanted in gateway_hostnames(listener.hostname, route.hostnames):
                if host_covers(wanted, name):
                    names.setdefault(wanted, []).append(route)
    if not names:
        return RouteTable(str(listener.hostname or _EVERY_HOST), (), (), CLOSED, layer)
    pattern = min(names, key=host_specificity)
    return ranked_table(statuses.mesh, pattern, names[pattern], layer, at_gateway=True)
