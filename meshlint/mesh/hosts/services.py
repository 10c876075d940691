"""Services and the workloads behind them."""

from __future__ import annotations

from functools import cached_property

from meshlint.matching import LabelSelector
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.workloads.workloads import Workloads
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class Services:
    """All Kubernetes Services, with an index by name and the way to their workloads and back."""

    all: tuple[Service, ...]
    workloads: Workloads

    @cached_property
    def _by_name(self) -> dict[ServiceName, tuple[Service, ...]]:
        found: dict[ServiceName, list[Service]] = {}
        for service in self.all:
            found.setdefault(ServiceName(service.namespace, service.name), []).append(service)
        return {name: tuple(services) for name, services in found.items()}

    @cached_property
    def _of_name(self) -> dict[str, tuple[Service, ...]]:
        found: dict[str, list[Service]] = {}
        for service in self.all:
            found.setdefault(service.name, []).append(service)
        return {name: tuple(services) for name, services in found.items()}

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for service in self.all:
            found.setdefault(service.namespace, []).append(service.name)
        return {namespace: tuple(names) for namespace, names in found.items()}

    @cached_property
    def _renamed(self) -> dict[ServiceName, str]:
        found: dict[ServiceName, str] = {}
        for service in self.all:
            for name in service.resource.document.former_names:
                found.setdefault(ServiceName(service.namespace, name), service.name)
        return found

    @cached_property
    def _behind(self) -> dict[int, tuple[Workload, ...]]:
        return {id(service): self._selected(service) for service in self.all}

    @cached_property
    def _before(self) -> dict[int, tuple[Service, ...]]:
        """The Services of each workload: one tuple for all workloads that have the same ones."""
        alike: dict[int, list[int]] = {}
        for position, service in enumerate(self.all):
            alike.setdefault(id(self.backing(service)), []).append(position)
        groups: dict[int, list[int]] = {}
        for backing, positions in alike.items():
            for workload in self.backing(self.all[positions[0]]):
                groups.setdefault(id(workload), []).append(backing)
        made: dict[tuple[int, ...], tuple[Service, ...]] = {}
        for key in {tuple(backings) for backings in groups.values()}:
            made[key] = tuple(self.all[one] for one in sorted(one for part in key for one in alike[part]))
        return {workload: made[tuple(backings)] for workload, backings in groups.items()}

    def get(self, name: ServiceName) -> Service | None:
        """The Service of that name, if it is in the files; the first of several."""
        return next(iter(self._by_name.get(name, ())), None)

    def alternatives(self, service: Service) -> tuple[Service, ...]:
        """Every way in which the files write `service`, itself included."""
        return self._by_name.get(ServiceName(service.namespace, service.name), ())

    def named(self, name: str) -> tuple[Service, ...]:
        """The Services of that name in any namespace."""
        return self._of_name.get(name, ())

    def names_in(self, namespace: str) -> tuple[str, ...]:
        """The names of the Services of a namespace."""
        return self._names.get(namespace, ())

    def renamed(self, name: ServiceName) -> str | None:
        """What kustomize calls the Service of its namespace that was written under this name."""
        return self._renamed.get(name)

    def backing(self, service: Service) -> tuple[Workload, ...]:
        """The workloads whose pods are endpoints of `service`; none for one without a selector."""
        return self._behind.get(id(service), ())

    def of(self, workload: Workload) -> tuple[Service, ...]:
        """The Services that `workload` stands behind."""
        return self._before.get(id(workload), ())

    def _selected(self, service: Service) -> tuple[Workload, ...]:
        if not service.selector or service.is_external_name:
            return ()
        return self.workloads.select(service.namespace, LabelSelector.of(service.selector))


def target_ports(port: ServicePort, workload: Workload) -> frozenset[int]:
    """The container ports of `workload` that `port` of a Service leads to."""
    target = port.target_port
    if isinstance(target, int):
        return frozenset({target})
    return frozenset(
        declared.container_port
        for declared in workload.pod.ports()
        if declared.name == target and declared.container_port is not None
    )


def is_declared(name: str, workload: Workload) -> bool:
    """Whether a container of `workload` declares a port of that name, to which a Service can lead."""
    return any(declared.name == name for declared in workload.pod.ports())
