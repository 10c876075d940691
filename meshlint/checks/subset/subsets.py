"""Subsets that routes name and that nobody defines, and subsets that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import one_of, removed
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.destination_rules.subsets import Absence, AbsentSubset


def undefined(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names a subset that no DestinationRule that the client sees defines."""
    for absent in world.traffic.subsets.absent:
        if absent.absence is Absence.UNDEFINED:
            yield _nobody_defines(absent)
        elif absent.absence is Absence.OUT_OF_SIGHT:
            yield _not_for_clients(absent)


def unseen(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule defines a routed subset for its own namespace, and others are in view."""
    told: set[int] = set()
    for absent in world.traffic.subsets.absent:
        if absent.absence is not Absence.UNSEEN or id(absent.rules[0]) in told:
            continue
        told.add(id(absent.rules[0]))
        rule, name = absent.rules[0], str(absent.routed.destination.subset)
        yield Hit(
            rule.field / "host",
            f"{rule.resource} defines subset {name!r} for clients of its own namespace, so calls from "
            f"{listed(absent.clients)} would get status 503",
            resource=rule.resource,
            hint="If they call, too, put the rule into the namespace of the service or the root namespace.",
            related=(Related(absent.routed.destination.field / "subset", "routed to here"),),
        )


def hidden(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule takes the place of the one whose subsets a route names."""
    told: set[tuple[int, str]] = set()
    for absent in world.traffic.subsets.absent:
        rule, name = absent.hiding, str(absent.routed.destination.subset)
        if absent.absence is Absence.HIDDEN and rule is not None and (id(rule), name) not in told:
            told.add((id(rule), name))
            yield _hides(absent, rule)


def unused(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No route names a subset; one with a policy of its own is told as such."""
    for rule, subset in world.traffic.subsets.unused:
        if subset.traffic_policy is not None:
            continue
        yield Hit(
            subset.field / "name",
            f"{rule.resource} defines subset {str(subset.name)!r} that no route names, so it is idle",
            resource=rule.resource,
            hint="Route to the subset, or remove it.",
            fix=removed(subset.field, safe=False),
            about=str(subset.name),
        )


def without_pods(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names a subset that no pod of the service is in."""
    for empty in world.traffic.subsets.empty:
        labels = ", ".join(f"{key}={value}" for key, value in empty.subset.labels.items())
        values = [
            f"{key}={workload.pod.labels[key]}"
            for workload in world.mesh.services.backing(empty.service)
            for key in empty.subset.labels
            if key in workload.pod.labels
        ]
        has = f"The pods of {empty.service} have {', '.join(sorted(set(values)))}. " if values else ""
        yield Hit(
            empty.subset.field / "labels",
            f"{empty.rule.resource}: no pod of {empty.service.name!r} has {labels}, "
            f"so requests to subset {str(empty.subset.name)!r} get status 503",
            resource=empty.rule.resource,
            hint=f"{has}Match the labels of the pod templates, or take the route to the subset out.",
            related=(
                Related(empty.routed.destination.field / "subset", "routed to here"),
                _pods(world, empty.service),
            ),
            about=str(empty.subset.name),
        )


def _nobody_defines(absent: AbsentSubset) -> Hit:
    routed = absent.routed
    resource, name = routed.virtual_service.resource, str(routed.destination.subset)
    known = {str(subset.name) for rule in absent.rules for subset in rule.subsets if subset.name}
    meant = nearest(name, known) or tuple(sorted(known))
    defined = f"Defined are {listed(meant)}. " if meant else ""
    verb, effect = "routes", "so these requests get status 503"
    if routed.is_mirror:
        verb, effect = "mirrors", "so the copies are silently dropped"
    return Hit(
        routed.destination.field / "subset",
        f"{resource} {verb} to subset {name!r} of {str(routed.destination.host)!r}, "
        f"which no DestinationRule defines, {effect}",
        resource=resource,
        hint=f"{defined}Define the subset in a DestinationRule for {routed.host}.",
        fix=one_of(routed.destination.field / "subset", known),
        related=_places(absent.rules),
    )


def _not_for_clients(absent: AbsentSubset) -> Hit:
    routed = absent.routed
    resource, name = routed.virtual_service.resource, str(routed.destination.subset)
    clients = listed(absent.clients)
    return Hit(
        routed.destination.field / "subset",
        f"{resource} routes to subset {name!r}, which clients in {clients} do not see defined, "
        "so they get status 503",
        resource=resource,
        hint="A DestinationRule counts only in its own namespace, in that of the service and in the root "
        "namespace, and only for the namespaces in its `exportTo`.",
        related=_places(absent.rules),
    )


def _hides(absent: AbsentSubset, rule: DestinationRule) -> Hit:
    routed, name = absent.routed, str(absent.routed.destination.subset)
    others = tuple(other for other in absent.rules if other is not rule)
    return Hit(
        rule.field / "host",
        f"{rule.resource} hides subset {name!r} of {routed.host}, "
        f"so clients in {listed(absent.clients)} get status 503",
        resource=rule.resource,
        hint="Rules of different namespaces are not merged: define the subset here too, or narrow the host.",
        related=(Related(routed.destination.field / "subset", "routed to here"), *_places(others)),
        about=name,
    )


def _pods(world: World, service: Service) -> Related:
    """What shows which pods there are: those of a service, or else itself."""
    for workload in world.mesh.services.backing(service):
        return Related(workload.pod.field / "metadata" / "labels", "the labels of its pods")
    return Related(service.field / "metadata" / "name", "the service")


def _places(rules: tuple[DestinationRule, ...]) -> tuple[Related, ...]:
    return tuple(Related(rule.field / "host", "a rule for this host") for rule in rules[:3])


def unmatched(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No pod of the service is in a subset, be it routed to or not."""
    from meshlint.traffic.destination_rules.subsets import unmatched as without_pods_at_all

    routed = {id(empty.subset) for empty in world.traffic.subsets.empty}
    for rule, subset, service in without_pods_at_all(world.mesh):
        if id(subset) not in routed:
            labels = ", ".join(f"{key}={value}" for key, value in subset.labels.items())
            yield Hit(
                subset.field / "labels",
                f"{rule.resource}: no pod of {service.name!r} has {labels}, so subset "
                f"{str(subset.name or '')!r} is empty",
                resource=rule.resource,
                hint="Match the labels of the pod templates, or remove the subset.",
                related=(_pods(world, service),),
                about=str(subset.name),
            )


def skipped_by_gateway(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway routes to a service whose subsets only sidecars share out."""
    from meshlint.traffic.destination_rules.subsets import skipped_splits

    for outer, inner in skipped_splits(world.mesh):
        resource, other = outer.virtual_service.resource, inner.virtual_service.resource
        yield Hit(
            outer.destination.field / "host",
            f"{resource} routes a gateway to {str(outer.destination.host)!r}, "
            f"so it passes by the subsets of {other.namespace}/{other.name}",
            resource=resource,
            hint="A gateway does not follow the routes of its destination: repeat the subsets here.",
            related=(Related(inner.destination.field / "subset", "a subset for sidecars"),),
        )
