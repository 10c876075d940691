"""Kinds and versions that releases dropped, or will not serve for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.mended import api_fix
from meshlint.checks.shared.standings import Versioned, joined, standings
from meshlint.resources.schema.store.releases import AFTER_ALL, Releases, number
from meshlint.resources.schema.store.versions import Deprecated, Removed, Served


def removed_api(world: Versioned, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A kind or version was dropped by a release."""
    for resource, standing in standings(world, Removed):
        api = f"{resource.api_version} {resource.kind}"
        effect = _effect(standing, world.admission.schemas.releases)
        message = f"{resource}: {standing.release} removed {api}, {effect}"
        hint = f"Use {standing.replacement}."
        fix = api_fix(resource, standing.replacement, is_served=False)
        yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint, fix=fix)


def _effect(standing: Removed, releases: Releases) -> str:
    """What becomes of an object whose kind or version is gone, or is by the next upgrade."""
    project, _, name = standing.release.rpartition(" ")
    still = releases.get(project, AFTER_ALL) < number(name)
    if project == "Istio":
        return "so no release since then reads it" if still else "so nothing reads it"
    return "so each release since then refuses it" if still else "so it is refused"


def deprecated_version(world: Versioned, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A version is served and going away; a mesh that reads no newer one is left in peace."""
    for resource, standing in standings(world, Deprecated):
        if not standing.read_by:
            since = f" since {standing.release}" if standing.release else ""
            message = f"{resource} uses {resource.api_version}, deprecated{since}, so a release will drop it"
            hint = f"Use {standing.replacement}."
            fix = api_fix(resource, standing.replacement)
            yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint, fix=fix)


def older_version(world: Versioned, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A version is served and there is a newer one with the same fields."""
    for resource, standing in standings(world, Served):
        if standing.best != resource.version and not _is_alpha(standing.best):
            newer = joined(resource.group, standing.best)
            message = f"{resource} uses {resource.api_version}, so it has yet to move to {newer}"
            yield Hit(
                resource.at("apiVersion"),
                message,
                resource=resource,
                hint=f"Use apiVersion: {newer}.",
                fix=api_fix(resource, newer),
            )


def _is_alpha(version: str) -> bool:
    return "alpha" in version
