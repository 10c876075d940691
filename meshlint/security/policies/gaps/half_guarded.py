"""Services of which policies guard some workloads and leave others open."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.scope import has_sidecar, labels_of, selecting
from meshlint.values import frozen

Labels = frozenset[tuple[str, str]]


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
    place, labels = reach_of(policy, mesh.settings), frozenset(labels_of(policy).items())
    if not _is_part(mesh, place, labels):
        return
    for service, workload, others in _beside(mesh, place, labels):
        for other in others:
            if belong_together(policy.resource, other.resource):
                yield HalfGuarded(service, policy, workload, other)


@remembered
def _is_part(mesh: Mesh, place: str | None, labels: Labels) -> bool:
    """Whether some Service leads to workloads beside those that labels select, as few do."""
    selected = mesh.workloads.labelled(place, dict(labels))
    held = frozenset(selected)
    before = {id(services): services for services in map(mesh.services.of, selected)}
    behind = {id(one): one for services in before.values() for one in map(mesh.services.backing, services)}
    return any(one is not selected and not held.issuperset(one) for one in behind.values())


@remembered
def _beside(
    mesh: Mesh, place: str | None, labels: Labels
) -> tuple[tuple[Service, Workload, tuple[Workload, ...]], ...]:
    """The Services of workloads that labels select, with the first of these and the open ones of other
    versions behind it; those without any left out. Services with the same workloads are looked at together.
    """
    guarded: dict[Service, Workload] = {}
    met: set[int] = set()
    for workload in mesh.workloads.labelled(place, dict(labels)):
        services = mesh.services.of(workload)
        if id(services) not in met:
            met.add(id(services))
            for service in services:
                guarded.setdefault(service, workload)
    behind = {id(backing): backing for backing in map(mesh.services.backing, guarded)}
    left_open = {key: _left_open(mesh, backing, labels) for key, backing in behind.items()}
    found = ((one, first, left_open[id(mesh.services.backing(one))]) for one, first in guarded.items())
    return tuple(entry for entry in found if entry[2])


def _left_open(mesh: Mesh, backing: tuple[Workload, ...], labels: Labels) -> tuple[Workload, ...]:
    return tuple(one for one in backing if _is_other_version(one, labels) and _is_open(mesh, one))


def _is_other_version(other: Workload, labels: Labels) -> bool:
    """Whether a policy's labels leave out a workload that has their keys, with other values."""
    return any(key in other.pod.labels and other.pod.labels[key] != value for key, value in labels)


@remembered
def _is_open(mesh: Mesh, workload: Workload) -> bool:
    policies = mesh.authorization_policies.attached_to(workload)
    return has_sidecar(mesh, workload) and not any(
        one.action in ("ALLOW", "CUSTOM") and not one.is_dry_run for one in policies
    )
