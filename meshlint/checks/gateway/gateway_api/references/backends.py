"""Backends of routes of the Gateway API that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import is_refused
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.traffic.status.backends import BackendFault, FaultyBackend


def _with(world: World, fault: BackendFault) -> Iterator[FaultyBackend]:
    return (one for one in world.traffic.faulty_backends if one.fault is fault)


def backend_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend does not exist."""
    for one in _with(world, BackendFault.MISSING):
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} sends to Service {one.backend.namespace}/{one.backend.name}, "
            "which does not exist, so requests fail",
            resource=one.route.resource,
            hint=did_you_mean(one.nearest).strip() or "Correct the name or the namespace.",
        )


def backend_dotted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is written as a host name."""
    for one in _with(world, BackendFault.DOTTED):
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} sends to {str(one.backend.name)!r}, which is no name of a Service, "
            "so requests fail",
            resource=one.route.resource,
            hint="Write the Service's name, and its namespace beside it.",
        )


def backend_without_port(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend has no port, and the definition of its route lets that pass."""
    for one in _with(world, BackendFault.NO_PORT):
        if is_refused(world, one.route.resource, one.backend.field):
            continue
        yield Hit(
            one.backend.field / "name",
            f"{one.route.resource} names no port of Service {str(one.backend.name)!r}, so requests fail",
            resource=one.route.resource,
            hint="A backend that is a Service needs `port`.",
        )


def backend_port_closed(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend does not open the port."""
    for one in _with(world, BackendFault.CLOSED_PORT):
        yield Hit(
            one.backend.field / "port",
            f"{one.route.resource} sends requests to port {one.backend.port} of {str(one.backend.name)!r}, "
            "which has no such port, so they fail",
            resource=one.route.resource,
            hint=f"It has {', '.join(one.nearest)}.",
        )


def backend_not_granted(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A backend is in another namespace, which does not let the route refer to it."""
    for one in _with(world, BackendFault.NOT_GRANTED):
        place = str(one.backend.namespace)
        if one.certain:
            yield Hit(
                one.backend.field / "namespace",
                f"{one.route.resource} refers to a Service in {place!r}, where no ReferenceGrant allows it, "
                "so its requests fail",
                resource=one.route.resource,
                hint=f"Add a ReferenceGrant in {place!r} from {one.route.kind} in {one.route.namespace!r}.",
            )
