"""ALLOW policies about requests, at workloads that take connections alone."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.translate import Translated, translated
from meshlint.security.policies.scope import has_sidecar, labels_of
from meshlint.security.transport.inbound import is_plain_tcp


@remembered
def rules_left_out(mesh: Mesh) -> tuple[tuple[AuthorizationPolicy, Translated, Workload], ...]:
    """The rules about requests that count for nothing at a workload of plain TCP, which is the third.

    Where some of a policy's workloads speak HTTP the rules are meant for them, and told only if nothing is
    left that admits a connection to the others (Istio: HTTP fields on TCP filter chains).
    """
    found: list[tuple[AuthorizationPolicy, Translated, Workload]] = []
    for policy in mesh.authorization_policies.all:
        if policy.action != "ALLOW" or policy.target_refs:
            continue
        taking = _taking_connections(mesh, reach_of(policy, mesh.settings))
        workloads = mesh.authorization_policies.selected(policy) if taking else ()
        plain = [one for one in workloads if one in taking]
        rules = [rule for rule in translated(mesh, policy, Chain.TCP, ()) if rule.dropped] if plain else ()
        if rules and (len(plain) < len(workloads) or not labels_of(policy)):
            plain = [one for one in plain if not _is_entered(mesh, one)]
        found += [(policy, rule, plain[0]) for rule in (rules if plain else ())]
    return tuple(found)


@remembered
def _taking_connections(mesh: Mesh, namespace: str | None) -> frozenset[Workload]:
    """The workloads of a namespace before whose ports, which are of plain TCP alone, a sidecar stands."""
    held = mesh.workloads.within_reach(namespace)
    return frozenset(one for one in held if has_sidecar(mesh, one) and is_plain_tcp(mesh, one))


@remembered
def _is_entered(mesh: Mesh, workload: Workload) -> bool:
    """Whether some ALLOW policy has a rule that is left where there are connections alone."""
    policies = mesh.authorization_policies.attached_to(workload)
    allowing = (one for one in policies if one.action == "ALLOW" and not one.is_dry_run)
    rules = (rule for one in allowing for rule in translated(mesh, one, Chain.TCP, ()))
    return any(not rule.vanished for rule in rules)
