"""Which workloads any caller may call, because no ALLOW policy is for them."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import is_meshed
from meshlint.security.policies.scope import names_service


def open_namespaces(mesh: Mesh) -> Iterator[tuple[str, tuple[Workload, ...]]]:
    """The namespaces with meshed workloads that no enforced ALLOW or CUSTOM policy is for, and these."""
    for namespace in mesh.workloads.namespaces:
        found = tuple(one for one in mesh.workloads.in_namespace(namespace) if _is_open(mesh, one))
        if found:
            yield namespace, found


def _is_open(mesh: Mesh, workload: Workload) -> bool:
    if is_gateway(workload):
        return False
    if not is_meshed(mesh, workload):
        return False
    return not any(
        one.action in ("ALLOW", "CUSTOM") and not one.is_dry_run for one in _policies(mesh, workload)
    )


def _policies(mesh: Mesh, workload: Workload) -> Iterator[AuthorizationPolicy]:
    """The policies for a workload, at its waypoint as well."""
    yield from mesh.authorization_policies.attached_to(workload)
    names = {service.name for service in mesh.services.of(workload)}
    for policy in mesh.authorization_policies.all:
        named = any(not names_service(ref) or ref.name in names for ref in policy.target_refs)
        if named and policy.resource.namespace == workload.namespace:
            yield policy


def wide_allow_policies(mesh: Mesh) -> Iterator[AuthorizationPolicy]:
    """ALLOW policies with rules for every workload of the mesh, which deny all that no policy allows."""
    for policy in mesh.authorization_policies.all:
        labels = policy.selector.labels if policy.selector is not None else {}
        in_root = policy.resource.namespace == mesh.settings.root_namespace
        is_wide = in_root and not (labels or policy.target_refs or policy.is_dry_run)
        if is_wide and policy.action == "ALLOW" and policy.rules:
            yield policy
