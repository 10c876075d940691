"""ServiceEntries against each other and against the workloads that they select."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.questions.unseen_pods import may_select
from meshlint.resources.istio.parts import Port
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.istio.workload_entry import workload_entry
from meshlint.resources.resource import Resource

_GROUP = "networking.istio.io"


def protocol_conflicts(mesh: Mesh) -> Iterator[tuple[ServiceEntry, Port, ServiceEntry]]:
    """Ports of one host and number with different protocols in entries that some client sees both of."""
    told: set[tuple[int, int, int]] = set()
    for found in _claims(mesh).values():
        for (one, port), (other, theirs) in permutations(found, 2):
            key = (id(one), id(port.field), id(other))
            differ = (port.protocol or "TCP").upper() != (theirs.protocol or "TCP").upper()
            if differ and key not in told and _seen_together(mesh, one, other):
                told.add(key)
                yield one, port, other


def _claims(mesh: Mesh) -> dict[tuple[str, int], list[tuple[ServiceEntry, Port]]]:
    """The ports of entries by host and number."""
    claims: dict[tuple[str, int], list[tuple[ServiceEntry, Port]]] = {}
    for entry in mesh.service_entries:
        for host in dict.fromkeys(host.lower() for host in entry.hosts):
            for port in entry.ports:
                if port.number is not None:
                    claims.setdefault((host, port.number), []).append((entry, port))
    return claims


def competing_entries(mesh: Mesh) -> Iterator[tuple[ServiceEntry, str, ServiceEntry]]:
    """Entries of two namespaces that lead one host and port elsewhere and that all namespaces see.

    Clients of a third namespace use the older one (Istio: host choice). Entries of one namespace are merged.
    """
    told: set[tuple[int, int]] = set()
    for (host, _), found in sorted(_claims(mesh).items()):
        for (one, port), (other, theirs) in permutations(found, 2):
            same = one.resource.namespace == other.resource.namespace or (id(one), id(other)) in told
            if same or (port.protocol or "TCP").upper() != (theirs.protocol or "TCP").upper():
                continue
            public = all(mesh.hosts.visibility_of_entry(entry).everywhere for entry in (one, other))
            if public and _leads_to(one) != _leads_to(other):
                told.add((id(one), id(other)))
                yield one, host, other


def _leads_to(entry: ServiceEntry) -> tuple[str, str, frozenset[str]]:
    addresses = frozenset(str(one.address) for one in entry.endpoints if one.address)
    return str(entry.location), str(entry.resolution), addresses


def _seen_together(mesh: Mesh, one: ServiceEntry, other: ServiceEntry) -> bool:
    if one is not other and one.resource.id == other.resource.id:
        return False
    first, second = mesh.hosts.visibility_of_entry(one), mesh.hosts.visibility_of_entry(other)
    return first.everywhere or second.everywhere or bool(first.namespaces & second.namespaces)


def selecting_nothing(mesh: Mesh) -> Iterator[ServiceEntry]:
    """Entries whose selector picks neither a pod nor a WorkloadEntry, where such are in view."""
    for entry in mesh.service_entries:
        namespace = entry.resource.namespace
        if entry.workload_selector is None or not entry.workload_selector.labels:
            continue
        kinds = ((_GROUP, "WorkloadEntry"), *WORKLOADS)
        grouped = any(one.namespace == namespace for one in mesh.resources.of(_GROUP, "WorkloadGroup"))
        if grouped or not mesh.namespaces.shows(namespace, kinds, entry.field):
            continue
        selector = LabelSelector.of(entry.workload_selector.labels)
        machines = (workload_entry(one) for one in mesh.resources.of(_GROUP, "WorkloadEntry"))
        found = any(one.resource.namespace == namespace and selector.admits(one.labels) for one in machines)
        if not found and not may_select(mesh, namespace, entry.workload_selector.labels):
            yield entry


def idle_workload_entries(mesh: Mesh) -> Iterator[Resource]:
    """WorkloadEntries that no ServiceEntry and no Service in view selects."""
    for resource in mesh.resources.of(_GROUP, "WorkloadEntry"):
        labels = workload_entry(resource).labels
        selectors = [
            entry.workload_selector.labels
            for entry in mesh.service_entries
            if entry.resource.namespace == resource.namespace and entry.workload_selector is not None
        ]
        selectors += [
            service.selector
            for service in mesh.services.all
            if service.namespace == resource.namespace and service.selector
        ]
        if not any(LabelSelector.of(selector).admits(labels) for selector in selectors):
            yield resource
