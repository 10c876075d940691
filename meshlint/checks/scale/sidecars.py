"""Sidecars that are rejected, left out, or blind to what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from meshlint.admission.istio.parts.listed_hosts import listed_host
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.matching import LabelSelector, is_wildcard
from meshlint.mesh import Missing
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.parts import by_place
from meshlint.mesh.questions.unseen_pods import may_select
from meshlint.resources.istio.sidecar import Sidecar
from meshlint.resources.resource import Resource


def _labels(sidecar: Sidecar) -> LabelSelector | None:
    """The labels that a Sidecar selects; None for one of the whole namespace."""
    if sidecar.workload_selector is None or not sidecar.workload_selector.labels:
        return None
    return LabelSelector.of(sidecar.workload_selector.labels)


def several_default(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Sidecars are for one whole namespace."""
    for one, other in _beside(one for one in world.mesh.sidecars if _labels(one) is None):
        yield from _pair(one.resource, other.resource, "for the whole namespace")


def _beside(sidecars: Iterable[Sidecar]) -> Iterator[tuple[Sidecar, Sidecar]]:
    """Two of one namespace, each two once; what is written again under one name is no other one."""
    pairs = (pair for here in by_place(sidecars).values() for pair in combinations(here, 2))
    return (pair for pair in pairs if pair[0].name != pair[1].name)


def _pair(one: Resource, other: Resource, what: str) -> Iterator[Hit]:
    for mine, theirs in ((one, other), (other, one)):
        yield Hit(
            mine.at("metadata", "name"),
            f"{mine} is {what} like {theirs.name!r}, so only the older counts",
            resource=mine,
            hint="Each pod has one Sidecar: merge the two, or tell their pods apart.",
            related=(Related(theirs.at("metadata", "name"), "the other Sidecar"),),
            about=theirs.name,
        )


def overlapping(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Sidecars select one pod."""
    chosen = ((one, _labels(one)) for one in world.mesh.sidecars)
    select = world.mesh.workloads.select
    pods = {one: select(one.namespace, labels) for one, labels in chosen if labels is not None}
    for one, other in _beside(one for one, selected in pods.items() if selected):
        theirs = set(pods[other])
        both = next((pod for pod in pods[one] if pod in theirs), None)
        if both is not None:
            yield from _pair(one.resource, other.resource, f"for {both}")


def selects_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar selects no pod."""
    for sidecar in world.mesh.sidecars:
        labels, namespace = _labels(sidecar), sidecar.resource.namespace
        if labels is None or not world.mesh.namespaces.shows(namespace, WORKLOADS, sidecar.field):
            continue
        asked = sidecar.workload_selector.labels if sidecar.workload_selector is not None else {}
        if not may_select(world.mesh, namespace, asked):
            yield Hit(
                sidecar.field / "workloadSelector",
                f"{sidecar.resource} selects pods with {labels.describe()}, which none has, so it is idle",
                resource=sidecar.resource,
                on_key=True,
                hint="Labels of the pod template count, in the Sidecar's own namespace.",
            )


def root_with_selector(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar of the root namespace selects pods."""
    for sidecar in world.mesh.sidecars:
        if sidecar.resource.namespace == world.settings.root_namespace and _labels(sidecar) is not None:
            yield Hit(
                sidecar.field / "workloadSelector",
                f"{sidecar.resource} selects pods of the root namespace alone, so it is no mesh-wide default",
                resource=sidecar.resource,
                on_key=True,
                hint="Leave the selector out for a default of the whole mesh.",
            )


def host_short(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A host of a Sidecar is malformed or short, so that it means nothing."""
    return told(world, Mistake.LISTENER_HOST)


def host_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar lists a host that does not exist."""
    for sidecar in world.mesh.sidecars:
        for listener in sidecar.egress:
            for text in listener.hosts:
                place, _slash, host = text.partition("/")
                if listed_host(text, gateway=False) or place.startswith("~") or is_wildcard(host):
                    continue
                found = world.mesh.hosts.resolve(host, sidecar.resource.namespace)
                if isinstance(found, Missing):
                    yield Hit(
                        text.field,
                        f"{sidecar.resource} lists {str(text)!r}, which does not exist, so it is of no use",
                        resource=sidecar.resource,
                        hint="Correct the name, or remove it.",
                    )


def listener_order(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A listener for all ports is not the last one."""
    return told(world, Mistake.LISTENER_ORDER)


def nothing_said(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar says nothing, or a listener lists no hosts."""
    return told(world, Mistake.NOTHING_SAID)


def hides_destination(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule in a Sidecar's namespace is for a host that the Sidecar leaves out."""
    from meshlint.mesh.questions.sidecar_scopes import hidden_rules

    for sidecar, rule in hidden_rules(world.mesh):
        yield Hit(
            sidecar.field / "egress",
            f"{sidecar.resource} leaves out {str(rule.host)!r}, which {rule.resource.name!r} is for, "
            "so calls to it bypass the mesh",
            resource=sidecar.resource,
            on_key=True,
            hint="Add the host under `egress`, or remove the rule.",
            related=(Related(rule.field / "host", "the rule"),),
            about=str(rule.host),
        )


def hides_call(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A workload is configured to call a host that its Sidecar leaves out."""
    from meshlint.traffic.followers.sidecar_gaps import hidden_calls

    for found in hidden_calls(world.mesh):
        sidecar = found.sidecar
        effect = "are refused" if found.is_refused else "bypass the mesh"
        yield Hit(
            sidecar.field / "egress",
            f"{sidecar.resource} leaves out {found.host!r}, which {found.client} calls, "
            f"so those calls {effect}",
            resource=sidecar.resource,
            on_key=True,
            hint="Add the host under `egress`.",
            related=(Related(found.because.field, "the call"),),
            about=f"{found.host} {found.client}",
        )


def idle_ingress(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An ingress listener is for a port that nothing serves."""
    from meshlint.traffic.followers.sidecar_gaps import idle_ingress as listeners

    for sidecar, listener, workload in listeners(world.mesh):
        yield Hit(
            listener.port.field / "number",
            f"{sidecar.resource} listens on port {listener.port.number}, which {workload} does not serve, so "
            "nobody calls it",
            resource=sidecar.resource,
            hint="The port is the container's, not that of the Service.",
        )
