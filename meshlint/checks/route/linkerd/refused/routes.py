"""Routes that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import routes
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def several_rules(world: World, _: Parameters) -> Iterator[Hit]:
    """A TLS or TCP route has another number of rules than one."""
    return told(world, routes.RULES)


def regex_refused(world: World, _: Parameters) -> Iterator[Hit]:
    """An expression is none that Linkerd's proxy can read."""
    return told(world, routes.EXPRESSION)


def method_pattern(world: World, _: Parameters) -> Iterator[Hit]:
    """A pattern for the method of gRPC calls, which Linkerd does not take."""
    return told(world, routes.METHOD_PATTERN)


def header(world: World, _: Parameters) -> Iterator[Hit]:
    """A header that none can be."""
    return told(world, routes.HEADER)


def relative_path(world: World, _: Parameters) -> Iterator[Hit]:
    """A path without a leading slash, to match or to redirect to."""
    return told(world, routes.PATH)


def timeouts(world: World, _: Parameters) -> Iterator[Hit]:
    """Timeouts that do not go together."""
    return told(world, routes.TIMEOUTS)


def setting(world: World, _: Parameters) -> Iterator[Hit]:
    """An annotation on timeouts or retries that cannot be read."""
    return told(world, routes.SETTING)
