"""Services and the workloads behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial

from meshlint.mesh.hosts.service_names import ServiceNames, There
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.parts import Index, Places, made_of
from meshlint.mesh.workloads.workloads import Together, Workloads
from meshlint.resources.kubernetes.service import Service, ServicePort
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class Backed:
    """The Services of one namespace and the workloads there, each beside the others."""

    services: There
    workloads: Together | None

    @cached_property
    def behind(self) -> dict[int, tuple[Workload, ...]]:
        """The workloads whose pods are endpoints of a Service, by its `id`."""
        return {id(service): self._selected(service) for service in self.services.all}

    @cached_property
    def before(self) -> dict[int, tuple[Service, ...]]:
        """The Services of a workload, by its `id`: one tuple for all workloads that have the same ones."""
        every = self.services.all
        alike: dict[int, list[int]] = {}
        for position, service in enumerate(every):
            alike.setdefault(id(self.behind[id(service)]), []).append(position)
        groups: dict[int, list[int]] = {}
        for backing, positions in alike.items():
            for workload in self.behind[id(every[positions[0]])]:
                groups.setdefault(id(workload), []).append(backing)
        made: dict[tuple[int, ...], tuple[Service, ...]] = {}
        for key in {tuple(backings) for backings in groups.values()}:
            made[key] = tuple(every[one] for one in sorted(one for part in key for one in alike[part]))
        return {workload: made[tuple(backings)] for workload, backings in groups.items()}

    def _selected(self, service: Service) -> tuple[Workload, ...]:
        if self.workloads is None or not service.selector or service.is_external_name:
            return ()
        return self.workloads.by_label.carrying(service.selector)


def backed(index: Index, names: ServiceNames, workloads: Workloads) -> Places[Backed]:
    """The Services of each namespace with the workloads behind them."""

    def made(place: str) -> Backed | None:
        there = names.within.get(place)
        if there is None:
            return None
        parts = there, workloads.within.get(place)
        return made_of(index, (Backed, place), partial(Backed, *parts), *parts)

    return Places(lambda: names.within, made)


@frozen(eq=False, slots=False, repr=False)
class Services:
    """All Kubernetes Services, by name, and the way to their workloads and back."""

    names: ServiceNames
    within: Callable[[], Mapping[str, Backed]]
    """Those of each namespace with its workloads, which are only asked for where they matter."""

    @property
    def all(self) -> tuple[Service, ...]:
        """All of them."""
        return self.names.all

    def get(self, name: ServiceName) -> Service | None:
        """The Service of that name, if it is in the files; the first of several."""
        return self.names.get(name)

    def alternatives(self, service: Service) -> tuple[Service, ...]:
        """Every way in which the files write `service`, itself included."""
        return self.names.of(ServiceName(service.namespace, service.name))

    def named(self, name: str) -> tuple[Service, ...]:
        """The Services of that name in any namespace."""
        return self.names.anywhere(name)

    def names_in(self, namespace: str) -> tuple[str, ...]:
        """The names of the Services of a namespace."""
        there = self.names.within.get(namespace)
        return () if there is None else there.names

    def in_namespace(self, namespace: str) -> tuple[Service, ...]:
        """The Services of a namespace."""
        there = self.names.within.get(namespace)
        return () if there is None else there.all

    def like(self, name: ServiceName) -> tuple[str, ...]:
        """The Services of its namespace that look like one that is not there, the likeliest first."""
        there = self.names.within.get(name.namespace)
        return () if there is None else there.like(name.name)

    def has_slip(self, name: ServiceName) -> bool:
        """Whether a name that is not there is nearly one of its namespace."""
        there = self.names.within.get(name.namespace)
        return there is not None and there.has_slip(name.name)

    def renamed(self, name: ServiceName) -> str | None:
        """What kustomize calls the Service of its namespace that was written under this name."""
        there = self.names.within.get(name.namespace)
        return None if there is None else there.renamed.get(name.name)

    def backing(self, service: Service) -> tuple[Workload, ...]:
        """The workloads whose pods are endpoints of `service`; none for one without a selector."""
        here = self.within().get(service.namespace)
        return () if here is None else here.behind.get(id(service), ())

    def of(self, workload: Workload) -> tuple[Service, ...]:
        """The Services that `workload` stands behind."""
        here = self.within().get(workload.namespace)
        return () if here is None else here.before.get(id(workload), ())


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
