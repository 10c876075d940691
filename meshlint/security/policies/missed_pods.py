"""Security policies whose selectors miss the pods that they are meant for."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.policies.attachment import Attachable
from meshlint.mesh.questions.machines import may_select_machines
from meshlint.mesh.questions.near_misses import nearly_selected
from meshlint.mesh.questions.unseen_pods import may_select
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.policies.scope import labels_of


def missed_pods(mesh: Mesh) -> Iterator[tuple[Attachable, Workload]]:
    """Policies on calls and on tokens that select nothing, each with the workload that was meant."""
    for policy in _policies(mesh):
        meant = _meant(mesh, policy)
        if meant is not None:
            yield policy, meant


def idle_policies(mesh: Mesh) -> Iterator[tuple[Attachable, Workload | None]]:
    """Policies on calls and on tokens that select nothing in their namespace, and no other word tells why.

    That takes workloads of the namespace to be in view, or the selected ones to be in another: then one of
    these is given. Pods that name no namespace may yet be brought to the one of the policy.
    """
    for policy in _policies(mesh):
        labels, namespace = labels_of(policy), policy.resource.namespace
        in_root = namespace == mesh.settings.root_namespace
        if not labels and _is_for_nobody(mesh, policy):
            yield policy, None
        if not labels or GATEWAY_NAME in labels or (in_root and not mesh.settings.complete):
            continue
        fitting = mesh.workloads.labelled(None, labels)
        if any(in_root or one.namespace == namespace for one in fitting) or _meant(mesh, policy) is not None:
            continue
        is_placed = all(one.names_namespace for one in (policy.resource, *(pod.resource for pod in fitting)))
        if fitting and is_placed:
            yield policy, fitting[0]
        shown = not fitting and mesh.namespaces.shows(namespace, WORKLOADS, policy.resource.field)
        if shown and not may_select(mesh, namespace, labels):
            yield policy, None


def _is_for_nobody(mesh: Mesh, policy: Attachable) -> bool:
    """Whether a policy is for a whole namespace of which the files show that nothing runs there."""
    namespace = policy.resource.namespace
    is_wide = not policy.target_refs and namespace != mesh.settings.root_namespace
    if not is_wide or not mesh.settings.complete or mesh.namespaces.get(namespace) is None:
        return False
    gateways = any(one.namespace == namespace for one in mesh.kubernetes_gateways)
    runs = bool(mesh.workloads.in_namespace(namespace)) or gateways
    return not runs and not may_select_machines(mesh, namespace, {})


def _policies(mesh: Mesh) -> tuple[Attachable, ...]:
    policies: tuple[Attachable, ...] = mesh.authorization_policies.all
    tokens: tuple[Attachable, ...] = mesh.request_authentications.all
    return (*policies, *tokens)


@remembered
def _meant(mesh: Mesh, policy: Attachable) -> Workload | None:
    labels, namespace = labels_of(policy), policy.resource.namespace
    in_root = namespace == mesh.settings.root_namespace
    if not labels or mesh.workloads.labelled(None if in_root else namespace, labels):
        return None
    if may_select_machines(mesh, namespace, labels):
        return None
    return nearly_selected(mesh, policy.resource, labels)
