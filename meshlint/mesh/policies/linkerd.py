"""Linkerd's inbound policies: Servers, who may call them, and how those name each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from meshlint.matching import LabelSelector, SelectorDialect, SelectorIndex
from meshlint.mesh.policies.linkerd_routes import RouteAttachment, attachments
from meshlint.mesh.workloads.workloads import Workloads
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.authentication import MeshTLSAuthentication, NetworkAuthentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.external_workload import ExternalWorkload
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.server import Server
from meshlint.resources.linkerd.server_authorization import ServerAuthorization
from meshlint.resources.view import ObjectView
from meshlint.values import frozen

Name = tuple[str, str]
View = TypeVar("View", bound=ObjectView)
Key = TypeVar("Key")


@frozen(eq=False, slots=False, repr=False)
class LinkerdPolicies:
    """All policies of policy.linkerd.io, asked by name, target and workload.

    Where several objects of the files have one name, they are alternatives: a Server is found under its name
    as often as it is written, and of authentications the first stands for all.
    """

    servers: tuple[Server, ...]
    authorization_policies: tuple[AuthorizationPolicy, ...]
    server_authorizations: tuple[ServerAuthorization, ...]
    mesh_tls_authentications: tuple[MeshTLSAuthentication, ...]
    network_authentications: tuple[NetworkAuthentication, ...]
    external_workloads: tuple[ExternalWorkload, ...]
    routes: tuple[AnyRoute, ...]
    workloads: Workloads

    @cached_property
    def _servers(self) -> dict[Name, tuple[Server, ...]]:
        return _grouped(self.servers, lambda one: ((one.namespace, one.name),))

    @cached_property
    def _servers_in(self) -> dict[str, tuple[Server, ...]]:
        return _grouped(self.servers, lambda one: (one.namespace,))

    @cached_property
    def _selecting(self) -> dict[str, SelectorIndex[Server]]:
        return {
            namespace: SelectorIndex((pod_selector(server), server) for server in servers)
            for namespace, servers in self._servers_in.items()
        }

    @cached_property
    def _mesh_tls(self) -> dict[Name, MeshTLSAuthentication]:
        return {(one.namespace, one.name): one for one in reversed(self.mesh_tls_authentications)}

    @cached_property
    def _networks(self) -> dict[Name, NetworkAuthentication]:
        return {(one.namespace, one.name): one for one in reversed(self.network_authentications)}

    @cached_property
    def _by_server(self) -> dict[Name, tuple[AuthorizationPolicy, ...]]:
        return _grouped(self.authorization_policies, _server_targets)

    @cached_property
    def _by_route(self) -> dict[tuple[str, ...], tuple[AuthorizationPolicy, ...]]:
        return _grouped(self.authorization_policies, _route_targets)

    @cached_property
    def _naming(self) -> dict[Name, tuple[ServerAuthorization, ...]]:
        named = [one for one in self.server_authorizations if one.server_name is not None]
        return _grouped(named, lambda one: ((one.namespace, one.server_name or ""),))

    @cached_property
    def _picking(self) -> dict[str, SelectorIndex[ServerAuthorization]]:
        picking = [one for one in self.server_authorizations if one.server_name is None]
        by_namespace = _grouped(picking, lambda one: (one.namespace,))
        return {
            namespace: SelectorIndex((server_selector(one), one) for one in found)
            for namespace, found in by_namespace.items()
        }

    @cached_property
    def _requiring(self) -> dict[int, tuple[AuthorizationPolicy, ...]]:
        return _grouped(self.authorization_policies, lambda one: map(id, self._authentications(one)))

    @cached_property
    def _attachments(self) -> dict[Name, tuple[RouteAttachment, ...]]:
        return _grouped(attachments(self.routes), lambda one: (one.server,))

    @cached_property
    def _views(self) -> dict[int, ObjectView]:
        views: tuple[tuple[ObjectView, ...], ...] = (
            self.servers,
            self.authorization_policies,
            self.server_authorizations,
            self.mesh_tls_authentications,
            self.network_authentications,
        )
        return {id(view.resource): view for kind in views for view in kind}

    def view_of(self, resource: Resource) -> ObjectView | None:
        """The policy object that `resource` is, read; None if it is another kind of thing."""
        return self._views.get(id(resource))

    def servers_named(self, namespace: str, name: str) -> tuple[Server, ...]:
        """The Servers of that name: none, one, or several that are written as alternatives."""
        return self._servers.get((namespace, name), ())

    def servers_in(self, namespace: str) -> tuple[Server, ...]:
        """The Servers of a namespace."""
        return self._servers_in.get(namespace, ())

    def servers_of(self, workload: Workload) -> tuple[Server, ...]:
        """The Servers whose selector admits the pods of `workload`, in the order of their names."""
        index = self._selecting.get(workload.namespace)
        return () if index is None else index.selecting(workload.pod_labels)

    def selected(self, server: Server) -> tuple[Workload, ...]:
        """The workloads in the files whose pods `server` selects (Linkerd: Server to pod)."""
        return self.workloads.select(server.namespace, pod_selector(server))

    def selected_machines(self, server: Server) -> tuple[ExternalWorkload, ...]:
        """The ExternalWorkloads in the files that `server` selects."""
        selector = _selector(server.external_workload_selector.value)
        local = (one for one in self.external_workloads if one.namespace == server.namespace)
        return tuple(one for one in local if selector.admits(one.labels))

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
            return self.servers_named(policy.namespace, ref.name or "")
        if refers_to(ref, "", "Namespace") and ref.name == policy.namespace:
            return self.servers_in(policy.namespace)
        return ()

    def target_routes(self, policy: AuthorizationPolicy) -> tuple[AnyRoute, ...]:
        """The routes in the files that a policy opens."""
        wanted = _route_targets(policy)
        return tuple(route for route in self.routes if route_key(route) in wanted) if wanted else ()

    def authorized_servers(self, authorization: ServerAuthorization) -> tuple[Server, ...]:
        """The Servers in the files that a ServerAuthorization opens; its name wins over its selector."""
        if authorization.server_name is not None:
            return self.servers_named(authorization.namespace, authorization.server_name)
        selector = server_selector(authorization)
        return tuple(one for one in self.servers_in(authorization.namespace) if selector.admits(one.labels))

    def policies_for(self, server: Server) -> tuple[AuthorizationPolicy, ...]:
        """The AuthorizationPolicies that name `server` or its namespace."""
        named = self._by_server.get((server.namespace, server.name), ())
        return (*named, *self._by_server.get((server.namespace, ""), ()))

    def policies_for_route(self, route: AnyRoute) -> tuple[AuthorizationPolicy, ...]:
        """The AuthorizationPolicies that name `route` by its own group."""
        return self._by_route.get(route_key(route), ())

    def authorizations_for(self, server: Server) -> tuple[ServerAuthorization, ...]:
        """The ServerAuthorizations that name or select `server`."""
        named = self._naming.get((server.namespace, server.name), ())
        picking = self._picking.get(server.namespace)
        return (*named, *(() if picking is None else picking.selecting(server.labels)))

    def routes_of(self, server: Server) -> tuple[RouteAttachment, ...]:
        """The routes that name `server` as a parent, also those that Linkerd leaves out."""
        return self._attachments.get((server.namespace, server.name), ())

    def referring(
        self, authentication: MeshTLSAuthentication | NetworkAuthentication
    ) -> tuple[AuthorizationPolicy, ...]:
        """The AuthorizationPolicies that require `authentication`."""
        return self._requiring.get(id(authentication), ())

    def _authentications(
        self, policy: AuthorizationPolicy
    ) -> Iterator[MeshTLSAuthentication | NetworkAuthentication]:
        for ref in policy.required_authentication_refs or ():
            found = self.mesh_tls(ref) or self.network(ref)
            if found is not None:
                yield found


def pod_selector(server: Server) -> LabelSelector:
    """The pods that a Server picks; none where it picks external workloads instead."""
    return _selector(server.pod_selector.value)


def server_selector(authorization: ServerAuthorization) -> LabelSelector:
    """The Servers that a ServerAuthorization picks by their labels; all where it writes no selector."""
    return LabelSelector.read(authorization.server_selector.value, SelectorDialect.LINKERD)


def route_key(route: AnyRoute) -> tuple[str, ...]:
    """What names a route in a targetRef; letter case does not count (Linkerd: targetRef to a route)."""
    return (route.namespace, route.resource.group.lower(), route.kind.lower(), route.name.lower())


def _selector(value: object) -> LabelSelector:
    if not isinstance(value, dict):
        return LabelSelector.nothing()
    return LabelSelector.read(value, SelectorDialect.LINKERD)


def _server_targets(policy: AuthorizationPolicy) -> tuple[Name, ...]:
    ref = policy.target_ref
    if refers_to(ref, POLICY, "Server") and ref.name:
        return ((policy.namespace, ref.name),)
    if refers_to(ref, "", "Namespace") and ref.name == policy.namespace:
        return ((policy.namespace, ""),)
    return ()


def _route_targets(policy: AuthorizationPolicy) -> tuple[tuple[str, ...], ...]:
    ref = policy.target_ref
    if ref.kind.lower() not in ("httproute", "grpcroute"):
        return ()
    return ((policy.namespace, ref.group.lower(), ref.kind.lower(), (ref.name or "").lower()),)


Item = TypeVar("Item")


def _grouped(items: Iterable[Item], keys: Callable[[Item], Iterable[Key]]) -> dict[Key, tuple[Item, ...]]:
    found: dict[Key, list[Item]] = {}
    for item in items:
        for key in dict.fromkeys(keys(item)):
            found.setdefault(key, []).append(item)
    return {key: tuple(listed) for key, listed in found.items()}
