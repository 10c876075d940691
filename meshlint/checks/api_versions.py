"""Kinds and versions that nobody serves, or will not for long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from meshlint.checks.hit import Hit
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.store.releases import Releases
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.store.versions import (
    Deprecated,
    Foreign,
    Removed,
    Served,
    Standing,
    UnknownKind,
    UnknownVersion,
    lookup,
)
from meshlint.resources.schema.words.writing import quoted

REFUSED = "so it is refused"


class Input(Protocol):
    """The part of the world that these checks look at."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""

    @property
    def schemas(self) -> SchemaStore:
        """What shape each kind may have."""


def standings(world: Input) -> Iterator[tuple[Resource, Standing]]:
    """How each object's kind and version stand; of a kind that the input itself defines nothing is said."""
    defined = set(_defined(world))
    known: dict[tuple[str, str, str], Standing] = {}
    for resource in world.resources.resources:
        key = (resource.group, resource.version, resource.kind)
        if key not in known:
            given = world.schemas.given_versions(resource.group, resource.kind)
            is_defined = (resource.group, resource.kind) in defined
            known[key] = _standing(key, given, is_defined, world.schemas.releases)
        yield resource, known[key]


def _standing(
    key: tuple[str, str, str], given: tuple[str, ...], defined: bool, releases: Releases
) -> Standing:
    """What a definition in or beside the input says counts more than what releases serve."""
    if given:
        return Served(given[0]) if key[1] in given else UnknownVersion(given, given[0])
    return Foreign() if defined else lookup(*key, releases)


def _defined(world: Input) -> Iterator[tuple[str, str]]:
    for definition in world.resources.of("apiextensions.k8s.io", "CustomResourceDefinition"):
        kind = definition.at("spec", "names").text("kind")
        yield definition.spec.text("group") or "", kind or ""


def unknown_version(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A known kind is asked for at a version that nobody serves."""
    for resource, standing in standings(world):
        if isinstance(standing, UnknownVersion):
            message = (
                f"{resource} asks for version {quoted(resource.version)}, which nobody serves, {REFUSED}"
            )
            hint = f"Use apiVersion: {_join(resource.group, standing.nearest)}."
            yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint)


def unknown_kind(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A mesh's API group has no such kind."""
    for resource, standing in standings(world):
        if not isinstance(standing, UnknownKind):
            continue
        wrong_group = bool(standing.group) and standing.group != resource.group
        message = f"{resource} is of a kind that {resource.group} does not have, {REFUSED}"
        yield Hit(
            resource.at("apiVersion" if wrong_group else "kind"),
            message,
            resource=resource,
            hint=_meant(standing, wrong_group),
        )


def _meant(standing: UnknownKind, wrong_group: bool) -> str | None:
    if wrong_group:
        kind = f"{standing.nearest} is a kind of {standing.group}. " if standing.nearest else ""
        return f"{kind}Did you mean the group {quoted(standing.group)}?"
    return f"Did you mean {quoted(standing.nearest)}?" if standing.nearest else None


def removed_api(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A kind or version was dropped by a release."""
    for resource, standing in standings(world):
        if isinstance(standing, Removed):
            api = f"{resource.api_version} {resource.kind}"
            effect = "so nothing reads it" if standing.release.startswith("Istio") else "so it is refused"
            message = f"{resource}: {standing.release} removed {api}, {effect}"
            hint = f"Use {standing.replacement}."
            yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint)


def deprecated_version(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A version is served and going away; a mesh that reads no newer one is left in peace."""
    for resource, standing in standings(world):
        if isinstance(standing, Deprecated) and not standing.read_by:
            since = f" since {standing.release}" if standing.release else ""
            message = f"{resource} uses {resource.api_version}, deprecated{since}, so a release will drop it"
            hint = f"Use {standing.replacement}."
            yield Hit(resource.at("apiVersion"), message, resource=resource, hint=hint)


def older_version(world: Input, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A version is served and there is a newer one with the same fields."""
    for resource, standing in standings(world):
        if (
            isinstance(standing, Served)
            and standing.best != resource.version
            and not _is_alpha(standing.best)
        ):
            newer = _join(resource.group, standing.best)
            message = f"{resource} uses {resource.api_version}, so it has yet to move to {newer}"
            yield Hit(resource.at("apiVersion"), message, resource=resource, hint=f"Use apiVersion: {newer}.")


def _is_alpha(version: str) -> bool:
    return "alpha" in version


def _join(group: str, version: str) -> str:
    return f"{group}/{version}" if group else version
