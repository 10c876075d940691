"""The route tables that routes of the Gateway API make: of gateways, and of services in the mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from meshlint.documents import Field, Place
from meshlint.matching import StringSet, host_specificity
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.namespaces.visibility import visibility
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources.age import are_known, created, oldest_first
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.reference import GROUP, BackendRef, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.gateway_api import (
    Match,
    Precedence,
    condition_of,
    istio_precedence,
    precedence,
)
from meshlint.traffic.status.backends import BackendFault, faulty_backends
from meshlint.traffic.status.conditions import Objection
from meshlint.traffic.status.statuses import statuses_of
from meshlint.traffic.tables.entries import CLOSED, Action, Entry, Forward, Layer, Respond, RouteTable, Target
from meshlint.values import evolve, frozen

_ISTIO = "networking.istio.io"
_FAILS = 500
_FOUND = 302
_NOT_FOUND = 404
LAYER_KINDS = {
    Layer.HTTP: frozenset({"HTTPRoute", "GRPCRoute"}),
    Layer.TLS: frozenset({"TLSRoute"}),
    Layer.TCP: frozenset({"TCPRoute"}),
}
"""The kinds of routes of each layer."""
Ranked = tuple[Precedence, Entry]


def service_table(
    mesh: Mesh, client_namespace: str, service: ServiceName, port: int, layer: Layer = Layer.HTTP
) -> AttachedTable | None:
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
        if is_exported(mesh, route, client_namespace) and refusal(mesh, route, False) is None
    ]
    own = [route for route in attached if route.namespace == client_namespace != service.namespace]
    chosen = own or [route for route in attached if route.namespace == service.namespace]
    groups = _by_port(chosen, service, port)
    if not groups:
        return None
    host = service.host(mesh.settings.cluster_domain)
    table = ranked_table(mesh, host, groups[0], layer)
    rivals = () if len(groups) < 2 else rival_groups(groups)
    first = groups[0][0]
    ports = {parent.port for parent in _parents(first, service, port)}
    key = f"{first.namespace}/{port}/{host}" if None not in ports else f"{first.namespace}/{host}"
    return AttachedTable(
        evolve(table, undecided=(*table.undecided, *rivals)), first, config_name(groups[0], key)
    )


@frozen(eq=False, repr=False)
class AttachedTable:
    """What routes of a Service do, with the first of them and what they are called together."""

    table: RouteTable
    first: AnyRoute
    name: str


def is_exported(mesh: Mesh, route: AnyRoute, namespace: str) -> bool:
    """Whether proxies in a namespace see a route, for which the mesh's default for VirtualServices holds."""
    default = mesh.settings.default_virtual_service_export_to
    return visibility((), default, route.namespace).includes(namespace)


@remembered
def refusal(mesh: Mesh, route: AnyRoute, at_gateway: bool) -> Objection | None:
    """Why Istio reads none of the rules of a route, such as a filter that it does not know."""
    return statuses_of(mesh).references.refusal(route, through_gateway=at_gateway)


def _by_port(routes: Iterable[AnyRoute], service: ServiceName, port: int) -> list[list[AnyRoute]]:
    """The routes that name the port and those that name none, of which only the first ones count: two lists
    for one host are not merged (istiod: route keys of the mesh).
    """
    groups: dict[bool, list[AnyRoute]] = {}
    for route in routes:
        for named in {parent.port is not None for parent in _parents(route, service, port)}:
            groups.setdefault(named, []).append(route)
    ordered = [routes_by_age(groups[named]) for named in sorted(groups, reverse=True)]
    first = oldest_first((group[0] for group in ordered), lambda one: one.resource)
    return ordered if not ordered or first[0] is ordered[0][0] else ordered[::-1]


def config_name(routes: Sequence[AnyRoute], key: str) -> str:
    """What the VirtualService that routes come down to is called, by which those of one age are sorted: after
    the route, or after the key of several that are merged (istiod: mergeHTTPRoutes).
    """
    return f"{routes[0].name}-0" if len(routes) == 1 else key.replace("/", "~")


def routes_by_age(routes: Iterable[AnyRoute]) -> list[AnyRoute]:
    """Routes in the order in which Istio merges them: by age, then by namespace and name."""
    found = list(routes)
    known = are_known(one.resource for one in found)
    return sorted(
        found, key=lambda one: ((created(one.resource) or "") if known else "", one.namespace, one.name)
    )


def rival_groups(groups: Iterable[Sequence[AnyRoute]]) -> tuple[str, ...]:
    """What is left to the age of the first routes of lists that are not merged."""
    return tuple(
        f"whichever of {one[0].resource} and {other[0].resource} is older comes first"
        for one, other in pairwise(groups)
        if one[0].resource.id != other[0].resource.id and not are_known((one[0].resource, other[0].resource))
    )


