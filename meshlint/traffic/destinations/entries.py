"""Who answers for a host that ServiceEntries add to the registry."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.questions.machines import machines
from meshlint.resources.istio.parts import Port
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.workload import Workload


def entry_workloads(mesh: Mesh, host: Host, labels: Mapping[str, str]) -> tuple[Workload, ...]:
    """The workloads in view that the entries of a host select, and that are in the subset of `labels`."""
    subset = LabelSelector.of(labels)
    found = (
        one
        for entry in host.entries
        if entry.workload_selector is not None
        for one in mesh.workloads.labelled(entry.namespace, entry.workload_selector.labels)
    )
    return tuple(dict.fromkeys(one for one in found if subset.admits(one.pod.labels)))


def entry_machines(mesh: Mesh, host: Host, labels: Mapping[str, str]) -> tuple[WorkloadEntry, ...]:
    """The endpoints that the entries of a host write or select, and that are in the subset of `labels`."""
    subset = LabelSelector.of(labels)
    found: list[WorkloadEntry] = []
    for entry in host.entries:
        found += entry.endpoints
        if entry.workload_selector is not None:
            selector = LabelSelector.of(entry.workload_selector.labels)
            same = (one for one in machines(mesh) if one.resource.namespace == entry.namespace)
            found += [one for one in same if selector.admits(one.labels)]
    return tuple(one for one in found if subset.admits(one.labels))


def entry_port(host: Host, number: int) -> Port | None:
    """The port of that number of the entries of a host."""
    ports = (port for entry in host.entries for port in entry.ports)
    return next((port for port in ports if port.number == number), None)
