"""DestinationRules and subsets that are rejected, left out, or not in force as they look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.matching import LabelSelector
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.routing.effective_policies import BLOCKS
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.resources.resource import Resource


def subset_without_labels(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A subset has no labels, so it is the whole service."""
    for rule in world.mesh.destination_rules.all:
        for subset in rule.subsets:
            if not subset.labels and not subset.field / "labels" and not subset.traffic_policy:
                yield Hit(
                    subset.field / "name",
                    f"{rule.resource}: subset {str(subset.name or '')!r} has no labels, "
                    "so it holds all pods of the service",
                    resource=rule.resource,
                    hint="Add the labels that tell its pods apart.",
                )


def subset_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """One DestinationRule defines a subset twice."""
    return told(world, Mistake.SUBSET_TWICE)


def policy_empty(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A traffic policy says nothing."""
    return told(world, Mistake.EMPTY_POLICY)


def port_resets(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A port's settings leave out a block that stands above them, which resets it."""
    for rule in world.mesh.destination_rules.all:
        policy = rule.traffic_policy
        if policy is None:
            continue
        above = [name for name in BLOCKS if policy.field / name]
        for entry in policy.port_level_settings:
            lost = [name for name in above if not entry.field / name and not _is_mild(policy, name)]
            if lost:
                yield Hit(
                    entry.field / "port",
                    f"{rule.resource}: settings of port {entry.port} inherit nothing, "
                    f"so {' and '.join(lost)} above do not apply to it",
                    resource=rule.resource,
                    on_key=True,
                    hint=f"Repeat {' and '.join(lost)} for the port.",
                    related=tuple(Related(policy.field / name, "does not apply") for name in lost),
                    about=str(entry.port),
                )


def _is_mild(policy: TrafficPolicy, name: str) -> bool:
    """Whether losing a block changes next to nothing: just the order in which endpoints are picked."""
    value = (policy.field / name).value
    return name == "loadBalancer" and isinstance(value, dict) and set(value) == {"simple"}


def port_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings are for a port that the host does not have."""
    from meshlint.mesh.hosts.protocols import host_ports

    for rule in world.mesh.destination_rules.all:
        known = world.mesh.hosts.known(world.mesh.destination_rules.host(rule))
        ports = [port.number for port in host_ports(known)] if known is not None else []
        for owner, entry in _policies_of(rule) if ports else ():
            if entry.port is not None and entry.port not in ports:
                yield Hit(
                    entry.field / "port" / "number",
                    f"{owner} has settings for port {entry.port}, which {str(rule.host)!r} does not have, "
                    "so they are idle",
                    resource=owner,
                    hint=f"It has {listed(ports)}.".replace("'", ""),
                )


def _policies_of(rule: DestinationRule) -> Iterator[tuple[Resource, TrafficPolicy]]:
    for policy in (rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)):
        if policy is not None:
            yield from ((rule.resource, entry) for entry in policy.port_level_settings)


def same_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two DestinationRules of a namespace for one host both have a policy."""
    from meshlint.traffic.destination_rules.conflicts import conflicts

    for one, other, key in conflicts(world.mesh):
        if key == "trafficPolicy":
            yield Hit(
                one.field / "trafficPolicy",
                f"{one.resource} and {_name(other)} both have a policy for {str(one.host)!r}, "
                "so only the older's counts",
                resource=one.resource,
                on_key=True,
                hint="Merge the two policies in one DestinationRule.",
                related=(Related(other.field / "trafficPolicy", "the other policy"),),
                about=_name(other),
            )


def same_host_apart(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two DestinationRules of a namespace for one host are exported differently."""
    from meshlint.traffic.destination_rules.conflicts import conflicts

    seen = world.mesh.destination_rules.visibility
    for one, other, key in conflicts(world.mesh):
        if key == "exportTo" and seen(one).overlaps(seen(other)):
            yield Hit(
                one.export_to[0].field if one.export_to else one.field / "host",
                f"{one.resource} and {_name(other)} export {str(one.host)!r} differently, "
                "so clients of both see only the younger",
                resource=one.resource,
                hint="Rules for one host are merged only if their `exportTo` is the same.",
                related=(Related(other.field / "host", "the other rule"),),
                about=_name(other),
            )


def _name(rule: DestinationRule) -> str:
    return f"{rule.resource.namespace}/{rule.resource.name}"


def selector_exported(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule for some clients is exported to other namespaces."""
    return told(world, Mistake.SELECTOR_EXPORTED)


def selects_nobody(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule is for clients that are not there."""
    from meshlint.mesh.questions.near_misses import nearly_selected
    from meshlint.mesh.questions.unseen_pods import may_select
    from meshlint.mesh.workloads.gateways import means_gateways

    mesh = world.mesh
    for rule in mesh.destination_rules.all:
        labels = rule.workload_selector.labels if rule.workload_selector is not None else {}
        namespace = rule.resource.namespace
        if not labels or means_gateways(labels) or may_select(mesh, namespace, labels):
            continue
        meant = nearly_selected(mesh, rule.resource, labels)
        if meant is not None or mesh.namespaces.shows(namespace, WORKLOADS, rule.field):
            place = () if meant is None else (Related(meant.pod.field / "metadata" / "labels", "its labels"),)
            yield Hit(
                rule.field / "workloadSelector",
                f"{rule.resource} is for clients with {LabelSelector.of(labels).describe()}, which no pod of "
                "its namespace has, so it is for nobody",
                resource=rule.resource,
                on_key=True,
                hint="It selects the clients, by labels of their pods.",
                related=place,
            )
