"""Which workloads any caller may call, because no ALLOW policy is for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.parts import by_place
from meshlint.mesh.remembered import once_each
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import is_meshed
from meshlint.security.policies.scope import names_service


def open_namespaces(mesh: Mesh) -> Iterator[tuple[str, tuple[Workload, ...]]]:
    """The namespaces with meshed workloads that no enforced ALLOW or CUSTOM policy is for, and these."""
    some_decide = once_each(_some_decide)
    naming = by_place(one for one in mesh.authorization_policies.all if one.target_refs and _decides(one))
    for namespace in mesh.workloads.namespaces:
        found = tuple(
            one
            for one in mesh.workloads.in_namespace(namespace)
            if not is_gateway(one)
            and is_meshed(mesh, one)
            and not some_decide(mesh.authorization_policies.attached_to(one))
            and not _is_named(mesh, one, naming.get(namespace, ()))
        )
        if found:
            yield namespace, found


def _some_decide(policies: tuple[AuthorizationPolicy, ...]) -> bool:
    return any(map(_decides, policies))


def _decides(policy: AuthorizationPolicy) -> bool:
    """Whether requests are let in for what a policy says, or for want of that denied."""
    return policy.action in ("ALLOW", "CUSTOM") and not policy.is_dry_run


def _is_named(mesh: Mesh, workload: Workload, naming: Iterable[AuthorizationPolicy]) -> bool:
    """Whether some policies name a Service of a workload, or what may be its waypoint."""
    refs = [ref for policy in naming for ref in policy.target_refs]
    if not refs:
        return False
    names = {service.name for service in mesh.services.of(workload)}
    return any(not names_service(ref) or ref.name in names for ref in refs)


def wide_allow_policies(mesh: Mesh) -> Iterator[AuthorizationPolicy]:
    """ALLOW policies with rules for every workload of the mesh, which deny all that no policy allows."""
    for policy in mesh.authorization_policies.all:
        labels = policy.selector.labels if policy.selector is not None else {}
        in_root = policy.resource.namespace == mesh.settings.root_namespace
        is_wide = in_root and not (labels or policy.target_refs or policy.is_dry_run)
        if is_wide and policy.action == "ALLOW" and policy.rules:
            yield policy
