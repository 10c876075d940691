"""The one answer to what controllers write into the status of Gateway API objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.waypoints import USE_WAYPOINT, WAYPOINT_NAMESPACE
from meshlint.resources.gateway_api.gateway import Gateway, GatewayClass
from meshlint.resources.gateway_api.listener import ListenerSet, listener_set
from meshlint.resources.gateway_api.reference import GROUP, ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.resource import Resource
from meshlint.resources.versions import distance
from meshlint.traffic.status.certificates import Certificates
from meshlint.traffic.status.conditions import ACCEPTED, RESOLVED, Condition, Objection, judged, met
from meshlint.traffic.status.controllers import ISTIO, LINKERD, WAYPOINT, Controllers, is_istio
from meshlint.traffic.status.gateways import (
    GatewayStatus,
    ListenerSetStatus,
    by_gateway,
    gateway_status,
    surroundings,
)
from meshlint.traffic.status.linkerd import LinkerdController
from meshlint.traffic.status.listeners import Judge, ListenerStatus, Owner
from meshlint.traffic.status.meshes import Meshes
from meshlint.traffic.status.parents import NO_MATCHING_PARENT, Taking, acceptance, taking
from meshlint.traffic.status.permissions import Permissions
from meshlint.traffic.status.references import References
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.traffic.status.policies import PolicyStatus

EXPERIMENTAL = "gateway.networking.x-k8s.io"
_SETS = ((GROUP, "ListenerSet"), (EXPERIMENTAL, "XListenerSet"))
_MESH_KINDS = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"})
"""The kinds of routes that Istio knows (Istio: routes of the mesh)."""
_SERVICE = ("", "Service")
_ENTRY = ("networking.istio.io", "ServiceEntry")


@frozen(eq=False, repr=False)
class ClassStatus:
    """What a controller says of a GatewayClass; nothing where it is another's."""

    gateway_class: GatewayClass
    controller: str
    conditions: tuple[Condition, ...]


@frozen(eq=False, repr=False)
class ParentStatus:
    """What a controller says of a route at one of its parents.

    Without conditions it writes nothing, as Istio does where the parent does not exist or has no listener.
    `listeners` of `owner` take the route for certain.
    """

    route: AnyRoute
    parent: ParentRef
    controller: str | None
    conditions: tuple[Condition, ...]
    taking: Taking | None = None
    owner: Owner | None = None

    @property
    def listeners(self) -> tuple[ListenerStatus, ...]:
        """The listeners that take the route."""
        return () if self.taking is None else self.taking.takers


