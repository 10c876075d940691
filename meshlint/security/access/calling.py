"""Who calls what by the calls and the routes in the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import calls
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.istio.made_pods import account_of
from meshlint.values import frozen


@frozen(repr=False)
class Caller:
    """Whoever calls: a workload, a principal, some workload of a namespace, a gateway, or one outside.

    Of a gateway that is not in the files no identity is known.
    """

    label: str
    workload: Workload | None = None
    principal: str | None = None
    namespace: str | None = None
    is_unknown: bool = False


OUTSIDE = Caller("outside")


def workload_caller(workload: Workload) -> Caller:
    """A workload as a caller."""
    return Caller(f"{workload.namespace}/{workload.name}", workload)


@frozen(eq=False, slots=False, repr=False)
class Calling:
    """Calls between workloads and Services, routes counted in."""

    mesh: Mesh

    def of(self, service: Service) -> tuple[Caller, ...]:
        """Who is configured to call a Service, or a host whose routes lead to it."""
        return self._callers.get(service, ())

    @cached_property
    def _callers(self) -> dict[Service, tuple[Caller, ...]]:
        found: dict[Service, dict[Caller, None]] = {}
        for call in calls(self.mesh):
            caller = workload_caller(call.client)
            for service in (call.service, *self._routed.get(call.service, ())):
                found.setdefault(service, {})[caller] = None
        for service, caller in self._entering():
            found.setdefault(service, {})[caller] = None
        return {service: tuple(callers) for service, callers in found.items()}

    @cached_property
    def _routed(self) -> dict[Service, tuple[Service, ...]]:
        """The Services that calls of a Service are sent on to by routes inside the mesh."""
        found: dict[Service, dict[Service, None]] = {}
        for virtual_service in self.mesh.virtual_services:
            if is_for_mesh(virtual_service):
                for host in self._hosts(virtual_service.hosts, virtual_service.resource.namespace):
                    found.setdefault(host, {}).update(dict.fromkeys(self._destinations(virtual_service)))
        for route in self.mesh.routes:
            for parent in route.parent_refs:
                service = self._service(parent.namespace, parent.name) if parent.kind == "Service" else None
                if service is not None:
                    found.setdefault(service, {}).update(dict.fromkeys(self._backends(route)))
        return {service: tuple(held) for service, held in found.items()}

    def _entering(self) -> Iterator[tuple[Service, Caller]]:
        """Whom gateways call."""
        for namespace, name, services in (*self._istio_entries(), *self._kubernetes_entries()):
            callers = self.gateway(namespace, name)
            yield from ((service, caller) for service in services for caller in callers)

    def _istio_entries(self) -> Iterator[tuple[str, str, tuple[Service, ...]]]:
        for virtual_service in self.mesh.virtual_services.at_gateways:
            for reference in virtual_service.gateways_or_mesh:
                if reference != MESH_GATEWAY:
                    name = gateway_name(reference, virtual_service.resource.namespace)
                    yield name.namespace, name.name, tuple(self._destinations(virtual_service))

    def _kubernetes_entries(self) -> Iterator[tuple[str, str, tuple[Service, ...]]]:
        for route in self.mesh.routes:
            for parent in route.parent_refs:
                if parent.kind == "Gateway":
                    yield parent.namespace, parent.name or "", tuple(self._backends(route))

    def gateway(self, namespace: str, name: str) -> tuple[Caller, ...]:
        """The pods of a gateway: those in the files, those that Istio makes, or a caller without a name."""
        for gateway in self.mesh.gateways.all:
            if (gateway.resource.namespace, gateway.resource.name) == (namespace, name):
                pods = self.mesh.gateways.pods(gateway)
                if pods:
                    return tuple(map(workload_caller, pods))
        for made in self.mesh.kubernetes_gateways:
            if (made.namespace, made.name) == (namespace, name) and made.gateway_class_name == "istio":
                account = f"{namespace}/sa/{account_of(self.mesh, made)}"
                principal = f"{self.mesh.settings.trust_domain}/ns/{account}"
                return (Caller(f"gateway/{namespace}/{name}", principal=principal),)
        return (Caller(f"gateway/{namespace}/{name}", is_unknown=True),)

    def _destinations(self, virtual_service: VirtualService) -> Iterator[Service]:
        spec = virtual_service
        entries = [entry for route in spec.http for entry in route.route]
        entries += [entry for route in (*spec.tls, *spec.tcp) for entry in route.route]
        named = (entry.destination.host for entry in entries)
        yield from self._hosts((one for one in named if one), spec.resource.namespace)

    def _hosts(self, hosts: Iterable[str], namespace: str) -> Iterator[Service]:
        for host in hosts:
            known = self.mesh.hosts.known(self.mesh.hosts.expand(host, namespace))
            if known is not None and known.service is not None:
                yield known.service

    def _backends(self, route: AnyRoute) -> Iterator[Service]:
        for rule in route.rules:
            for ref in rule.backend_refs:
                service = self._service(ref.namespace, ref.name)
                if service is not None:
                    yield service

    def _service(self, namespace: str, name: str | None) -> Service | None:
        return self.mesh.services.get(ServiceName(namespace, name or ""))
