"""Routes at Linkerd's Servers that do not count, or that nobody may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.authz.linkerd.grant_places import grant_places
from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.policies.linkerd_routes import names_server, refused
from meshlint.resources import Resource
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.authorization.clients import Clients
from meshlint.security.linkerd.authorization.governing import accepted_routes
from meshlint.security.linkerd.authorization.grants import policy_clients, route_grants, server_grants
from meshlint.security.linkerd.authorization.protocols import Protocol, server_protocol

Parameters = Mapping[str, Any]


def route_policy_moot(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy for a route whose Server lets in the same clients anyway."""
    for policy, server in _for_routes(world.mesh):
        grants = server_grants(world.mesh, server)
        mine = policy_clients(world.mesh, policy)
        whole = Clients.union_of(one.clients for one in grants if one.clients is not None)
        if mine is not None and not mine.is_empty() and mine.is_subset(whole) is True:
            yield Hit(
                policy.target_ref.field / "name",
                f"{policy} admits only clients that {server} admits everywhere, so it restricts nobody",
                resource=policy.resource,
                hint="Grants of a Server count for all of its routes. Grant by route to tell them apart.",
                related=grant_places(grants),
            )


def route_granted_to_nobody(world: World, _: Parameters) -> Iterator[Hit]:
    """A route that nobody may use, at a Server where others are open."""
    mesh = world.mesh
    for server in mesh.linkerd.servers:
        routes = accepted_routes(mesh, server)
        if server_grants(mesh, server) or not any(route_grants(mesh, one) for one in routes):
            continue
        for route in routes:
            if not mesh.linkerd.policies_for_route(route):
                yield Hit(
                    route.field / "metadata" / "name",
                    f"{route} is opened by no policy, so every request that it takes is refused",
                    resource=route.resource,
                    hint="Add an AuthorizationPolicy for it, or for its Server.",
                    related=(Related(server.field / "metadata" / "name", f"{server} has other routes open"),),
                )


def route_gap(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server whose routes do not take every request."""
    for server in world.mesh.linkerd.servers:
        routes = accepted_routes(world.mesh, server)
        whole = any(
            match.is_catch_all and not route.hostnames
            for route in routes
            for rule in route.rules
            for match in rule.matches
        )
        if routes and not whole:
            yield Hit(
                server.field / "metadata" / "name",
                f"{server} has routes that do not take every request, so all others are answered with 404",
                resource=server.resource,
            )


def route_left_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A route of a Server that Linkerd leaves out as a whole."""
    for route in world.mesh.linkerd.routes:
        if route.kind not in ("HTTPRoute", "GRPCRoute") or not any(map(names_server, route.parent_refs)):
            continue
        refusal = refused(route)
        if refusal is not None and not _is_told(world, route.resource, refusal.because):
            yield Hit(
                refusal.because,
                f"{route} {refusal.reason}, so all of it is left out",
                resource=route.resource,
                hint="Without it, what the Server grants is open for every request, and nothing else.",
            )


def _is_told(world: World, resource: Resource, place: Field) -> bool:
    """Whether the webhook refuses the route for that place, which another rule tells."""
    return any(one.refuses and one.at.path == place.path for one in world.admission.of(resource).remarks)


def route_server_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A route for a Server that its namespace does not hold."""
    mesh = world.mesh
    for route in mesh.linkerd.routes:
        for ref in route.parent_refs:
            known = tuple(one.name for one in mesh.linkerd.servers_in(route.namespace))
            if not names_server(ref) or ref.namespace != route.namespace or not ref.name or ref.name in known:
                continue
            if mesh.namespaces.shows(route.namespace, ((POLICY, "Server"),), ref.field):
                close = nearest(ref.name, known)
                yield Hit(
                    ref.field / "name",
                    f"{route} is for Server '{ref.name}', which does not exist, so the route is never used",
                    resource=route.resource,
                    hint=f"Did you mean '{close[0]}'?" if close else None,
                )


def route_in_conflict(world: World, _: Parameters) -> Iterator[Hit]:
    """An HTTPRoute at a Server that a GRPCRoute names as well."""
    for server in world.mesh.linkerd.servers:
        attached = world.mesh.linkerd.routes_of(server)
        calls = next((one for one in attached if one.is_grpc), None)
        for one in attached:
            if calls is not None and not one.is_grpc:
                yield Hit(
                    one.ref.field / "name",
                    f"{one.route} names {server}, as a GRPCRoute does, so it is not accepted there",
                    resource=one.route.resource,
                    hint="One port takes routes of one kind.",
                    related=(Related(calls.ref.field, f"{calls.route} has precedence"),),
                    about=str(server),
                )


def route_without_protocol(world: World, _: Parameters) -> Iterator[Hit]:
    """A route at a Server whose protocol has no such routes."""
    for server in world.mesh.linkerd.servers:
        protocol = server_protocol(server)
        for one in world.mesh.linkerd.routes_of(server):
            fits = protocol is Protocol.GRPC if one.is_grpc else protocol.has_http_routes
            if not fits:
                yield Hit(
                    one.ref.field / "name",
                    f"{one.route} names {server}, whose protocol is '{protocol.value}', so it does nothing",
                    resource=one.route.resource,
                    hint="HTTPRoutes count for unknown, HTTP/1 and HTTP/2, GRPCRoutes for gRPC.",
                    related=(Related(server.resource.spec / "proxyProtocol", "the protocol"),),
                    about=str(server),
                )


def _for_routes(mesh: Mesh) -> Iterator[tuple[AuthorizationPolicy, Server]]:
    """Policies for routes, with the first Server at which the route counts."""
    for server in mesh.linkerd.servers:
        for route in accepted_routes(mesh, server):
            for policy in mesh.linkerd.policies_for_route(route):
                yield policy, server
