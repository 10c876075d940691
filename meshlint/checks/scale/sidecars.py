"""Sidecars that are rejected, left out, or blind to what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.matching import LabelSelector, is_wildcard
from meshlint.mesh import Missing
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.resources.istio.sidecar import Sidecar
from meshlint.resources.resource import Resource


def _labels(sidecar: Sidecar) -> LabelSelector | None:
    """The labels that a Sidecar selects; None for one of the whole namespace."""
    if sidecar.workload_selector is None or not sidecar.workload_selector.labels:
        return None
    return LabelSelector.of(sidecar.workload_selector.labels)


def several_default(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Sidecars are for one whole namespace."""
    whole = [one for one in world.mesh.sidecars if _labels(one) is None]
    for one, other in combinations(whole, 2):
        if one.resource.namespace == other.resource.namespace and one.resource.name != other.resource.name:
            yield from _pair(one.resource, other.resource, "for the whole namespace")


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
    chosen = [one for one in world.mesh.sidecars if _labels(one) is not None]
    for one, other in combinations(chosen, 2):
        if one.resource.namespace != other.resource.namespace or one.resource.name == other.resource.name:
            continue
        both = (_labels(one) or LabelSelector()).intersection(_labels(other) or LabelSelector())
        pods = world.mesh.workloads.select(one.resource.namespace, both)
        if pods:
            yield from _pair(one.resource, other.resource, f"for {pods[0]}")


def selects_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar selects no pod."""
    for sidecar in world.mesh.sidecars:
        labels, namespace = _labels(sidecar), sidecar.resource.namespace
        if labels is None or not world.mesh.namespaces.shows(namespace, WORKLOADS):
            continue
        if not world.mesh.workloads.select(namespace, labels):
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
    for sidecar in world.mesh.sidecars:
        for listener in sidecar.egress:
            for text in listener.hosts:
                problem = _host_problem(text)
                if problem:
                    yield Hit(
                        text.field,
                        f"{sidecar.resource} lists {str(text)!r}, which {problem}, so it matches nothing",
                        resource=sidecar.resource,
                        hint="Write `namespace/` and a full name, `*.` with a domain, or `*`.",
                    )


def _host_problem(text: str) -> str:
    place, slash, host = text.partition("/")
    if not slash:
        return "names no namespace"
    if not (place.lstrip("~") or place == "~") or not host:
        return "lacks a part"
    if host != "*" and "." not in host:
        return "has a short name"
    return "has a wildcard in the middle" if "*" in host[1:] else ""


def host_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar lists a host that does not exist."""
    for sidecar in world.mesh.sidecars:
        for listener in sidecar.egress:
            for text in listener.hosts:
                place, _slash, host = text.partition("/")
                if _host_problem(text) or place.startswith("~") or is_wildcard(host):
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
    for sidecar in world.mesh.sidecars:
        for listener in sidecar.egress[:-1]:
            if listener.port is None and not listener.field / "port":
                yield Hit(
                    listener.field / "hosts",
                    f"{sidecar.resource} has a listener without port before others, so Istio rejects it",
                    resource=sidecar.resource,
                    on_key=True,
                    hint="The one listener without a port comes last.",
                    about=str(listener.field.path),
                )


def nothing_said(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Sidecar says nothing, or a listener lists no hosts."""
    for sidecar in world.mesh.sidecars:
        if not world.admission.of(sidecar.resource).is_taken:
            continue
        keys = ("egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool")
        if not any(sidecar.field / key for key in keys):
            yield Hit(
                sidecar.resource.spec,
                f"{sidecar.resource} has neither egress nor ingress, so Istio rejects it",
                resource=sidecar.resource,
                on_key=True,
                hint="List the hosts that the workloads call under `egress`.",
            )
        for listener in sidecar.egress:
            if not listener.hosts and not listener.field / "hosts":
                yield Hit(
                    listener.field,
                    f"{sidecar.resource} has an egress listener without hosts, so Istio rejects it",
                    resource=sidecar.resource,
                    hint="List at least one host.",
                    about=str(listener.field.path),
                )


def hides_destination(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule in a Sidecar's namespace is for a host that the Sidecar leaves out."""
    from meshlint.traffic.tables.istio.scopes import hidden_rules

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
        sidecar, call = found.sidecar, found.call
        yield Hit(
            sidecar.field / "egress",
            f"{sidecar.resource} leaves out {found.host!r}, which {call.client} calls, "
            "so those calls bypass the mesh",
            resource=sidecar.resource,
            on_key=True,
            hint="Add the host under `egress`.",
            related=(Related(call.because.field, "the call"),),
            about=f"{found.host} {call.client}",
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
