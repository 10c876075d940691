"""Policies of Linkerd that let more clients in than their readers think."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import named_workloads
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.linkerd.group import refers_to
from meshlint.security.identity.linkerd import IdentityReach, identity_reach
from meshlint.security.linkerd.policies import (
    UNAUTHENTICATED,
    covers_everyone,
    identities,
    is_for_whole_servers,
    opened_by,
)

Parameters = Mapping[str, Any]
_NAMED = 3


def any_identity(world: World, _: Parameters) -> Iterator[Hit]:
    """An identity that every client in the mesh satisfies."""
    return _with_reach(world.mesh, IdentityReach.ANYONE)


def namespace_identity(world: World, _: Parameters) -> Iterator[Hit]:
    """An identity that stands for every account of a namespace."""
    yield from _with_reach(world.mesh, IdentityReach.NAMESPACE)
    for authentication in world.mesh.linkerd.mesh_tls_authentications:
        for ref in authentication.identity_refs:
            if refers_to(ref, "", "Namespace"):
                message = f"admits namespace '{ref.name}', so every account of it may call "
                target = _named(world.mesh, authentication.resource)
                yield _hit(world.mesh, authentication.resource, ref.field / "name", message + target)


def default_account(world: World, _: Parameters) -> Iterator[Hit]:
    """A service account that every pod has which names none."""
    mesh = world.mesh
    yield from _with_reach(mesh, IdentityReach.DEFAULT_ACCOUNT)
    for policy in mesh.linkerd.authorization_policies:
        for ref in policy.required_authentication_refs or ():
            if refers_to(ref, "", "ServiceAccount") and ref.name == "default":
                reach = IdentityReach.DEFAULT_ACCOUNT.value
                message = f"admits the account 'default', so {reach} may call {_named(mesh, policy.resource)}"
                yield _hit(mesh, policy.resource, ref.name.field, message)


def nothing_required(world: World, _: Parameters) -> Iterator[Hit]:
    """An AuthorizationPolicy that requires no authentication at all."""
    for policy in world.mesh.linkerd.authorization_policies:
        if policy.required_authentication_refs == ():
            target = _named(world.mesh, policy.resource)
            message = f"requires no authentication, so anyone may call {target}, in the mesh or not"
            place = policy.resource.spec / "requiredAuthenticationRefs"
            yield _hit(world.mesh, policy.resource, place, message)


def unauthenticated(world: World, _: Parameters) -> Iterator[Hit]:
    """A Server or a ServerAuthorization that admits clients without an identity."""
    for server in world.mesh.linkerd.servers:
        if server.access_policy in UNAUTHENTICATED:
            target = _named(world.mesh, server.resource)
            message = f"has the access policy '{server.access_policy}', so clients without an identity may "
            yield _hit(world.mesh, server.resource, server.access_policy.field, f"{message}call {target}")
    for authorization in world.mesh.linkerd.server_authorizations:
        if authorization.client.unauthenticated:
            target = _named(world.mesh, authorization.resource)
            message = f"admits unauthenticated clients, so callers outside of the mesh may call {target}"
            place = authorization.client.field / "unauthenticated"
            yield _hit(world.mesh, authorization.resource, place, message)


def any_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that opens a whole Server to every address and asks for nothing else."""
    linkerd = world.mesh.linkerd
    for policy in linkerd.authorization_policies:
        refs = policy.required_authentication_refs or ()
        networks = [found for ref in refs if (found := linkerd.network(ref)) is not None]
        if not is_for_whole_servers(policy) or len(networks) != len(refs):
            continue
        for authentication in networks:
            wide = next((network for network in authentication.networks if covers_everyone(network)), None)
            if wide is not None and wide.cidr is not None:
                target = _named(world.mesh, policy.resource)
                message = f"requires no more than an address in '{wide.cidr}', so anyone may call {target}"
                yield _hit(
                    world.mesh, policy.resource, policy.target_ref.field / "name", message, wide.cidr.field
                )


def wide_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A NetworkAuthentication for every address."""
    for authentication in world.mesh.linkerd.network_authentications:
        for network in authentication.networks:
            if covers_everyone(network) and network.cidr is not None:
                message = f"covers every address with '{network.cidr}', so it keeps nobody out"
                yield _hit(world.mesh, authentication.resource, network.cidr.field, message)


def _with_reach(mesh: Mesh, wanted: IdentityReach) -> Iterator[Hit]:
    for resource, identity in identities(mesh):
        if identity_reach(identity) is wanted:
            target = _named(mesh, resource)
            message = f"admits {wanted.value}, so all of them may call {target}. It says '{identity}'"
            yield _hit(mesh, resource, identity.field, message)


def _named(mesh: Mesh, resource: Resource) -> str:
    return named_workloads(opened_by(mesh, resource), resource.namespace) or "what it protects"


def _hit(mesh: Mesh, resource: Resource, at: Field, message: str, because: Field | None = None) -> Hit:
    related = [
        Related(workload.field / "metadata" / "name", "this workload is open to them", concerns=True)
        for workload in opened_by(mesh, resource)[:_NAMED]
    ]
    if because is not None:
        related.insert(0, Related(because, "every address"))
    return Hit(at, f"{resource} {message}", resource=resource, related=tuple(related))
