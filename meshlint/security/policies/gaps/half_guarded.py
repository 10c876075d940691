"""Services of which policies guard some workloads and leave others open."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import remembered
from meshlint.records import frozen
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.scope import has_sidecar, labels_of, selecting


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
    guarded: dict[Service, Workload] = {}
    for workload in mesh.authorization_policies.selected(policy):
        for service in mesh.services.of(workload):
            guarded.setdefault(service, workload)
    for service, workload in guarded.items():
        for other in mesh.services.backing(service):
            left_out = _is_other_version(other, policy) and _is_open(mesh, other)
            if left_out and belong_together(policy.resource, other.resource):
                yield HalfGuarded(service, policy, workload, other)


def _is_other_version(other: Workload, policy: AuthorizationPolicy) -> bool:
    """Whether the policy's labels leave out a workload that has their keys, with other values."""
    labels = labels_of(policy)
    return any(key in other.pod.labels and other.pod.labels[key] != value for key, value in labels.items())


@remembered
def _is_open(mesh: Mesh, workload: Workload) -> bool:
    policies = mesh.authorization_policies.attached_to(workload)
    return has_sidecar(mesh, workload) and not any(
        one.action in ("ALLOW", "CUSTOM") and not one.is_dry_run for one in policies
    )
