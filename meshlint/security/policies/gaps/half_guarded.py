"""Services of which policies guard some workloads and leave others open."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.scope import has_sidecar, labels_of, selecting
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class HalfGuarded:
    """A Service of which `policy` guards a workload, while no ALLOW policy is for `left_out`."""

    service: Service
    policy: AuthorizationPolicy
    guarded: Workload
    left_out: Workload


def half_guarded(mesh: Mesh) -> Iterator[HalfGuarded]:
    """Where a Service leads callers past an ALLOW policy: to workloads that it does not select.

    One that no ALLOW policy is for takes every request (Istio: order of authorization policies).
    """
    for policy in selecting(mesh):
        if policy.action != "ALLOW" or policy.is_dry_run:
            continue
        found = next(_open_beside(mesh, policy), None)
        if found is not None:
            yield found


def _open_beside(mesh: Mesh, policy: AuthorizationPolicy) -> Iterator[HalfGuarded]:
    """What stands open beside the workloads of a policy, each Service looked at once."""
    selected = mesh.authorization_policies.selected(policy)
    if not _is_part(mesh, selected):
        return
    labels = frozenset(labels_of(policy).items())
    for service, workload, others in _beside(mesh, selected, labels):
        for other in others:
            if belong_together(policy.resource, other.resource):
                yield HalfGuarded(service, policy, workload, other)


@remembered
def _is_part(mesh: Mesh, selected: tuple[Workload, ...]) -> bool:
    """Whether some Service leads to workloads beside those that are selected, as few do."""
    behind = {mesh.services.backing(one) for each in selected for one in mesh.services.of(each)}
    return any(one != selected and not frozenset(one).issubset(selected) for one in behind)


@remembered
def _beside(
    mesh: Mesh, selected: tuple[Workload, ...], labels: frozenset[tuple[str, str]]
) -> tuple[tuple[Service, Workload, tuple[Workload, ...]], ...]:
    """The Services of workloads that labels select, with the first of these and the open ones of other
    versions behind it; those without any left out. Services with the same workloads are looked at together.
    """
    guarded: dict[Service, Workload] = {}
    met: set[int] = set()
    for workload in selected:
        services = mesh.services.of(workload)
        if id(services) not in met:
            met.add(id(services))
            for service in services:
                guarded.setdefault(service, workload)
    found = (
        (one, first, _left_open(mesh, mesh.services.backing(one), labels)) for one, first in guarded.items()
    )
    return tuple(entry for entry in found if entry[2])


@remembered
def _left_open(
    mesh: Mesh, backing: tuple[Workload, ...], labels: frozenset[tuple[str, str]]
) -> tuple[Workload, ...]:
    return tuple(one for one in backing if _is_other_version(one, labels) and _is_open(mesh, one))


def _is_other_version(other: Workload, labels: frozenset[tuple[str, str]]) -> bool:
    """Whether a policy's labels leave out a workload that has their keys, with other values."""
    return any(key in other.pod.labels and other.pod.labels[key] != value for key, value in labels)


@remembered
def _is_open(mesh: Mesh, workload: Workload) -> bool:
    policies = mesh.authorization_policies.attached_to(workload)
    return has_sidecar(mesh, workload) and not any(
        one.action in ("ALLOW", "CUSTOM") and not one.is_dry_run for one in policies
    )
