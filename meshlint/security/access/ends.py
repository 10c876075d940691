"""Which workloads and ports a user means by a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.names.written import split_name
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.view import ObjectView
from meshlint.security.access.istio.made_pods import AnyGateway, has_listeners, pods_of
from meshlint.security.access.istio.openings import ports_of
from meshlint.security.transport.inbound import served_ports
from meshlint.values import frozen

GATEWAY = "gateway/"
"""What stands before the name of a Gateway."""


@frozen(eq=False, repr=False)
class Destination:
    """The workloads of one name, those behind the Service of that name, or the pods of a Gateway."""

    namespace: str
    name: str
    workloads: tuple[Workload, ...]
    service: Service | None = None
    gateway: AnyGateway | None = None

    def __str__(self) -> str:
        """`NAMESPACE/NAME`, of a Gateway with `gateway/` before it."""
        return f"{GATEWAY if self.gateway is not None else ''}{self.namespace}/{self.name}"


@frozen(repr=False)
class Target:
    """A container port of a workload, and the port of the Service that was dialed to reach it."""

    workload: Workload
    port: int
    service: Service | None = None
    dialed: int | None = None


@frozen(eq=False, slots=False, repr=False)
class Names:
    """Workloads and Services by what users call them."""

    mesh: Mesh

    def destinations(self, text: str) -> tuple[Destination, ...]:
        """What `text` may mean, by namespace; a name that a Service and workloads share is the Service's."""
        if text.startswith(GATEWAY):
            return tuple(self._gateways(text[len(GATEWAY) :]))
        services = self._services(*self._split(text))
        found = {(one.namespace, one.name): self._behind(one) for one in services}
        for key, workloads in _grouped(self.mesh.workloads.named(text)).items():
            found.setdefault(key, Destination(*key, workloads))
        return tuple(found[key] for key in sorted(found))

    def sources(self, text: str) -> tuple[Destination, ...]:
        """The workloads that `text` may name, by namespace; without any, those behind such a Service."""
        found = _grouped(self.mesh.workloads.named(text))
        if not found:
            return tuple(one for one in self.destinations(text) if one.workloads)
        return tuple(Destination(*key, found[key]) for key in sorted(found))

    def similar(self, text: str) -> tuple[str, ...]:
        """Names like `text` that exist, written as it is: with or without a namespace."""
        namespace, _ = split_name(text)
        views: tuple[ObjectView, ...] = (*self.mesh.workloads.all, *self.mesh.services.all)
        known = (one.name if namespace is None else f"{one.namespace}/{one.name}" for one in views)
        return nearest(text, known)

    def targets(self, destination: Destination, port: int | str) -> tuple[Target, ...]:
        """The container ports that `port` of a destination leads to, workload by workload.

        It is a port of the Service if that has such a one, else of the container, else of any Service before
        the workload. A number that nobody declares is taken for the container's.
        """
        if destination.gateway is not None:
            return tuple(one for one in self.all_targets(destination) if port in (one.dialed, one.port))
        if destination.service is not None:
            found = self._through(destination.service, destination.workloads, port)
            if found:
                return found
        return tuple(target for one in destination.workloads for target in self._direct(one, port))

    def all_targets(self, destination: Destination) -> tuple[Target, ...]:
        """Every port that is known of a destination."""
        if destination.gateway is not None:
            return _ordered(
                target
                for number in ports_of(destination.gateway)
                for one in destination.workloads
                for target in self._by_any_service(one, number) or (Target(one, number, None, number),)
            )
        if destination.service is not None:
            service, behind = destination.service, destination.workloads
            return _ordered(
                target
                for one in service.ports
                if one.port is not None
                for target in _leading(service, one, behind)
            )
        return _ordered(
            Target(one, port)
            for one in destination.workloads
            for port in sorted(served_ports(self.mesh, one))
        )

    def _gateways(self, text: str) -> Iterator[Destination]:
        """The Gateways of Istio and of the Gateway API of a name, and their pods."""
        namespace, name = split_name(text)
        known: list[AnyGateway] = [*self.mesh.gateways.all]
        known += [one for one in self.mesh.kubernetes_gateways if has_listeners(one)]
        found: dict[str, AnyGateway] = {}
        for gateway in known:
            resource = gateway.resource
            if resource.name == name and namespace in (None, resource.namespace):
                found.setdefault(resource.namespace, gateway)
        for place in sorted(found):
            yield Destination(place, name, pods_of(self.mesh, found[place]), None, found[place])

    def _through(
        self, service: Service, workloads: tuple[Workload, ...], port: int | str
    ) -> tuple[Target, ...]:
        entry = service.port(port) if isinstance(port, int) else service.port_named(port)
        return () if entry is None else tuple(_leading(service, entry, workloads))

    def _direct(self, workload: Workload, port: int | str) -> tuple[Target, ...]:
        if isinstance(port, int):
            if port not in served_ports(self.mesh, workload):
                return self._by_any_service(workload, port) or (Target(workload, port),)
            return (Target(workload, port),)
        named = [one.container_port for one in workload.pod.ports() if one.name == port]
        declared = tuple(Target(workload, number) for number in named if number is not None)
        return declared or self._by_any_service(workload, port)

    def _by_any_service(self, workload: Workload, port: int | str) -> tuple[Target, ...]:
        services = self.mesh.services.of(workload)
        return tuple(target for one in services for target in self._through(one, (workload,), port))

    def _behind(self, service: Service) -> Destination:
        workloads = self.mesh.services.backing(service)
        return Destination(service.namespace, service.name, workloads, service)

    def _split(self, text: str) -> tuple[str | None, str]:
        """Namespace and name of a Service, which may be written as a host name of the cluster."""
        host = text.removesuffix(f".svc.{self.mesh.settings.cluster_domain}").removesuffix(".svc")
        name, dot, namespace = host.partition(".")
        return (namespace, name) if dot and "/" not in text else split_name(text)

    def _services(self, namespace: str | None, name: str) -> tuple[Service, ...]:
        services = self.mesh.services
        return services.named(name) if namespace is None else services.names.of(ServiceName(namespace, name))


def _grouped(workloads: Iterable[Workload]) -> dict[tuple[str, str], tuple[Workload, ...]]:
    found: dict[tuple[str, str], list[Workload]] = {}
    for one in workloads:
        found.setdefault((one.namespace, one.name), []).append(one)
    return {key: tuple(held) for key, held in found.items()}


def _leading(service: Service, port: ServicePort, workloads: Iterable[Workload]) -> Iterable[Target]:
    for workload in workloads:
        for number in sorted(target_ports(port, workload)):
            yield Target(workload, number, service, port.port)


def _ordered(targets: Iterable[Target]) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(targets))
