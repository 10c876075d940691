"""Pods of a service that none of its subsets takes in, though every route leads to a subset."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.destinations.routed import RoutedTo
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class UnlabelledPods:
    """A workload without the label, `key`, that the subsets of `rule` tell pods apart by."""

    rule: DestinationRule
    workload: Workload
    key: str
    routed: RoutedTo


def unlabelled_pods(mesh: Mesh, routed: tuple[RoutedTo, ...]) -> Iterator[UnlabelledPods]:
    """Every workload whose pods get none of the requests that routes share out."""
    keyed = [(rule, key) for rule in mesh.destination_rules.all if (key := _common_key(rule)) is not None]
    by_host: dict[str, list[RoutedTo]] = {mesh.destination_rules.host(rule): [] for rule, _ in keyed}
    for one in routed:
        if one.host in by_host and not one.is_mirror:
            by_host[one.host].append(one)
    for rule, key in keyed:
        host = mesh.destination_rules.host(rule)
        here = by_host[host]
        if not here or not all(one.destination.subset for one in here):
            continue
        if not any(one.host in mesh.virtual_services.hosts(one.virtual_service) for one in here):
            continue
        for workload in _behind(mesh, rule, host):
            if key not in workload.pod.labels and key not in workload.controller_labels:
                yield UnlabelledPods(rule, workload, key, here[0])


def _common_key(rule: DestinationRule) -> str | None:
    """The one label that all subsets of a rule, two at least, tell pods apart by."""
    subsets = rule.subsets
    if len(subsets) < 2 or any(len(one.labels) != 1 for one in subsets):
        return None
    keys = {key for one in subsets for key in one.labels}
    return str(keys.pop()) if len(keys) == 1 else None


def _behind(mesh: Mesh, rule: DestinationRule, host: str) -> Iterator[Workload]:
    known = mesh.hosts.known(host)
    if known is None or known.service is None or len(mesh.services.alternatives(known.service)) > 1:
        return
    workloads = mesh.services.backing(known.service)
    together = all(belong_together(rule.resource, one.resource) for one in workloads)
    if together and len({(one.kind, one.name) for one in workloads}) == len(workloads):
        yield from workloads