@frozen(eq=False, slots=False, repr=False)
class Statuses:
    """The status of all Gateway API objects, each worked out when it is first asked for."""

    mesh: Mesh

    @cached_property
    def controllers(self) -> Controllers:
        """Who runs which Gateway."""
        return Controllers(self.mesh)

    @cached_property
    def permissions(self) -> Permissions:
        """Which references into other namespaces are allowed."""
        return Permissions(self.mesh)

    @cached_property
    def references(self) -> References:
        """What the references of routes lead to."""
        return References(self.mesh, self.permissions)

    @cached_property
    def meshes(self) -> Meshes:
        """Which meshes look at routes of services."""
        return Meshes(self.mesh, self.controllers)

    @cached_property
    def linkerd(self) -> LinkerdController:
        """Linkerd's policy controller."""
        return LinkerdController(self.mesh)

    @cached_property
    def repeated_gateways(self) -> frozenset[tuple[str, str]]:
        """Namespace and name of the Gateways that the files hold more than once."""
        written = Counter((one.namespace, one.name) for one in self.mesh.kubernetes_gateways)
        return frozenset(name for name, count in written.items() if count > 1)

    @cached_property
    def listener_sets(self) -> tuple[ListenerSet, ...]:
        """The ListenerSets in view, of the stable and of the experimental group."""
        return tuple(one for group, kind in _SETS for one in self.mesh.views(group, kind, listener_set))

    @cached_property
    def classes(self) -> tuple[ClassStatus, ...]:
        """What is said of each GatewayClass."""
        return tuple(_class_status(one) for one in self.controllers.classes)

    @cached_property
    def gateways(self) -> tuple[GatewayStatus, ...]:
        """What is said of each Gateway, with the ListenerSets that name it."""
        sets = by_gateway(self.listener_sets)
        certificates = Certificates(self.mesh)
        return tuple(
            gateway_status(
                surroundings(
                    self.mesh,
                    Judge(self.controllers.of(one), self.permissions, certificates),
                    one,
                    sets.get((one.namespace, one.name), ()),
                )
            )
            for one in self.mesh.kubernetes_gateways
        )

    @cached_property
    def _gateways_by_name(self) -> dict[tuple[str, str], list[GatewayStatus]]:
        found: dict[tuple[str, str], list[GatewayStatus]] = {}
        for one in self.gateways:
            found.setdefault((one.gateway.namespace, one.gateway.name), []).append(one)
        return found

    def _named(self, namespace: str, name: str, home: Resource) -> GatewayStatus | None:
        """The Gateway of that name; of several versions the one that is nearest to `home`."""
        found = self._gateways_by_name.get((namespace, name), [])
        if len(found) < 2:
            return found[0] if found else None
        file = home.document.file
        within = next((one for one in reversed(found) if one.gateway.resource.document.file == file), None)
        key = namespace, name, file.rpartition("/")[0]
        if within is None and key not in self._nearest:
            self._nearest[key] = min(
                reversed(found), key=lambda one: distance(file, one.gateway.resource.document.file)
            )
        return within or self._nearest[key]

    @cached_property
    def _nearest(self) -> dict[tuple[str, str, str], GatewayStatus]:
        """By directory, the nearest version of a Gateway that is written several times in other files."""
        return {}

    @cached_property
    def _sets_by_name(self) -> dict[tuple[str, str, str], tuple[GatewayStatus, ListenerSetStatus]]:
        return {
            (one.listener_set.resource.kind, one.listener_set.namespace, one.listener_set.name): (
                gateway,
                one,
            )
            for gateway in self.gateways
            for one in gateway.sets
        }

    def gateway(self, gateway: Gateway) -> GatewayStatus:
        """What is said of one Gateway."""
        written = self._gateways_by_name[gateway.namespace, gateway.name]
        return next((one for one in written if one.gateway.resource is gateway.resource), written[-1])

    @cached_property
    def parents(self) -> tuple[ParentStatus, ...]:
        """What is said of each route at each of its parents that a controller looks at."""
        return tuple(status for route in self.mesh.routes for status in self.of_route(route))

    def of_route(self, route: AnyRoute) -> Iterator[ParentStatus]:
        """What is said of a route at each of its parents, by each mesh that looks at it."""
        for parent in route.parent_refs:
            status = self.at_parent(route, parent)
            if status is not None:
                yield status
            said = self.linkerd.conditions(route, parent) if self.meshes.linkerd else None
            if said is not None:
                yield ParentStatus(route, parent, LINKERD, said)

    def at_parent(self, route: AnyRoute, parent: ParentRef) -> ParentStatus | None:
        """What is said of a route at one parent by who runs Gateways, or by Istio in the mesh.

        None where neither looks at such parents.
        """
        key = route, parent
        if key not in self._at_parents:
            self._at_parents[key] = self._at_parent(route, parent)
        return self._at_parents[key]

    @cached_property
    def _at_parents(self) -> dict[tuple[AnyRoute, ParentRef], ParentStatus | None]:
        return {}

    def _at_parent(self, route: AnyRoute, parent: ParentRef) -> ParentStatus | None:
        if route.resource.group != GROUP:
            return None
        if parent.is_a(GROUP, "Gateway"):
            found = self._named(str(parent.namespace), str(parent.name), route.resource)
            if found is None:
                return ParentStatus(route, parent, None, ())
            return self._at_listeners(route, parent, found, found.gateway, found.takers)
        if any(parent.is_a(*kind) for kind in _SETS):
            name = (str(parent.kind), str(parent.namespace), str(parent.name))
            if name not in self._sets_by_name:
                return ParentStatus(route, parent, None, ())
            gateway, one = self._sets_by_name[name]
            return self._at_listeners(route, parent, gateway, one.listener_set, one.takers)
        if parent.is_a(*_SERVICE) or parent.is_a(*_ENTRY):
            return self._in_mesh(route, parent)
        return None

    def _at_listeners(
        self,
        route: AnyRoute,
        parent: ParentRef,
        gateway: GatewayStatus,
        owner: Owner,
        listeners: Sequence[ListenerStatus],
    ) -> ParentStatus:
        if not listeners:
            return ParentStatus(route, parent, None, (), None, owner)
        taken = taking(self.mesh, route, parent, listeners)
        by_istio = is_istio(gateway.controller)
        resolved = self.references.objection(route, through_gateway=True, by_istio=by_istio)
        conditions = (acceptance(route, parent, taken), judged(RESOLVED, resolved))
        controller = ISTIO if by_istio else gateway.controller
        return ParentStatus(route, parent, controller, conditions, taken, owner)

    def _in_mesh(self, route: AnyRoute, parent: ParentRef) -> ParentStatus | None:
        """Istio at a Service or a ServiceEntry; nothing where its waypoint is another controller's."""
        if not self.meshes.istio or route.kind not in _MESH_KINDS or self._is_of_foreign_waypoint(parent):
            return None
        resolved = self.references.objection(route, through_gateway=False, by_istio=True)
        conditions = (judged(ACCEPTED, self._absent(parent)), judged(RESOLVED, resolved))
        return ParentStatus(route, parent, ISTIO, conditions)

    def _absent(self, parent: ParentRef) -> Objection | None:
        """What Istio says where a Service or a ServiceEntry that is a parent does not exist."""
        name, place = str(parent.name), str(parent.namespace)
        words = f"{parent.kind} {place}/{name}"
        field = parent.field / "name"
        if parent.is_a(*_ENTRY):
            if self._object(parent) is not None:
                return None
            shown = self.mesh.namespaces.shows(place, (_ENTRY,), field)
            return Objection(NO_MATCHING_PARENT, f"{words} must exist", field, shown)
        host = ServiceName(place, name).host(self.mesh.settings.cluster_domain)
        found = self.mesh.hosts.resolve(host, place)
        if isinstance(found, Found) and found.target.service is not None:
            return None
        missing = isinstance(found, Missing)
        return Objection(NO_MATCHING_PARENT, f"{words} must exist", field, missing)

    def _object(self, parent: ParentRef) -> Resource | None:
        """The Service or ServiceEntry that a parent names, if it is in view."""
        kind = _ENTRY if parent.is_a(*_ENTRY) else _SERVICE
        found = self.mesh.resources.called(*kind, str(parent.namespace), str(parent.name))
        return found[0] if found and parent.name is not None else None

    def _is_of_foreign_waypoint(self, parent: ParentRef) -> bool:
        """Whether the waypoint of a parent is run by another controller, which then tells of its routes."""
        one = self._object(parent)
        if one is None:
            return False
        labels = one.labels
        if USE_WAYPOINT not in labels:
            labels = self.mesh.namespaces.labels(one.namespace) or {}
        waypoint = labels.get(USE_WAYPOINT)
        if not waypoint or waypoint.lower() == "none":
            return False
        place = str(labels.get(WAYPOINT_NAMESPACE) or one.namespace)
        found = self._named(place, str(waypoint), one)
        return found is not None and found.controller not in (None, ISTIO, WAYPOINT)

    @cached_property
    def policies(self) -> tuple[PolicyStatus, ...]:
        """What is said of each policy for backends."""
        from meshlint.traffic.status.policies import policy_statuses

        return tuple(policy_statuses(self.mesh))

    @cached_property
    def _attached(self) -> dict[int, list[ParentStatus]]:
        found: dict[int, list[ParentStatus]] = {}
        for status in self.parents:
            for listener in status.listeners:
                found.setdefault(id(listener.listener), []).append(status)
        return found

    def attached(self, status: ListenerStatus) -> tuple[AnyRoute, ...]:
        """The routes that a listener takes for certain, each once."""
        here = self._attached.get(id(status.listener), ())
        return tuple({one.route.resource.id: one.route for one in here}.values())

    def may_attach(self, status: ListenerStatus) -> tuple[AnyRoute, ...]:
        """Further routes that a listener may take, by what no file shows."""
        sure = {one.resource.id for one in self.attached(status)}
        maybe = {
            one.route.resource.id: one.route
            for one in self.parents
            if one.taking is not None
            for listener in one.taking.maybe
            if listener.listener is status.listener
        }
        return tuple(route for name, route in maybe.items() if name not in sure)


@remembered
def statuses_of(mesh: Mesh) -> Statuses:
    """The status of the objects of a mesh, for whoever asks about it."""
    return Statuses(mesh)


def _class_status(one: GatewayClass) -> ClassStatus:
    controller = str(one.controller_name or "")
    conditions = (met(ACCEPTED),) if is_istio(controller) else ()
    return ClassStatus(one, controller, conditions)
