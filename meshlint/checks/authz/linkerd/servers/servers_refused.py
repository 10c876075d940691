"""Servers, and what opens them, that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import policies
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World


def port(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A number that is no port."""
    return told(world, policies.PORT)


def label(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A label that is selected by what is no text."""
    return told(world, policies.LABEL)
