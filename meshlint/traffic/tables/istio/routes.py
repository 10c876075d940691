"""The routes of VirtualServices as entries of a route table, for one client and port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.resources.istio.destination import RouteDestination
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.traffic.conditions.condition import Condition, joined
from meshlint.traffic.conditions.istio import condition_of
from meshlint.traffic.destinations.shares import destination_split
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import Action, Entry, Forward, Respond, Target
from meshlint.traffic.tables.istio.delegation import delegated, delegates


def http_entries(mesh: Mesh, virtual_service: VirtualService, client: Client, port: int) -> tuple[Entry, ...]:
    """The entries that a VirtualService gives a client on a port, up to the first that takes everything."""
    found: list[Entry] = []
    for entry in _all_entries(mesh, virtual_service, client, port):
        found.append(entry)
        if entry.condition.is_catch_all:
            break
    return tuple(found)


def _all_entries(mesh: Mesh, root: VirtualService, client: Client, port: int) -> Iterator[Entry]:
    for route in root.http:
        if route.delegate is None:
            yield from _entries(mesh, root, route, client, port)
            continue
        for delegate in delegates(mesh, root, route):
            if _takes_over(mesh, root, delegate):
                yield from _delegated(mesh, root, route, delegate, client, port)


def _takes_over(mesh: Mesh, root: VirtualService, delegate: VirtualService) -> bool:
    visible = mesh.virtual_services.visibility(delegate).includes(root.resource.namespace)
    return visible and delegate.is_delegate and not root.is_delegate


def _entries(
    mesh: Mesh, owner: VirtualService, route: HttpRoute, client: Client, port: int
) -> Iterator[Entry]:
    action = action_of(mesh, owner, route)
    for match in route.match or (None,):
        if applies(match, owner.resource.namespace, client, port):
            place = None if match is None else match.field
            yield Entry(owner.resource, route.field, place, condition_of(match), action, route)


def _delegated(
    mesh: Mesh, root: VirtualService, route: HttpRoute, delegate: VirtualService, client: Client, port: int
) -> Iterator[Entry]:
    for part in delegated(route, delegate):
        if part.is_dropped or part.route.delegate is not None:
            continue
        action = action_of(mesh, delegate, part.route)
        for outer, inner in part.matches:
            both = applies(outer, root.resource.namespace, client, port) and applies(
                inner, root.resource.namespace, client, port
            )
            if both:
                yield Entry(
                    delegate.resource,
                    part.route.field,
                    None if inner is None else inner.field,
                    _joined(outer, inner),
                    action,
                    part.route,
                    None if outer is None else outer.field,
                    route,
                )


def _joined(outer: HttpMatch | None, inner: HttpMatch | None) -> Condition:
    if outer is None or inner is None:
        return condition_of(inner if outer is None else outer)
    return joined(condition_of(outer), condition_of(inner))


def applies(match: HttpMatch | L4Match | None, namespace: str, client: Client, port: int) -> bool:
    """Whether a match is for a client at all, before any request is looked at (Istio: match block).

    On an HTTP match with `gateways` the conditions on the source do not count.
    """
    if match is None:
        return True
    if match.port is not None and match.port != port:
        return False
    if match.gateways and not client_names(client) & {_full(name, namespace) for name in match.gateways}:
        return False
    if match.gateways and isinstance(match, HttpMatch):
        return True
    from_namespace = not match.source_namespace or match.source_namespace == client.namespace
    return from_namespace and match.source_labels.items() <= dict(client.labels).items()


def client_names(client: Client) -> frozenset[str]:
    """What a client is called in `gateways`."""
    return client.gateways or frozenset({MESH_GATEWAY})


def _full(reference: str, namespace: str) -> str:
    return reference if reference == MESH_GATEWAY else str(gateway_name(reference, namespace))


def is_bound(virtual_service: VirtualService, client: Client) -> bool:
    """Whether a VirtualService is for the client's kind of proxy at all."""
    namespace = virtual_service.resource.namespace
    bound = {_full(name, namespace) for name in virtual_service.gateways_or_mesh}
    return bool(bound & client_names(client))


def action_of(mesh: Mesh, owner: VirtualService, route: HttpRoute) -> Action:
    """What a route does with the requests it takes."""
    redirect, response = route.redirect, route.direct_response
    if redirect is not None:
        return Respond(redirect.field, redirect.redirect_code, "redirect")
    if response is not None:
        return Respond(response.field, response.status or 200, "direct response")
    return forward(mesh, owner, route.field / "route", route.route)


def forward(
    mesh: Mesh, owner: VirtualService, field: Field, destinations: Sequence[RouteDestination]
) -> Forward:
    """The destinations of a route with their parts; those of weight 0 beside others are left out."""
    split = next(destination_split(owner.resource, field, destinations), None)
    if split is None:
        return Forward(())
    pairs = zip(destinations, split.shares, strict=True)
    return Forward(
        tuple(
            Target(
                entry.field,
                mesh.hosts.expand(entry.destination.host or "", owner.resource.namespace),
                split.part(share),
                entry.destination.port,
                entry.destination.subset,
            )
            for entry, share in pairs
            if split.part(share) > 0
        )
    )