def listener_layer(listener: Listener) -> Layer:
    """What a listener sees: requests, the server names of TLS that passes through, or bytes."""
    protocol = str(listener.protocol or "").upper()
    if protocol in ("HTTP", "HTTPS"):
        return Layer.HTTP
    passes = listener.tls is not None and listener.tls.mode == "Passthrough"
    return Layer.TLS if protocol == "TLS" and passes else Layer.TCP


def _is_for(route: AnyRoute, service: ServiceName, port: int) -> bool:
    return any(True for _ in _parents(route, service, port))


def _parents(route: AnyRoute, service: ServiceName, port: int) -> Iterator[ParentRef]:
    """The references of a route to a port of a Service, of which the group is empty (istiod: toRouteKind)."""
    for parent in route.parent_refs:
        same = (parent.namespace, parent.name) == (service.namespace, service.name)
        if parent.is_a("", "Service") and same and parent.port in (None, port):
            yield parent


def ranked_table(
    mesh: Mesh, host: str, routes: Iterable[AnyRoute], layer: Layer, *, at_gateway: bool = False
) -> RouteTable:
    """The rules of routes that are merged, the most specific first and among equals the oldest.

    Grants are asked for at gateways only (Istio: ReferenceGrant and GAMMA).
    """
    ranked = ranked_entries(mesh, routes, at_gateway=at_gateway)
    undecided = tuple(
        f"whichever of {one.owner} and {other.owner} is older comes first"
        for (rank, one), (other_rank, other) in pairwise(ranked)
        if rank == other_rank and one.owner.id != other.owner.id and not are_known((one.owner, other.owner))
    )
    unmatched = _NOT_FOUND if layer is Layer.HTTP else CLOSED
    return RouteTable(host, tuple(one for _, one in ranked), undecided, unmatched, layer)


def ranked_entries(mesh: Mesh, routes: Iterable[AnyRoute], *, at_gateway: bool) -> list[Ranked]:
    """The rules of routes that are merged, each with its rank, in the order in which they are tried."""
    found = (one for route in routes_by_age(routes) for one in _ranked(mesh, route, at_gateway))
    return sorted(found, key=lambda one: one[0])


@remembered
def _faulty(mesh: Mesh, at_gateway: bool) -> frozenset[Place]:
    """The backends that cannot be used, by their places."""
    return frozenset(
        one.backend.field.place
        for one in faulty_backends(mesh)
        if at_gateway or one.fault is not BackendFault.NOT_GRANTED
    )


@remembered
def _ranked(mesh: Mesh, route: AnyRoute, at_gateway: bool) -> tuple[Ranked, ...]:
    """The rules of one route: the same in every list that it is merged into."""
    faulty = _faulty(mesh, at_gateway)
    acting = ((rule, action_of(mesh, rule, faulty)) for rule in route.rules)
    return tuple(
        (rank, Entry(route.resource, rule.field, match, condition, action, rule))
        for rule, action in acting
        for rank, match, condition in _matched(mesh, route, rule)
    )


@kept
def _matched(
    _: Mesh, route: AnyRoute, rule: RouteRule[Any]
) -> tuple[tuple[Precedence, Field, Condition], ...]:
    """What a rule takes, with its rank at Istio."""
    return tuple(conditions(route, rule, istio_precedence))


def conditions(
    route: AnyRoute, rule: RouteRule[Any], rank: Callable[[Match], Precedence] = precedence
) -> Iterator[tuple[Precedence, Field, Condition]]:
    """What a rule takes, with its rank: its matches, or the host names of a TLSRoute as server names."""
    if route.kind == "TLSRoute" and route.hostnames:
        for host in dict.fromkeys(name.lower() for name in route.hostnames):
            wild, length = host_specificity(host)
            names = StringSet.suffix(host[1:]) if wild else StringSet.exact(host)
            yield (int(wild), length, True, 0, 0), rule.field, Condition(server_name=names)
        return
    for match in rule.matches:
        yield rank(match), match.field, condition_of(match)


def action_of(mesh: Mesh, rule: RouteRule[Any], faulty: frozenset[Place]) -> Action:
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
                backend_host(backend, domain),
                Fraction(weight, total),
                backend.port,
                status=None if is_usable(backend) and backend.field.place not in faulty else _FAILS,
            )
            for backend, weight in weights
        ),
        lost=_FAILS,
    )


def backend_host(backend: BackendRef, domain: str) -> str:
    """The host of a backend: a Service by its name, or a host that is named in full (Istio: Hostname)."""
    if backend.is_a(_ISTIO, "Hostname"):
        return str(backend.name or "").lower()
    return ServiceName(str(backend.namespace), str(backend.name)).host(domain)


def is_usable(backend: BackendRef) -> bool:
    """Whether a backend is of a kind that routes can send to."""
    return backend.is_a("", "Service") or backend.is_a(_ISTIO, "Hostname")


def _place(rule: RouteRule[Any]) -> Field:
    return rule.field / "backendRefs"
