"""ServerAuthorizations that admit nobody, more than they seem to, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import policies
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.policies.linkerd import server_selector
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.linkerd.server_authorization import Client

Parameters = Mapping[str, Any]
_SERVERS = ((POLICY, "Server"),)


def admits_nobody(world: World, _: Parameters) -> Iterator[Hit]:
    """A client that is not said to be anybody."""
    for authorization in world.mesh.linkerd.server_authorizations:
        client = authorization.client
        if not client.unauthenticated and not _admits_by_tls(client):
            place = client.field if client.mesh_tls is None else client.mesh_tls.field
            yield Hit(
                place,
                f"{authorization} names no client, so it is dropped and admits nobody",
                resource=authorization.resource,
                on_key=True,
                hint="Name identities or service accounts under `meshTLS`, or set `unauthenticated: true`.",
            )


def contradiction(world: World, _: Parameters) -> Iterator[Hit]:
    """Clients that must and must not have an identity."""
    return told(world, policies.CONTRADICTION)


def server_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server that does not exist, or a selector that no Server has the labels for."""
    mesh = world.mesh
    for authorization in mesh.linkerd.server_authorizations:
        namespace = authorization.namespace
        if mesh.linkerd.authorized_servers(authorization):
            continue
        if not mesh.namespaces.shows(namespace, _SERVERS, authorization.field):
            continue
        name = authorization.server_name
        close = nearest(name or "", (one.name for one in mesh.linkerd.servers_in(namespace)))
        named = f"the Server '{name}', which does not exist" if name else "Servers by labels that none has"
        yield Hit(
            authorization.server_selector if name is None else name.field,
            f"{authorization} is for {named}, so it has no effect",
            resource=authorization.resource,
            hint=f"Did you mean `{close[0]}`?" if close else "Only Servers of its own namespace count.",
        )


def every_server(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector that takes every Server of the namespace."""
    for authorization in world.mesh.linkerd.server_authorizations:
        if authorization.server_name is None and server_selector(authorization).is_everything():
            yield Hit(
                authorization.server_selector,
                f"{authorization} has no selector, so it opens every Server of '{authorization.namespace}'",
                resource=authorization.resource,
                hint="Name the Server, or select by labels.",
            )


def any_tls(world: World, _: Parameters) -> Iterator[Hit]:
    """Clients with any TLS, whoever they are."""
    for authorization in world.mesh.linkerd.server_authorizations:
        mesh_tls = authorization.client.mesh_tls
        if mesh_tls is not None and mesh_tls.unauthenticated_tls:
            yield Hit(
                mesh_tls.field / "unauthenticatedTLS",
                f"{authorization} admits any client with TLS, so no identity is asked for",
                resource=authorization.resource,
                hint="Name identities or service accounts.",
            )


def superseded(world: World, _: Parameters) -> Iterator[Hit]:
    """A ServerAuthorization, which an AuthorizationPolicy says better."""
    for authorization in world.mesh.linkerd.server_authorizations:
        yield Hit(
            authorization.field / "kind",
            f"{authorization} is of a kind that AuthorizationPolicy supersedes",
            resource=authorization.resource,
            hint="Write an AuthorizationPolicy with a MeshTLSAuthentication or a NetworkAuthentication.",
        )


def _admits_by_tls(client: Client) -> bool:
    mesh_tls = client.mesh_tls
    return mesh_tls is not None and bool(
        mesh_tls.unauthenticated_tls or mesh_tls.identities or mesh_tls.service_accounts
    )
