"""Policies for backends that do nothing, or that fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.conditions import POLICIES, hits, told
from meshlint.checks.world import World
from meshlint.traffic.status.listeners import (
    INVALID_CA,
)
from meshlint.traffic.status.policies import CONFLICTED as CONFLICTED_POLICY
from meshlint.traffic.status.policies import TARGET_NOT_FOUND
from meshlint.traffic.status.references import (
    INVALID_KIND,
)


def policy_target_missing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A policy for backends is for something that does not exist."""
    found = told(world, TARGET_NOT_FOUND, kinds=POLICIES)
    yield from hits(found, "so it does nothing there", "Correct the kind, the name, or the name of the port.")


def policy_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two BackendTLSPolicies are for one target."""
    found = told(world, CONFLICTED_POLICY, kinds=POLICIES)
    yield from hits(found, "so only the older one counts", "Keep one policy for each target.")


def policy_authority(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The authority of a BackendTLSPolicy is not there, or cannot be read."""
    found = told(world, INVALID_CA, INVALID_KIND, "Invalid", kinds=POLICIES)
    hint = "Refer to a ConfigMap with `ca.crt`, or use `wellKnownCACertificates: System`."
    yield from hits(found, "so connections to the backends fail", hint)
