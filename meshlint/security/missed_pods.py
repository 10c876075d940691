"""Security policies whose selectors miss the pods that they are meant for."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.attachment import Attachable
from meshlint.mesh.machines import may_select_machines
from meshlint.mesh.near_misses import nearly_selected
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policy_scope import labels_of


def missed_pods(mesh: Mesh) -> Iterator[tuple[Attachable, Workload]]:
    """Policies on calls and on tokens that select nothing, each with the workload that was meant."""
    policies: tuple[Attachable, ...] = mesh.authorization_policies.all
    tokens: tuple[Attachable, ...] = mesh.request_authentications.all
    for policy in (*policies, *tokens):
        meant = _meant(mesh, policy)
        if meant is not None:
            yield policy, meant


def is_missed(mesh: Mesh, policy: Attachable) -> bool:
    """Whether a policy is one of those that miss the pods they are meant for."""
    return _meant(mesh, policy) is not None


def _meant(mesh: Mesh, policy: Attachable) -> Workload | None:
    labels, namespace = labels_of(policy), policy.resource.namespace
    in_root = namespace == mesh.settings.root_namespace
    if not labels or mesh.workloads.labelled(None if in_root else namespace, labels):
        return None
    if may_select_machines(mesh, namespace, labels):
        return None
    return nearly_selected(mesh, policy.resource, labels)
