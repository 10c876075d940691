"""Sidecars, routes, rules and patches that neither ztunnel nor a waypoint heeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.ambient import ambient_traffic
from meshlint.checks.world import World
from meshlint.matching import LabelSelector
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.mesh.workloads.waypoints import USE_WAYPOINT
from meshlint.resources.istio.envoy_filter import envoy_filter
from meshlint.security.membership.istio import all_ambient

if TYPE_CHECKING:
    from meshlint.traffic.followers.ambient import Unread

Parameters = Mapping[str, Any]


def virtual_service_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A VirtualService for clients in ambient mode whose service has no waypoint."""
    for one in ambient_traffic(world).unread_virtual_services():
        yield _unserved(one, "routes calls to")


def route_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A route of the Gateway API for calls to a service that has no waypoint."""
    for one in ambient_traffic(world).unread_routes():
        yield _unserved(one, "routes calls to")


def rule_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule about requests to a service that has no waypoint."""
    for one in ambient_traffic(world).unread_rules():
        yield _unserved(one, "is about requests to")


def virtual_service_misplaced(world: World, _: Parameters) -> Iterator[Hit]:
    """A VirtualService in a namespace that the service's waypoint takes none from."""
    for one in ambient_traffic(world).misplaced_virtual_services():
        yield _misplaced(one)


def rule_misplaced(world: World, _: Parameters) -> Iterator[Hit]:
    """A DestinationRule in a namespace where no proxy looks for it."""
    for one in ambient_traffic(world).misplaced_rules():
        yield _misplaced(one)


def source_labels(world: World, _: Parameters) -> Iterator[Hit]:
    """A match by labels of clients at a waypoint."""
    for one in ambient_traffic(world).dropped_matches():
        yield Hit(
            one.at,
            f"{one.resource} matches by labels of clients, so the waypoint of {one.service} drops the match",
            resource=one.resource,
            on_key=True,
            hint="A waypoint does not know the labels of clients: match by a header, or use a policy.",
            about=str(one.service),
        )


def patches_waypoint(world: World, _: Parameters) -> Iterator[Hit]:
    """An EnvoyFilter that selects the pods of a waypoint."""
    for patch in world.mesh.views("networking.istio.io", "EnvoyFilter", envoy_filter):
        selector = patch.workload_selector
        name = selector.labels.get(GATEWAY_NAME) if selector is not None else None
        waypoint = None if name is None else world.mesh.waypoints.named(patch.resource.namespace, name)
        if selector is not None and waypoint is not None and waypoint.is_istio and not patch.target_refs:
            yield Hit(
                selector.field,
                f"{patch.resource} selects pods of {waypoint}, which heeds no selector, so it does nothing",
                resource=patch.resource,
                on_key=True,
                hint="Name the waypoint under `targetRefs` instead.",
            )


def _unserved(one: Unread, does: str) -> Hit:
    return Hit(
        one.at,
        f"{one.resource} {does} {one.service}, which has no waypoint, so ztunnel ignores it",
        resource=one.resource,
        hint=f"Label the Service or its namespace '{USE_WAYPOINT}' with a waypoint's name.",
        related=(Related(one.service.resource.at("metadata", "name"), "in an ambient namespace"),),
        about=str(one.service),
    )


def _misplaced(one: Unread) -> Hit:
    return Hit(
        one.at,
        f"{one.resource} lies beside neither {one.service} nor its waypoint, so the waypoint ignores it",
        resource=one.resource,
        hint=f"Move it to the namespace '{one.service.namespace}'.",
        about=str(one.service),
    )


def sidecar_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """A Sidecar for pods that have none."""
    for sidecar in world.mesh.sidecars:
        namespace, selector = sidecar.resource.namespace, sidecar.workload_selector
        if namespace == world.settings.root_namespace:
            continue
        labels = selector.labels if selector is not None else {}
        selected = world.mesh.workloads.select(namespace, LabelSelector.of(labels))
        if all_ambient(world.mesh, selected):
            yield Hit(
                sidecar.resource.at("metadata", "name"),
                f"{sidecar.resource} is for pods in ambient mode, which have no sidecar, so it does nothing",
                resource=sidecar.resource,
                related=(Related(selected[0].resource.at("metadata", "name"), "one of its pods"),),
            )
