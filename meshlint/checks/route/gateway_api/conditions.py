"""Routes of the Gateway API whose parents, backends or filters no controller takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.conditions import ROUTES, hits, told
from meshlint.checks.world import World
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.traffic.status.parents import NO_MATCHING_PARENT
from meshlint.traffic.status.references import (
    BACKEND_NOT_FOUND,
    INVALID_DESTINATION,
    INVALID_FILTER,
    INVALID_KIND,
)

_ELSEWHERE = frozenset(
    {
        (GROUP, "Gateway"),
        (GROUP, "ListenerSet"),
        ("gateway.networking.x-k8s.io", "XListenerSet"),
        ("policy.linkerd.io", "Server"),
    }
)
"""Kinds of parents that rules on gateways and on authorization tell of."""


def parent_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route of the mesh is for something that does not exist."""
    for one in told(world, NO_MATCHING_PARENT, kinds=ROUTES):
        parent = None if one.parent is None else one.parent.parent
        if parent is not None and (str(parent.group), str(parent.kind)) not in _ELSEWHERE:
            effect, hint = "so the route does nothing there", "Correct the name or the namespace."
            yield from hits((one,), effect, hint)


def backend_kind_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is of a kind that no controller sends requests to."""
    told_elsewhere = {one.backend.field.path for one in world.traffic.faulty_backends}
    for one in told(world, INVALID_KIND, BACKEND_NOT_FOUND, INVALID_DESTINATION, kinds=ROUTES):
        if not {one.field.path, one.field.path[:-1]} & told_elsewhere:
            yield from hits((one,), "so requests for it fail", "Backends are Services, as a rule.")


def filter_unread(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Istio does not know a filter, or cannot use what it sets."""
    found = told(world, INVALID_FILTER, kinds=ROUTES)
    effect = "so no rule of the route is in force"
    yield from hits(found, effect, "Use a filter that Istio knows: one that it does not ends its reading.")
