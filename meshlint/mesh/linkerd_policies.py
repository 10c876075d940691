"""Linkerd's inbound policies: Servers, who may call them, and how those name each other."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

from meshlint.matching import LabelSelector, SelectorDialect
from meshlint.mesh.workloads import Workloads
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.authentication import MeshTLSAuthentication, NetworkAuthentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.server import Server
from meshlint.resources.linkerd.server_authorization import ServerAuthorization

Name = tuple[str, str]


@frozen(eq=False, slots=False, repr=False)
class LinkerdPolicies:
    """All policies of policy.linkerd.io, asked by name, target and workload."""

    servers: tuple[Server, ...]
    authorization_policies: tuple[AuthorizationPolicy, ...]
    server_authorizations: tuple[ServerAuthorization, ...]
    mesh_tls_authentications: tuple[MeshTLSAuthentication, ...]
    network_authentications: tuple[NetworkAuthentication, ...]
    workloads: Workloads

    @cached_property
    def _servers(self) -> dict[Name, Server]:
        return {(one.namespace, one.name): one for one in reversed(self.servers)}

    @cached_property
    def _mesh_tls(self) -> dict[Name, MeshTLSAuthentication]:
        return {(one.namespace, one.name): one for one in reversed(self.mesh_tls_authentications)}

    @cached_property
    def _networks(self) -> dict[Name, NetworkAuthentication]:
        return {(one.namespace, one.name): one for one in reversed(self.network_authentications)}

    def server(self, namespace: str, name: str) -> Server | None:
        """The Server of that name."""
        return self._servers.get((namespace, name))

    def servers_in(self, namespace: str) -> tuple[Server, ...]:
        """The Servers of a namespace."""
        return tuple(one for one in self.servers if one.namespace == namespace)

    def mesh_tls(self, ref: Reference) -> MeshTLSAuthentication | None:
        """The MeshTLSAuthentication that a reference names."""
        if not refers_to(ref, POLICY, "MeshTLSAuthentication"):
            return None
        return self._mesh_tls.get((ref.namespace, ref.name or ""))

    def network(self, ref: Reference) -> NetworkAuthentication | None:
        """The NetworkAuthentication that a reference names."""
        if not refers_to(ref, POLICY, "NetworkAuthentication"):
            return None
        return self._networks.get((ref.namespace, ref.name or ""))

    def targets(self, policy: AuthorizationPolicy) -> tuple[Server, ...]:
        """The Servers in the files that a policy opens, by name or through their namespace."""
        ref = policy.target_ref
        if refers_to(ref, POLICY, "Server"):
            found = self.server(policy.namespace, ref.name or "")
            return () if found is None else (found,)
        if refers_to(ref, "", "Namespace") and ref.name == policy.namespace:
            return self.servers_in(policy.namespace)
        return ()

    def authorized_servers(self, authorization: ServerAuthorization) -> tuple[Server, ...]:
        """The Servers in the files that a ServerAuthorization opens; its name wins over its selector."""
        if authorization.server_name is not None:
            found = self.server(authorization.namespace, authorization.server_name)
            return () if found is None else (found,)
        selector = LabelSelector.read(authorization.server_selector.value, SelectorDialect.LINKERD)
        return tuple(one for one in self.servers_in(authorization.namespace) if selector.admits(one.labels))

    def policies_for(self, server: Server) -> tuple[AuthorizationPolicy, ...]:
        """The AuthorizationPolicies that name `server` or its namespace."""
        return tuple(one for one in self.authorization_policies if server in self.targets(one))

    def authorizations_for(self, server: Server) -> tuple[ServerAuthorization, ...]:
        """The ServerAuthorizations that name or select `server`."""
        return tuple(one for one in self.server_authorizations if server in self.authorized_servers(one))

    def referring(
        self, authentication: MeshTLSAuthentication | NetworkAuthentication
    ) -> tuple[AuthorizationPolicy, ...]:
        """The AuthorizationPolicies that require `authentication`."""
        return tuple(
            policy
            for policy in self.authorization_policies
            for ref in policy.required_authentication_refs or ()
            if authentication in (self.mesh_tls(ref), self.network(ref))
        )

    def selected(self, server: Server) -> tuple[Workload, ...]:
        """The workloads in the files whose pods `server` selects (Linkerd: Server to pod)."""
        if not isinstance(server.pod_selector.value, dict):
            return ()
        selector = LabelSelector.read(server.pod_selector.value, SelectorDialect.LINKERD)
        return self.workloads.select(server.namespace, selector)
