"""Kinds and versions that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.mended import api_fix, replaced
from meshlint.checks.shared.standings import Versioned, joined, standings
from meshlint.resources.schema.store.versions import UnknownKind, UnknownVersion
from meshlint.resources.schema.words.writing import quoted

REFUSED = "so it is refused"


def unknown_version(world: Versioned, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A known kind is asked for at a version that nobody serves."""
    for resource, standing in standings(world, UnknownVersion):
        message = f"{resource} asks for version {quoted(resource.version)}, which nobody serves, {REFUSED}"
        served = joined(resource.group, standing.nearest)
        hint = f"Use apiVersion: {served}."
        fix = api_fix(resource, served, is_served=False)
        yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint, fix=fix)


def unknown_kind(world: Versioned, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A mesh's API group has no such kind."""
    for resource, standing in standings(world, UnknownKind):
        at = resource.at("kind")
        wrong_group = bool(standing.group) and standing.group != resource.group
        message = f"{resource} is of a kind that {resource.group} does not have, {REFUSED}"
        yield Hit(
            resource.at("apiVersion" if wrong_group else "kind"),
            message,
            resource=resource,
            hint=_meant(standing, wrong_group),
            fix=None if wrong_group or not standing.nearest else replaced(at, standing.nearest),
        )


def _meant(standing: UnknownKind, wrong_group: bool) -> str | None:
    if wrong_group:
        kind = f"{standing.nearest} is a kind of {standing.group}. " if standing.nearest else ""
        return f"{kind}Did you mean the group {quoted(standing.group)}?"
    return f"Did you mean {quoted(standing.nearest)}?" if standing.nearest else None
