"""What is left of routes and rules for clients in ambient mode, whose ztunnel knows neither.

ztunnel opens connections to services as they are. Routes, and rules on how clients talk, are for the waypoint
of the service that is called, which takes routes only from its own namespace and from that of the service
(Istio: VirtualServices at waypoints).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.namespaces.visibility import Visibility
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.mesh.workloads.waypoints import WAYPOINT_CLASS, Waypoint
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.resource import Resource
from meshlint.security.ambient.targets import is_settled
from meshlint.security.membership.istio import DATAPLANE_MODE, all_ambient, istio_ambient, istio_sidecar
from meshlint.traffic.destinations.routed import destinations
from meshlint.traffic.status.backends import backends
from meshlint.values import frozen

_REQUESTS = ("connectionPool", "loadBalancer", "outlierDetection")


@frozen(eq=False, repr=False)
class Unread:
    """An object for calls to `service` that no proxy reads; `at` is where it names the service."""

    resource: Resource
    at: Field
    service: Service
    waypoint: Waypoint | None = None


@frozen(eq=False, repr=False)
class GatewayCall:
    """A route of a gateway to a service; `at` is where it names the service."""

    resource: Resource
    at: Field
    service: Service


@frozen(eq=False, slots=False, repr=False)
class AmbientTraffic:
    """The routes and rules of a mesh as clients in ambient mode meet them."""

    mesh: Mesh

    def unread_virtual_services(self) -> Iterator[Unread]:
        """VirtualServices for sidecars alone, of which there are none, whose service has no waypoint."""
        for virtual_service, host, service in self._for_sidecars() if self._ambient_namespaces else ():
            if self._is_unserved(service) and not self._is_followed(virtual_service):
                yield Unread(virtual_service.resource, host.field, service)

    def misplaced_virtual_services(self) -> Iterator[Unread]:
        """VirtualServices for sidecars alone that the waypoint of their service does not take."""
        for virtual_service, host, service in self._for_sidecars() if self.mesh.waypoints.all else ():
            waypoint, place = self._waypoint(service), virtual_service.resource.namespace
            if waypoint is None or place in (waypoint.namespace, service.namespace):
                continue
            if not self._is_followed(virtual_service):
                yield Unread(virtual_service.resource, host.field, service, waypoint)

    def dropped_matches(self) -> Iterator[Unread]:
        """Matches by labels of clients in ambient mode, which waypoints leave out."""
        for virtual_service in self.mesh.virtual_services:
            if MESH_GATEWAY not in virtual_service.gateways_or_mesh:
                continue
            matches = [match for http in virtual_service.http for match in http.match if match.source_labels]
            named = self._services(virtual_service) if matches else ()
            for _, service in named:
                waypoint = self._waypoint(service)
                for match in matches if waypoint is not None else ():
                    if all_ambient(self.mesh, self.mesh.workloads.labelled(None, match.source_labels)):
                        at = match.field / "sourceLabels"
                        yield Unread(virtual_service.resource, at, service, waypoint)

    def unread_routes(self) -> Iterator[Unread]:
        """Routes of the Gateway API for calls to a service that has no waypoint."""
        for route in self.mesh.routes:
            for parent in route.parent_refs:
                if route.resource.group != GROUP or not parent.is_a("", "Service") or not parent.name:
                    continue
                service = self.mesh.services.get(ServiceName(str(parent.namespace), str(parent.name)))
                if service is not None and self._is_unserved(service) and not self._sidecars:
                    yield Unread(route.resource, parent.name.field, service)

    def unread_rules(self) -> Iterator[Unread]:
        """DestinationRules about requests to a service that no waypoint serves and no gateway calls."""
        for rule, service in self._rules() if self._ambient_namespaces else ():
            if not _shapes_requests(rule) or not self._is_unserved(service):
                continue
            visibility = self.mesh.destination_rules.visibility(rule)
            if id(service) not in self._called_by_gateways and not self._seen_by_sidecars(visibility):
                yield Unread(rule.resource, rule.field / "host", service)

    def misplaced_rules(self) -> Iterator[Unread]:
        """DestinationRules for a service with a waypoint that lie where no proxy looks for them.

        A proxy asks its own namespace, that of the service and the root one. In ambient mode the proxy is the
        waypoint (Istio: DestinationRule lookup).
        """
        root = self.mesh.settings.root_namespace
        for rule, service in self._rules() if self.mesh.waypoints.all else ():
            waypoint, place = self._waypoint(service), rule.resource.namespace
            if waypoint is None or place in (waypoint.namespace, service.namespace, root):
                continue
            if self._has_no_proxy(place):
                yield Unread(rule.resource, rule.field / "host", service, waypoint)

    def gateway_calls(self) -> Iterator[GatewayCall]:
        """What gateways send to services in the files, waypoints apart."""
        for routed in destinations(self.mesh):
            bound = set(routed.virtual_service.gateways_or_mesh)
            service = self._service(routed.host)
            if service is not None and (bound != {MESH_GATEWAY} or routed.virtual_service.is_delegate):
                yield GatewayCall(routed.virtual_service.resource, routed.destination.field / "host", service)
        waypoints = {(one.namespace, one.name) for one in self.mesh.waypoints.all}
        for route in self.mesh.routes:
            parents = (one for one in route.parent_refs if one.is_a(GROUP, "Gateway"))
            if all((str(one.namespace), str(one.name or "")) in waypoints for one in parents):
                continue
            for backend in backends(route):
                service = self.mesh.services.get(ServiceName(str(backend.namespace), str(backend.name or "")))
                if service is not None and backend.is_a("", "Service"):
                    yield GatewayCall(route.resource, backend.field / "name", service)

    @cached_property
    def _called_by_gateways(self) -> frozenset[int]:
        return frozenset(id(call.service) for call in self.gateway_calls())

    def _for_sidecars(self) -> Iterator[tuple[VirtualService, Text, Service]]:
        """The VirtualServices that no gateway follows, with the services that they are for."""
        for one in self.mesh.virtual_services:
            if set(one.gateways_or_mesh) == {MESH_GATEWAY}:
                yield from ((one, host, service) for host, service in self._services(one))

    def _is_followed(self, virtual_service: VirtualService) -> bool:
        """Whether a sidecar in the files, or something that may be one, sees a VirtualService."""
        return self._seen_by_sidecars(self.mesh.virtual_services.visibility(virtual_service))

    def _services(self, virtual_service: VirtualService) -> Iterator[tuple[Text, Service]]:
        full = self.mesh.virtual_services.hosts(virtual_service)
        for host, name in zip(virtual_service.hosts, full, strict=True):
            service = self._service(name)
            if service is not None:
                yield host, service

    def _rules(self) -> Iterator[tuple[DestinationRule, Service]]:
        for rule in self.mesh.destination_rules.all:
            service = self._service(self.mesh.destination_rules.host(rule)) if rule.host else None
            if service is not None:
                yield rule, service

    def _service(self, host: str) -> Service | None:
        known = self.mesh.hosts.known(host)
        return None if known is None else known.service

    def _waypoint(self, service: Service) -> Waypoint | None:
        """The waypoint of Istio that surely serves a service."""
        enrolment = self.mesh.waypoints.of_service(service)
        waypoint = enrolment.waypoint if enrolment.is_served else None
        return waypoint if waypoint is not None and waypoint.is_istio else None

    def _is_unserved(self, service: Service) -> bool:
        """Whether a service of an ambient namespace surely has no waypoint."""
        if service.namespace not in self._ambient_namespaces:
            return False
        enrolment = self.mesh.waypoints.of_service(service)
        if enrolment.is_served is not False:
            return False
        return is_settled(self.mesh, service.namespace, enrolment)

    @cached_property
    def _ambient_namespaces(self) -> frozenset[str]:
        """The namespaces with Services that are labelled for ambient mode."""
        places = {one.namespace for one in self.mesh.services.all}
        held = ((one, self.mesh.namespaces.labels(one) or {}) for one in places)
        return frozenset(one for one, labels in held if labels.get(DATAPLANE_MODE) == "ambient")

    @cached_property
    def _sidecars(self) -> frozenset[str]:
        """The namespaces with workloads that have a sidecar, or may have one."""
        return frozenset(
            one.namespace
            for one in self.mesh.workloads.all
            if not istio_sidecar(self.mesh, one).is_absent and not is_gateway(one)
        )

    def _seen_by_sidecars(self, visibility: Visibility) -> bool:
        return any(visibility.includes(namespace) for namespace in self._sidecars)

    def _has_no_proxy(self, namespace: str) -> bool:
        """Whether no sidecar and no gateway runs in a namespace, but pods in ambient mode do."""
        workloads = self.mesh.workloads.in_namespace(namespace)
        gateways = (one for one in self.mesh.kubernetes_gateways if one.namespace == namespace)
        if any(one.gateway_class_name != WAYPOINT_CLASS for one in gateways):
            return False
        return bool(workloads) and all(istio_ambient(self.mesh, one).is_present for one in workloads)


def _shapes_requests(rule: DestinationRule) -> bool:
    policies = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
    every = [one for one in policies if one is not None]
    every.extend(port for one in tuple(every) for port in one.port_level_settings)
    return any(one.field / key for one in every for key in _REQUESTS)
