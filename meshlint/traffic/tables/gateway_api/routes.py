"""The route tables that routes of the Gateway API make: of gateways, and of services in the mesh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from meshlint.documents import Field
from meshlint.matching import StringSet, gateway_hostnames, host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.gateway_api import Precedence, condition_of, precedence
from meshlint.traffic.tables.entries import CLOSED, Action, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.traffic.tables.gateway_api.attachments import attach
from meshlint.traffic.tables.gateway_api.backends import faulty_backends

_FAILS = 500
_FOUND = 302
_NOT_FOUND = 404
LAYER_KINDS = {
    Layer.HTTP: frozenset({"HTTPRoute", "GRPCRoute"}),
    Layer.TLS: frozenset({"TLSRoute"}),
    Layer.TCP: frozenset({"TCPRoute"}),
}
"""The kinds of routes of each layer."""
Ranked = tuple[Precedence, str, str, int, Entry]


def service_table(
    mesh: Mesh, client_namespace: str, service: ServiceName, port: int, layer: Layer = Layer.HTTP
) -> RouteTable | None:
    """What routes attached to a Service do with traffic of clients in a namespace; None without any.

    Routes of the client's own namespace come before those of the service's, and others do not count. Only the
    kinds that go with the layer of the port do. What no route takes is answered with 404: there is no way
    back to the service (Istio: GAMMA).
    """
    kinds = LAYER_KINDS[layer]
    attached = [
        route
        for route in mesh.routes
        if route.kind in kinds and route.resource.group == GROUP and _is_for(route, service, port)
    ]
    own = [route for route in attached if route.namespace == client_namespace != service.namespace]
    chosen = own or [route for route in attached if route.namespace == service.namespace]
    if not chosen:
        return None
    return _table(mesh, service.host(mesh.settings.cluster_domain), chosen, layer)


def kubernetes_gateway_table(
    mesh: Mesh, gateway: Gateway, host: str, port: int, *, server_name: str | None = None
) -> RouteTable | None:
    """What a Gateway does with traffic for `host` on a port; None if no listener takes it.

    The listener with the most specific host name owns a request's host, and of encrypted connections the
    server name that stands in `server_name` (Gateway API: listener isolation). Of connections the first rule
    takes all.
    """
    asked = host if server_name is None else server_name
    listeners = [one for one in gateway.listeners if one.port == port and _listens(one, asked)]
    if not listeners:
        return None
    listener = min(listeners, key=lambda one: host_specificity(str(one.hostname or "*")))
    layer = listener_layer(listener)
    host = host if layer is Layer.HTTP else asked
    names: dict[str, list[AnyRoute]] = {}
    for route in mesh.routes:
        if route.resource.group == GROUP and _attaches(mesh, route, gateway, listener):
            for name in gateway_hostnames(listener.hostname, route.hostnames):
                if host_covers(name, host):
                    names.setdefault(name, []).append(route)
    if not names:
        unmatched = _NOT_FOUND if layer is Layer.HTTP else CLOSED
        return RouteTable(str(listener.hostname or "*"), (), (), unmatched, layer)
    pattern = min(names, key=host_specificity)
    return _table(mesh, pattern, names[pattern], layer)


def listener_layer(listener: Listener) -> Layer:
    """What a listener sees: requests, the server names of TLS that passes through, or bytes."""
    protocol = str(listener.protocol or "").upper()
    if protocol in ("HTTP", "HTTPS"):
        return Layer.HTTP
    passes = listener.tls is not None and listener.tls.mode == "Passthrough"
    return Layer.TLS if protocol == "TLS" and passes else Layer.TCP


def _is_for(route: AnyRoute, service: ServiceName, port: int) -> bool:
    return any(
        parent.kind == "Service"
        and parent.group in ("", "core")
        and (parent.namespace, parent.name) == (service.namespace, service.name)
        and parent.port in (None, port)
        for parent in route.parent_refs
    )


def _attaches(mesh: Mesh, route: AnyRoute, gateway: Gateway, listener: Listener) -> bool:
    return any(
        parent.kind == "Gateway"
        and (parent.namespace, parent.name) == (gateway.namespace, gateway.name)
        and listener in attach(mesh, route, parent, gateway).listeners
        for parent in route.parent_refs
    )


def _listens(listener: Listener, host: str) -> bool:
    return listener.hostname is None or host_covers(listener.hostname, host)


def _table(mesh: Mesh, host: str, routes: Iterable[AnyRoute], layer: Layer) -> RouteTable:
    faulty = frozenset(id(one.backend.field.value) for one in faulty_backends(mesh))
    ranked = sorted(
        (one for route in routes for one in _ranked(mesh, route, faulty)), key=lambda one: one[:4]
    )
    undecided = tuple(
        f"whichever of {one[4].owner} and {other[4].owner} is older comes first"
        for one, other in pairwise(ranked)
        if one[0] == other[0] and one[4].owner.id != other[4].owner.id
    )
    unmatched = _NOT_FOUND if layer is Layer.HTTP else CLOSED
    return RouteTable(host, tuple(one[4] for one in ranked), undecided, unmatched, layer)


def _ranked(mesh: Mesh, route: AnyRoute, faulty: frozenset[int]) -> Iterator[Ranked]:
    position = 0
    for rule in route.rules:
        action = action_of(mesh, rule, faulty)
        for rank, match, condition in conditions(route, rule):
            entry = Entry(route.resource, rule.field, match, condition, action, rule)
            yield rank, route.namespace, route.name, position, entry
            position += 1


def conditions(route: AnyRoute, rule: RouteRule[Any]) -> Iterator[tuple[Precedence, Field, Condition]]:
    """What a rule takes, with its rank: its matches, or the host names of a TLSRoute as server names."""
    if route.kind == "TLSRoute" and route.hostnames:
        for host in dict.fromkeys(name.lower() for name in route.hostnames):
            wild, length = host_specificity(host)
            names = StringSet.suffix(host[1:]) if wild else StringSet.exact(host)
            yield (int(wild), length, True, 0, 0), rule.field, Condition(server_name=names)
        return
    for match in rule.matches:
        yield precedence(match), match.field, condition_of(match)


def action_of(mesh: Mesh, rule: RouteRule[Any], faulty: frozenset[int]) -> Action:
    """What a rule does: backends share its requests by weight, and invalid ones answer with status 500."""
    redirects = (one.field / "requestRedirect" for one in rule.filters if one.type == "RequestRedirect")
    redirect = next(redirects, None)
    if redirect is not None:
        return Respond(redirect, redirect.integer("statusCode") or _FOUND, "redirect")
    weights = [(backend, backend.weight) for backend in rule.backend_refs if backend.weight > 0]
    total, domain = sum(weight for _, weight in weights), mesh.settings.cluster_domain
    if not total:
        return Respond(_place(rule), _FAILS, "no backend has a weight above 0")
    return Forward(
        tuple(
            Target(
                backend.field,
                ServiceName(str(backend.namespace), str(backend.name)).host(domain),
                Fraction(weight, total),
                backend.port,
                status=_FAILS if id(backend.field.value) in faulty else None,
            )
            for backend, weight in weights
        )
    )


def _place(rule: RouteRule[Any]) -> Field:
    return rule.field / "backendRefs"
