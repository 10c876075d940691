"""Questions about Linkerd's inbound policies that several checks ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.authentication import MeshTLSAuthentication, NetworkAuthentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.networks import Network
from meshlint.resources.linkerd.server import Server
from meshlint.resources.linkerd.server_authorization import ServerAuthorization

UNAUTHENTICATED = frozenset({"all-unauthenticated", "cluster-unauthenticated"})


def identities(mesh: Mesh) -> Iterator[tuple[Resource, Text]]:
    """Every identity that a policy admits, with the object it is written in.

    Also those under `requiredAuthentication.identities` of an AuthorizationPolicy: the field does not exist,
    and what its author meant is plain.
    """
    for authentication in mesh.linkerd.mesh_tls_authentications:
        for identity in authentication.identities:
            yield authentication.resource, identity
    for authorization in mesh.linkerd.server_authorizations:
        if authorization.client.mesh_tls is not None:
            for identity in authorization.client.mesh_tls.identities:
                yield authorization.resource, identity
    for policy in mesh.linkerd.authorization_policies:
        for identity in (policy.resource.spec / "requiredAuthentication").texts("identities"):
            yield policy.resource, identity


def opened_by(mesh: Mesh, resource: Resource) -> tuple[Workload, ...]:
    """The workloads in the files that the policy object `resource` helps to open."""
    linkerd = mesh.linkerd
    view = linkerd.view_of(resource)
    servers: Iterable[Server] = ()
    if isinstance(view, Server):
        servers = (view,)
    elif isinstance(view, AuthorizationPolicy):
        servers = linkerd.targets(view)
    elif isinstance(view, ServerAuthorization):
        servers = linkerd.authorized_servers(view)
    elif isinstance(view, MeshTLSAuthentication | NetworkAuthentication):
        servers = (one for policy in linkerd.referring(view) for one in linkerd.targets(policy))
    found = _unique(workload for server in servers for workload in linkerd.selected(server))
    return tuple(one for one in found if mesh.namespaces.placement.go_together(resource, one.resource))


def covers_everyone(network: Network) -> bool:
    """Whether a network leaves out no address of its family."""
    if network.block is None or network.except_ or address_problem(network.block) is not None:
        return False
    found = AddressSet.of(network.block)
    return AddressSet.of("0.0.0.0/0").is_subset(found) or AddressSet.of("::/0").is_subset(found)


def is_for_whole_servers(policy: AuthorizationPolicy) -> bool:
    """Whether a policy opens Servers or a namespace rather than single routes."""
    return policy.target_ref.kind.lower() in ("server", "namespace")


def _unique(workloads: Iterable[Workload]) -> tuple[Workload, ...]:
    return tuple({id(workload): workload for workload in workloads}.values())
