"""The route tables that routes of the Gateway API make: of gateways, and of services in the mesh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from meshlint.documents import Field
from meshlint.matching import gateway_hostnames, host_covers, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.names import ServiceName
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.traffic.attachments import attach
from meshlint.traffic.backends import faulty_backends
from meshlint.traffic.entries import Action, Entry, Forward, Respond, RouteTable, Target
from meshlint.traffic.gateway_api_matches import Precedence, condition_of, precedence

_FAILS = 500
_FOUND = 302
Ranked = tuple[Precedence, str, str, int, Entry]


def service_table(mesh: Mesh, client_namespace: str, service: ServiceName, port: int) -> RouteTable | None:
    """What routes attached to a Service do with requests of clients in a namespace; None without any.

    Routes of the client's own namespace come before those of the service's, and others do not count. What no
    route takes is answered with 404: there is no way back to the service (Istio: GAMMA).
    """
    attached = [route for route in mesh.routes if _is_for(route, service, port)]
    own = [route for route in attached if route.namespace == client_namespace != service.namespace]
    chosen = own or [route for route in attached if route.namespace == service.namespace]
    if not chosen:
        return None
    return _table(mesh, service.host(mesh.settings.cluster_domain), chosen)


def kubernetes_gateway_table(mesh: Mesh, gateway: Gateway, host: str, port: int) -> RouteTable | None:
    """What a Gateway does with requests for `host` on a port; None if no listener takes the host.

    The listener with the most specific host name owns a request's host (Gateway API: listener isolation).
    """
    listeners = [one for one in gateway.listeners if one.port == port and _listens(one, host)]
    if not listeners:
        return None
    listener = min(listeners, key=lambda one: host_specificity(str(one.hostname or "*")))
    names: dict[str, list[AnyRoute]] = {}
    for route in mesh.routes:
        if _attaches(mesh, route, gateway, listener):
            for name in gateway_hostnames(listener.hostname, route.hostnames):
                if host_covers(name, host):
                    names.setdefault(name, []).append(route)
    if not names:
        return RouteTable(str(listener.hostname or "*"), ())
    pattern = min(names, key=host_specificity)
    return _table(mesh, pattern, names[pattern])


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


def _table(mesh: Mesh, host: str, routes: Iterable[AnyRoute]) -> RouteTable:
    faulty = frozenset(id(one.backend.field.value) for one in faulty_backends(mesh))
    ranked = sorted(
        (one for route in routes for one in _ranked(mesh, route, faulty)), key=lambda one: one[:4]
    )
    undecided = tuple(
        f"whichever of {one[4].owner} and {other[4].owner} is older comes first"
        for one, other in pairwise(ranked)
        if one[0] == other[0] and one[4].owner.id != other[4].owner.id
    )
    return RouteTable(host, tuple(one[4] for one in ranked), undecided)


def _ranked(mesh: Mesh, route: AnyRoute, faulty: frozenset[int]) -> Iterator[Ranked]:
    position = 0
    for rule in route.rules:
        action = action_of(mesh, rule, faulty)
        for match in rule.matches:
            entry = Entry(route.resource, rule.field, match.field, condition_of(match), action, rule)
            yield precedence(match), route.namespace, route.name, position, entry
            position += 1


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
