"""What is left of AuthorizationPolicies where connections alone are seen: at ztunnel, and at TCP ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.membership.istio import in_ambient

Reaching = tuple[AuthorizationPolicy, tuple[Workload, ...]]
"""A policy and workloads that it is for."""


def rules_on(
    mesh: Mesh, chain: Chain, reaching: Iterable[Reaching], action: str = ""
) -> Iterator[tuple[AuthorizationPolicy, tuple[Workload, ...], Translated]]:
    """Each rule of some policies as `chain` has it; of those with one action alone if `action` names it."""
    for policy, workloads in reaching:
        if action in ("", policy.action):
            for rule in translated(mesh, policy, chain, ()):
                yield policy, workloads, rule


@remembered
def before_ztunnel(mesh: Mesh) -> tuple[Reaching, ...]:
    """The policies that ztunnel is to enforce, each with the first of the workloads in ambient mode."""
    found: list[Reaching] = []
    for policy in mesh.authorization_policies.all:
        if policy.target_refs or policy.is_dry_run:
            continue
        ambient = in_ambient(mesh, reach_of(policy, mesh.settings))
        selected = mesh.authorization_policies.selected(policy) if ambient else ()
        first = next((one for one in selected if one in ambient), None)
        if first is not None:
            found.append((policy, (first,)))
    return tuple(found)
