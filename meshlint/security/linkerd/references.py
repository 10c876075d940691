"""Where the references of Linkerd's AuthorizationPolicies lead (Linkerd: admission of policies)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from meshlint.admission.linkerd.references import TARGETS
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.gateway_api.reference import GROUP, Reference
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.server import Server
from meshlint.resources.view import ObjectView


def right_group(mesh: Mesh, policy: AuthorizationPolicy) -> str | None:
    """The group that the target's kind, or the route of that name in the files, has; None if it is open."""
    ref = policy.target_ref
    groups = TARGETS.get(ref.kind.lower(), ())
    if not groups or any(refers_to(ref, group, ref.kind) for group in groups if len(groups) == 1):
        return None
    if len(groups) == 1:
        return groups[0]
    named = {
        route.resource.group
        for route in mesh.linkerd.routes
        if route.namespace == policy.namespace
        and route.kind.lower() == ref.kind.lower()
        and route.name.lower() == (ref.name or "").lower()
    }
    if ref.group.lower() in named:
        return None
    if named:
        return min(named)
    return None if ref.group.lower() in groups else GROUP


def missing_target(mesh: Mesh, policy: AuthorizationPolicy) -> Missing | None:
    """The proof that the Server or route that a policy names does not exist; None without one."""
    ref = policy.target_ref
    kind = ref.kind.lower()
    groups = TARGETS.get(kind, ())
    if kind == "namespace" or not ref.name or ref.group.lower() not in groups:
        return None
    if mesh.linkerd.targets(policy) or mesh.linkerd.target_routes(policy) or right_group(mesh, policy):
        return None
    shown = ((POLICY, "Server"),) if kind == "server" else tuple((group, _ROUTES[kind]) for group in groups)
    if not mesh.namespaces.shows(policy.namespace, shown, policy.field):
        return Missing() if kind == "server" and server_elsewhere(mesh, policy) else None
    known: tuple[ObjectView, ...] = mesh.linkerd.servers_in(policy.namespace)
    if kind != "server":
        known = tuple(route for route in mesh.linkerd.routes if route.kind.lower() == kind)
    return Missing(nearest(ref.name, (one.name for one in known if one.namespace == policy.namespace)))


def server_elsewhere(mesh: Mesh, policy: AuthorizationPolicy) -> Server | None:
    """The one Server of the target's name, where it lies beside the policy and in another namespace.

    A set that splits a policy from its Server over namespaces means this one, which no policy can reach.
    """
    named = [one for one in mesh.linkerd.servers if one.name == policy.target_ref.name]
    if len({one.namespace for one in named}) != 1 or mesh.linkerd.servers_in(policy.namespace):
        return None
    near = PurePosixPath(named[0].field.document.file).parent
    is_beside = near == PurePosixPath(policy.field.document.file).parent
    return named[0] if is_beside and named[0].resource.names_namespace else None


def missing_authentications(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[tuple[Reference, Missing]]:
    """The references to authentications that do not exist; that of service accounts is never asked for."""
    found: dict[str, tuple[ObjectView, ...]] = {
        "MeshTLSAuthentication": mesh.linkerd.mesh_tls_authentications,
        "NetworkAuthentication": mesh.linkerd.network_authentications,
    }
    for ref in policy.required_authentication_refs or ():
        for kind, known in found.items():
            if not refers_to(ref, POLICY, kind) or not ref.name or mesh.linkerd.mesh_tls(ref):
                continue
            if mesh.linkerd.network(ref) is None and _shows(mesh, ref, kind):
                names = (one.name for one in known if one.namespace == ref.namespace)
                yield ref, Missing(nearest(ref.name, names))


def _shows(mesh: Mesh, ref: Reference, kind: str) -> bool:
    """Whether the authentications of a namespace are in view; whoever writes its Servers writes them too."""
    return mesh.namespaces.shows(ref.namespace, ((POLICY, kind), (POLICY, "Server")), ref.field)


_ROUTES = {"httproute": "HTTPRoute", "grpcroute": "GRPCRoute"}
