"""Settings of Istio's objects that its webhook takes and warns of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def patch_doubtful(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch of an EnvoyFilter has parts that Envoy may not know."""
    return told(world, Mistake.PATCH_DOUBTFUL)


def ignored(world: World, _: Parameters) -> Iterator[Hit]:
    """A setting is taken and ignored."""
    return told(world, Mistake.IGNORED)


def doubtful(world: World, _: Parameters) -> Iterator[Hit]:
    """A setting is taken with a warning."""
    return told(world, Mistake.DOUBTFUL)


def selects_all(world: World, _: Parameters) -> Iterator[Hit]:
    """A selector has no labels."""
    return told(world, Mistake.SELECTS_ALL)


def stops_tcp(world: World, _: Parameters) -> Iterator[Hit]:
    """A DENY rule by attributes of HTTP alone denies all of TCP, where not all ports are of HTTP."""
    stopping = tuple(told(world, Mistake.STOPS_TCP))
    if not stopping:
        return
    from meshlint.security.policies.http_alone import on_http_alone

    spared = {id(policy.resource) for policy in on_http_alone(world.mesh)}
    yield from (hit for hit in stopping if id(hit.resource) not in spared)


def unreached(world: World, _: Parameters) -> Iterator[Hit]:
    """Something is never reached, as the same stands before it.

    In the root namespace a dot stands for each workload's own namespace, which the webhook does not know.
    """
    root = world.settings.root_namespace
    return (hit for hit in told(world, Mistake.UNREACHED) if hit.resource and hit.resource.namespace != root)
