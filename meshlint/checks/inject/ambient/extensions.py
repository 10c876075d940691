"""Telemetry and own code for pods in ambient mode that no proxy runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.ambient import idle, is_idle
from meshlint.checks.shared.waypoints import extensions, unenforced
from meshlint.checks.world import World
from meshlint.mesh.policies.attachment import Attachable, selector_of
from meshlint.security.membership.istio import all_ambient

Parameters = Mapping[str, Any]


def extension_without_waypoint(world: World, _: Parameters) -> Iterator[Hit]:
    """Telemetry or own code that targets what no waypoint serves."""
    policies: list[Attachable] = [*world.mesh.telemetries, *extensions(world.mesh)]
    yield from unenforced(world, policies, "it does nothing")


def extension_unread(world: World, _: Parameters) -> Iterator[Hit]:
    """Telemetry or own code for pods before which only ztunnel stands."""
    mesh = world.mesh
    for telemetry in mesh.telemetries:
        if telemetry.selector is not None and telemetry.selector.labels and not telemetry.target_refs:
            selected = mesh.workloads.select(telemetry.resource.namespace, selector_of(telemetry))
            if all_ambient(mesh, selected):
                yield idle(telemetry, selected[0], "so it does nothing")
    plugins = mesh.attached(extensions(mesh))
    for plugin in plugins.all:
        selected = plugins.selected(plugin)
        if not plugin.target_refs and is_idle(mesh, plugin, selected):
            yield idle(plugin, selected[0], "so it does nothing")
