"""AuthorizationPolicies that do not reach the workloads, ports and listeners that they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import port_number
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import once_each
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import concerns_port
from meshlint.security.policies.gaps.past_pods import past_gateways
from meshlint.security.policies.missed_pods import idle_policies
from meshlint.security.policies.on_connections import rules_on
from meshlint.security.policies.on_tcp import rules_left_out
from meshlint.security.policies.scope import before_sidecars, has_sidecar, labels_of, selecting
from meshlint.security.transport.capture import inbound_bypass
from meshlint.security.transport.inbound import connection_ports, served_ports, service_ports

Parameters = Mapping[str, Any]
_PORT_KEYS = ("destination.port",)


def labels_off_template(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector whose labels stand on a workload and not on its pods."""
    for policy in selecting(world.mesh):
        if world.mesh.authorization_policies.selected(policy):
            continue
        found = world.mesh.workloads.labelled_themselves(policy.namespace, labels_of(policy))
        for workload in found[:1]:
            yield Hit(
                policy.field / "selector" / "matchLabels",
                f"{policy} selects by labels that only {workload} itself has, so it reaches no pods",
                resource=policy.resource,
                related=(Related(workload.pod.field / "metadata", "the pods' own labels"),),
            )


def selects_nothing(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector that no pod in view satisfies."""
    idle = tuple(idle_policies(world.mesh))
    past = {id(one.policy) for one in past_gateways(world.mesh)} if idle else ()
    for policy, elsewhere in idle:
        if id(policy) in past:
            continue
        where = f", only {elsewhere}" if elsewhere is not None else ""
        at, what = policy.resource.at("spec", "selector", "matchLabels"), "selects no pod of its namespace"
        if not labels_of(policy):
            at, what = policy.resource.at("metadata", "name"), "is for a namespace without pods"
        yield Hit(
            at,
            f"{policy.resource} {what}{where}, so it has no effect",
            resource=policy.resource,
        )


def past_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy for gateways by its labels that reaches none."""
    for found in past_gateways(world.mesh):
        owner = found.policy.resource
        place = () if found.meant is None else (Related(found.meant.at("metadata", "name"), "this gateway"),)
        yield Hit(
            owner.at("spec", "selector", "matchLabels"),
            f"{owner} selects no gateway: {found.reason}, so it has no effect",
            resource=owner,
            hint=found.hint,
            related=place,
        )


def service_port_named(world: World, _: Parameters) -> Iterator[Hit]:
    """A port of a Service where the port of the container counts."""
    for policy in selecting(world.mesh):
        ports = tuple(_ports(policy))
        workloads = world.mesh.authorization_policies.selected(policy) if ports else ()
        if not workloads or not all(has_sidecar(world.mesh, one) for one in workloads):
            continue
        served = frozenset().union(*(served_ports(world.mesh, one) for one in workloads))
        offered = {
            number: target
            for one in workloads
            for number, targets in service_ports(world.mesh, one).items()
            for target in sorted(targets)
        }
        for value in ports:
            number = port_number(value)
            if number is not None and number in offered and number not in served:
                yield Hit(
                    value.field,
                    f"{policy} names port {value} of a Service, but its pods get those calls at "
                    f"{offered[number]}, so it never matches",
                    resource=policy.resource,
                    hint=f"Name the container's port, {offered[number]}.",
                )


def http_rule_on_tcp(world: World, _: Parameters) -> Iterator[Hit]:
    """An ALLOW rule about requests for workloads of which a port speaks plain TCP."""
    for policy, rule, workload in rules_left_out(world.mesh):
        yield Hit(
            rule.dropped[0].field,
            f"{policy} asks about requests, and {workload} speaks TCP alone, so the rule is left out there",
            resource=policy.resource,
            hint="Name the Service's ports `http-…`, or use ports and principals alone.",
            related=(Related(workload.resource.at("metadata", "name"), "it is asked for connections"),),
        )


def deny_widened_on_tcp(world: World, _: Parameters) -> Iterator[Hit]:
    """A DENY rule about requests that covers a TCP port as well, where it denies every connection."""
    on_connections = once_each(partial(_on_connections, world.mesh))
    denying = (one for one in world.mesh.authorization_policies.all if one.action == "DENY")
    reaching = (
        (policy, narrowed)
        for policy, workloads in before_sidecars(world.mesh, denying)
        if (narrowed := on_connections(workloads))
    )
    for policy, workloads, rule in rules_on(world.mesh, Chain.TCP, reaching):
        if not rule.dropped or rule.vanished:
            continue
        ports = (port for one in workloads for port in connection_ports(world.mesh, one))
        found = next((port for port in ports if concerns_port(rule, port)), None)
        if found is not None:
            yield Hit(
                rule.dropped[0].field,
                f"{policy} denies by what only HTTP has, so on TCP port {found} the rule denies more",
                resource=policy.resource,
                hint="Limit the rule to the HTTP ports with `ports`.",
            )


def _on_connections(mesh: Mesh, workloads: tuple[Workload, ...]) -> tuple[Workload, ...]:
    """The workloads of which a proxy sees connections alone at some port."""
    return tuple(one for one in workloads if connection_ports(mesh, one))


def bypassed_by_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A port that goes past the proxy of a workload which policies guard."""
    for workload in world.mesh.workloads.all:
        if not inbound_bypass(workload).because or not has_sidecar(world.mesh, workload):
            continue
        policies = world.mesh.authorization_policies.attached_to(workload)
        for annotation, ports in _bypasses(world, workload):
            if policies and ports:
                yield Hit(
                    annotation.field,
                    f"{workload} takes port {min(ports)} past its proxy, so {policies[0]} does not guard it",
                    resource=workload.resource,
                    related=(Related(policies[0].resource.at("metadata", "name"), "the policy"),),
                )


def _ports(policy: AuthorizationPolicy) -> Iterator[Text]:
    for rule in policy.rules or ():
        for operation in rule.to or ():
            yield from operation.ports
            yield from operation.not_ports
        for condition in rule.when or ():
            if condition.key in _PORT_KEYS:
                yield from condition.values
                yield from condition.not_values


def _bypasses(world: World, workload: Workload) -> Iterator[tuple[Text, frozenset[int]]]:
    served = frozenset(
        target for targets in service_ports(world.mesh, workload).values() for target in targets
    )
    for annotation, ports in inbound_bypass(workload).because:
        yield annotation, frozenset(port for port in served if ports.admits(port))
