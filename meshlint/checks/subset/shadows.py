"""DestinationRules that others take the place of, and subsets that leave pods or policies aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.resources.istio.destination_rule import DestinationRule


def selector_shadow(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule for some clients leaves out what the one that it replaces says."""
    from meshlint.traffic.destination_rules.shadows import selector_shadows

    for shadow in selector_shadows(world.mesh):
        owner, lost = shadow.rule.resource, " and ".join(shadow.lost[:3])
        yield Hit(
            shadow.rule.field / "workloadSelector",
            f"{owner} replaces {_name(shadow.plain)} for its clients, so they lose {lost}",
            resource=owner,
            on_key=True,
            hint="Nothing is inherited: repeat what shall go on to apply.",
            related=(Related(shadow.plain.field / "host", "the rule that it replaces"),),
            about=_name(shadow.plain),
        )


def twin_subsets(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two merged DestinationRules define one subset differently."""
    from meshlint.traffic.destination_rules.shadows import twin_subsets as twins

    for one in twins(world.mesh):
        name = str(one.subset.name)
        yield Hit(
            one.subset.field / "name",
            f"{one.rule.resource} defines subset {name!r} unlike {_name(one.other)}, "
            "so only the older counts",
            resource=one.rule.resource,
            hint="Rules of a namespace for one host are merged: define each subset in one of them.",
            related=(Related(one.twin.field / "name", "the other definition"),),
            about=_name(one.other),
        )


def overruled_in_root(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule of the root namespace gives way to one beside the service."""
    from meshlint.traffic.destination_rules.shadows import overruled_in_root as overruled

    for rule, nearer in overruled(world.mesh):
        yield Hit(
            rule.field / "host",
            f"{rule.resource} gives way to {_name(nearer)}, which lies beside the service, so it is not used",
            resource=rule.resource,
            hint="Rules of several namespaces are not merged: the nearest one counts alone.",
            related=(Related(nearer.field / "host", "the rule that counts"),),
        )


def policy_unrouted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A subset has a policy, and no route names the subset.

    Where a route names a subset that is not there, it may mean this one, and is told itself.
    """
    told = {rule.resource.id for absent in world.traffic.subsets.absent for rule in absent.rules}
    for rule, subset in world.traffic.subsets.unused:
        if subset.traffic_policy is not None and rule.resource.id not in told:
            yield Hit(
                subset.traffic_policy.field,
                f"{rule.resource} has a policy for subset {str(subset.name or '')!r}, which no route names, "
                "so it never applies",
                resource=rule.resource,
                on_key=True,
                hint="Route to the subset, or move the policy to the `trafficPolicy` of the host.",
                about=str(subset.name),
            )


def pods_left_out(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Pods lack the label that all subsets go by, and all routes lead to subsets."""
    from meshlint.traffic.destination_rules.unlabelled_pods import unlabelled_pods

    for one in unlabelled_pods(world.mesh, world.traffic.destinations):
        yield Hit(
            one.workload.pod.field / "metadata" / "labels",
            f"{one.workload} has no label {one.key!r}, which all subsets of {str(one.rule.host)!r} go by, "
            "so it gets no requests",
            resource=one.workload.resource,
            on_key=True,
            hint=f"Label the pods with {one.key!r}, or add a subset that takes them in.",
            related=(Related(one.rule.field / "subsets", "the subsets"),),
        )


def _name(rule: DestinationRule) -> str:
    return f"{rule.resource.namespace}/{rule.resource.name}"
