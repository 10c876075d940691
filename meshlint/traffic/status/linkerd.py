"""What Linkerd's policy controller writes into the status of routes."""

from __future__ import annotations

from functools import cached_property

from meshlint.matching.addresses import AddressSet
from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.reference import GROUP, BackendRef, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.egress_network import egress_network
from meshlint.resources.linkerd.group import POLICY
from meshlint.resources.resource import Resource
from meshlint.traffic.status.conditions import ACCEPTED, RESOLVED, Condition, Objection, judged
from meshlint.traffic.status.parents import NO_MATCHING_PARENT
from meshlint.traffic.status.references import BACKEND_NOT_FOUND, INVALID_KIND
from meshlint.values import frozen

CONFLICTED = "RouteReasonConflicted"
_BY_PRECEDENCE = ("GRPCRoute", "HTTPRoute", "TLSRoute", "TCPRoute")
"""Kinds of routes, the one that all others give way to first (Linkerd: conflicts of routes; GEP-1426)."""
_CORE = frozenset({"", "core"})
Parent = tuple[str, str, str, str | None, int | None]


@frozen(eq=False, slots=False, repr=False)
class LinkerdController:
    """Linkerd's policy controller with what it sees."""

    mesh: Mesh

    def conditions(self, route: AnyRoute, parent: ParentRef) -> tuple[Condition, ...] | None:
        """What is said of a route at a parent; None for parents that Linkerd does not look at."""
        is_policy = route.resource.group == POLICY
        if route.kind not in _BY_PRECEDENCE or not (route.resource.group == GROUP or is_policy):
            return None
        if parent.is_a(POLICY, "Server"):
            return (judged(ACCEPTED, self._server(parent) or self._conflict(route, parent)),)
        if _is_service(parent):
            accepted = self._service(parent) or self._conflict(route, parent)
        elif parent.is_a(POLICY, "EgressNetwork"):
            accepted = self._network(parent) or self._conflict(route, parent)
        else:
            return None
        return judged(ACCEPTED, accepted), judged(RESOLVED, self._backends(route, parent))

    def _server(self, parent: ParentRef) -> Objection | None:
        if self._named(POLICY, "Server", parent) is not None:
            return None
        return self._absent(parent, POLICY, "Server")

    def _service(self, parent: ParentRef) -> Objection | None:
        """A Service is a parent if it has an address in the cluster (Linkerd: valid_parent_service)."""
        found = self._resolved(str(parent.namespace), str(parent.name), parent)
        if found is not None:
            return Objection(NO_MATCHING_PARENT, found.words, found.field, found.certain)
        service = self.mesh.services.get(ServiceName(str(parent.namespace), str(parent.name)))
        if service is None or not (service.is_headless or service.is_external_name):
            return None
        words = f"{service} has no address in the cluster"
        return Objection(NO_MATCHING_PARENT, words, parent.field / "name")

    def _network(self, parent: ParentRef) -> Objection | None:
        """An EgressNetwork is a parent unless its addresses are those of the cluster (Linkerd: egress)."""
        found = self._named(POLICY, "EgressNetwork", parent)
        if found is None:
            return self._absent(parent, POLICY, "EgressNetwork")
        if not self._overlaps(found):
            return None
        words = f"{found} overlaps with the networks of the cluster"
        return Objection(NO_MATCHING_PARENT, words, parent.field / "name")

    def _overlaps(self, resource: Resource) -> bool:
        networks = egress_network(resource).networks or ()
        cluster = AddressSet.of(*self.mesh.settings.linkerd.cluster_networks)
        held = (AddressSet.network(str(one.cidr or ""), one.except_) for one in networks)
        return any(one.overlaps(cluster) for one in held)

    def _conflict(self, route: AnyRoute, parent: ParentRef) -> Objection | None:
        """Routes of a kind that comes before this one's, at the same parent and port."""
        before = _BY_PRECEDENCE[: _BY_PRECEDENCE.index(route.kind)]
        other = next((one for one in self._by_parent.get(_parent(parent), ()) if one.kind in before), None)
        if other is None:
            return None
        words = f"{other} has the same parent, and its kind comes first"
        return Objection(CONFLICTED, words, parent.field)

    @cached_property
    def _by_parent(self) -> dict[Parent, list[AnyRoute]]:
        """The routes at each parent, in their order."""
        found: dict[Parent, list[AnyRoute]] = {}
        for route in self.mesh.routes:
            for parent in route.parent_refs:
                found.setdefault(_parent(parent), []).append(route)
        return found

    def _backends(self, route: AnyRoute, parent: ParentRef) -> Objection | None:
        """The first backend that cannot be used (Linkerd: backend_condition)."""
        found = tuple(
            objection
            for rule in route.rules
            for backend in rule.backend_refs
            if (objection := self._backend(backend, parent)) is not None
        )
        return next((one for one in found if one.certain), found[0] if found else None)

    def _backend(self, backend: BackendRef, parent: ParentRef) -> Objection | None:
        name, field = str(backend.name), backend.field / "name"
        if backend.kind == "Service" and backend.group in _CORE:
            return self._resolved(str(backend.namespace), name, backend)
        if not backend.is_a(POLICY, "EgressNetwork"):
            words = f"Linkerd sends to no {backend.kind} of {str(backend.group)!r}"
            return Objection(INVALID_KIND, words, backend.field)
        if self._named(POLICY, "EgressNetwork", backend) is None:
            certain = self._shows(backend, POLICY, "EgressNetwork")
            words = f"EgressNetwork {backend.namespace}/{name} must exist"
            return Objection(BACKEND_NOT_FOUND, words, field, certain)
        same = (backend.namespace, backend.name) == (parent.namespace, parent.name)
        if parent.is_a(POLICY, "EgressNetwork") and same:
            return None
        return Objection(INVALID_KIND, "an EgressNetwork is a backend only of its own routes", field)

    def _resolved(self, namespace: str, name: str, ref: ParentRef | BackendRef) -> Objection | None:
        field = ref.field / "name"
        host = ServiceName(namespace, name).host(self.mesh.settings.cluster_domain)
        found = self.mesh.hosts.resolve(host, namespace)
        if isinstance(found, Found) and found.target.service is not None:
            return None
        missing = isinstance(found, Missing)
        words = f"Service {namespace}/{name} {'does not exist' if missing else 'must exist'}"
        return Objection(BACKEND_NOT_FOUND, words, field, missing)

    def _named(self, group: str, kind: str, ref: ParentRef | BackendRef) -> Resource | None:
        found = self.mesh.resources.called(group, kind, str(ref.namespace), str(ref.name))
        return found[0] if found and ref.name is not None else None

    def _shows(self, ref: ParentRef | BackendRef, group: str, kind: str) -> bool:
        return self.mesh.namespaces.shows(str(ref.namespace), ((group, kind),), ref.field)

    def _absent(self, parent: ParentRef, group: str, kind: str) -> Objection:
        words = f"{kind} {parent.namespace}/{parent.name} must exist"
        certain = self._shows(parent, group, kind)
        return Objection(NO_MATCHING_PARENT, words, parent.field / "name", certain)


def _is_service(parent: ParentRef) -> bool:
    return parent.kind == "Service" and parent.group in _CORE


def _parent(ref: ParentRef) -> Parent:
    """The parent and the port that a reference is to, as Linkerd compares them."""
    return "" if ref.group in _CORE else ref.group, ref.kind, ref.namespace, ref.name, ref.port
