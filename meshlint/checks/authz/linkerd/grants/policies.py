"""Linkerd policies that grant what is granted already, nothing at all, or not what their author wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.authz.linkerd.grant_places import grant_places
from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.matching import SelectorDialect, selector_problems
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.linkerd.authentication import MeshTLSAuthentication, NetworkAuthentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.security.linkerd.authorization.grants import server_grants
from meshlint.security.membership.annotations import DEFAULT_POLICY

Parameters = Mapping[str, Any]


def made_moot(world: World, _: Parameters) -> Iterator[Hit]:
    """An access policy that lets in all that the policies for the Server let in."""
    for server in world.mesh.linkerd.servers:
        grants = server_grants(world.mesh, server)
        own = next((one for one in grants if one.resource is server.resource), None)
        if own is None or own.audit or own.clients is None or not server.access_policy.field:
            continue
        others = [one for one in grants if one is not own]
        if others and all(one.clients is not None and one.clients.is_subset(own.clients) for one in others):
            yield Hit(
                server.access_policy.field,
                f"{server} has '{server.access_policy}', which lets in all that its policies do, so they "
                "restrict nobody",
                resource=server.resource,
                hint="Grants add up. Leave `accessPolicy` out to let only the policies count.",
                related=grant_places(others),
            )


def audited(world: World, _: Parameters) -> Iterator[Hit]:
    """An access policy or a default policy that only tries policies out."""
    for server in world.mesh.linkerd.servers:
        if server.access_policy == "audit":
            yield _audit(server.resource, server.access_policy.field)
    for workload in world.mesh.workloads.all:
        written = workload.pod.annotations.get(DEFAULT_POLICY)
        if written == "audit" and written is not None:
            yield _audit(workload.resource, written.field)
    for namespace in world.mesh.resources.of("", "Namespace"):
        written = namespace.annotations.get(DEFAULT_POLICY)
        if written == "audit" and written is not None:
            yield _audit(namespace, written.field)


def split_demands(world: World, _: Parameters) -> Iterator[Hit]:
    """Two policies for one target, one for identities and one for networks."""
    by_target: dict[tuple[str, ...], list[AuthorizationPolicy]] = {}
    for policy in world.mesh.linkerd.authorization_policies:
        ref = policy.target_ref
        key = (policy.namespace, ref.group.lower(), ref.kind.lower(), ref.name or "")
        by_target.setdefault(key, []).append(policy)
    for policies in by_target.values():
        networks = [one for one in policies if _requires(one) == {"networkauthentication"}]
        identities = [one for one in policies if _requires(one) & {"meshtlsauthentication", "serviceaccount"}]
        for policy in networks if identities else ():
            yield Hit(
                policy.resource.spec / "requiredAuthenticationRefs",
                f"{policy} asks for a network only, so it admits clients from there without an identity",
                resource=policy.resource,
                on_key=True,
                hint="Policies add up. To ask for both at once, put both references into one policy.",
                related=(
                    Related(identities[0].field / "metadata" / "name", "this one asks for an identity"),
                ),
            )


def selector_void(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector that never matches as Linkerd reads it."""
    linkerd = world.mesh.linkerd
    places = [(one.resource, one.pod_selector) for one in linkerd.servers]
    places += [(one.resource, one.external_workload_selector) for one in linkerd.servers]
    places += [(one.resource, one.server_selector) for one in linkerd.server_authorizations]
    for resource, place in places:
        for problem in selector_problems(place.value, SelectorDialect.LINKERD)[:1]:
            yield Hit(
                place,
                f"{resource} has a selector that never matches, so it does nothing",
                resource=resource,
                on_key=True,
                hint=f"In it, {problem}.",
            )


def authentication_unused(world: World, _: Parameters) -> Iterator[Hit]:
    """An authentication that no policy requires."""
    linkerd = world.mesh.linkerd
    authentications: tuple[MeshTLSAuthentication | NetworkAuthentication, ...] = (
        *linkerd.mesh_tls_authentications,
        *linkerd.network_authentications,
    )
    for authentication in authentications:
        namespace = authentication.namespace
        kinds = ((POLICY, "AuthorizationPolicy"),)
        shown = world.mesh.namespaces.shows(namespace, kinds, authentication.field)
        if shown and not linkerd.referring(authentication):
            yield Hit(
                authentication.field / "metadata" / "name",
                f"{authentication} is required by no policy, so it does nothing",
                resource=authentication.resource,
            )


def duplicate_policy(world: World, _: Parameters) -> Iterator[Hit]:
    """Two policies that say the same."""
    seen: dict[tuple[object, ...], AuthorizationPolicy] = {}
    for policy in world.mesh.linkerd.authorization_policies:
        refs = policy.required_authentication_refs or ()
        named = sorted((r.group, r.kind, r.namespace, r.name or "") for r in refs)
        ref = policy.target_ref
        key = (policy.namespace, ref.group, ref.kind, ref.name, tuple(named))
        first = seen.setdefault(key, policy)
        if first.name != policy.name:
            yield Hit(
                policy.field / "metadata" / "name",
                f"{policy} says the same as {first}, so one of them is not needed",
                resource=policy.resource,
                related=(Related(first.field / "metadata" / "name", "the other one"),),
            )


def _requires(policy: AuthorizationPolicy) -> set[str]:
    return {ref.kind.lower() for ref in policy.required_authentication_refs or () if _counts(ref)}


def _counts(ref: Reference) -> bool:
    return bool(ref.name) and (refers_to(ref, POLICY, ref.kind) or refers_to(ref, "", "ServiceAccount"))


def _audit(resource: Resource, at: Field) -> Hit:
    return Hit(
        at,
        f"{resource} only audits, so everybody is let in",
        resource=resource,
        hint="Once the proxies report no unexpected caller, remove it.",
    )
