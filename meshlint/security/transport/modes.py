"""The TLS modes that DestinationRules put in force for the calls of a client to a port of a Service."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh import Mesh
from meshlint.mesh.routing.destination_rules import Applied
from meshlint.mesh.routing.effective_policies import AUTO, policy_of
from meshlint.resources.age import are_known
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.kubernetes.service import Service
from meshlint.values import evolve


def written_modes(
    mesh: Mesh, namespace: str, labels: Mapping[str, str] | None, service: Service, port: int
) -> tuple[frozenset[str], tuple[DestinationRule, ...]]:
    """The modes that DestinationRules may put in force, several where files do not tell which rule counts;
    none where all leave it to the mesh.
    """
    host = mesh.hosts.service_name(service).host(mesh.settings.cluster_domain)
    applied = mesh.destination_rules.for_client(namespace, host, service.namespace, labels)
    found: dict[str, list[DestinationRule]] = {}
    for one in () if applied is None else _possible(applied):
        mode = policy_of(one, port).of_sidecar().tls_mode
        found.setdefault(mode, []).extend(one.rules)
    if set(found) <= {AUTO}:
        return frozenset(), ()
    return frozenset(found), tuple(rule for rules in found.values() for rule in rules)


def _possible(applied: Applied) -> tuple[Applied, ...]:
    """What may count, each with the rules that decide: the oldest with a policy where ages are known."""
    writing = tuple(rule for rule in applied.rules if rule.traffic_policy is not None)
    if are_known(rule.resource for rule in (*applied.rules, *applied.others)):
        return (evolve(applied, rules=writing[:1]),) if writing else ()
    return tuple(evolve(applied, rules=(rule,)) for rule in (*(writing or applied.rules), *applied.others))
