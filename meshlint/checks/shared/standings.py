"""How the kinds and versions of objects stand with the releases that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.store.versions import Foreign, Served, Standing, UnknownVersion, lookup


class Versioned(Protocol):
    """The part of the world that these checks look at."""

    @property
    def resources(self) -> ResourceSet:
        """The objects, sorted by what they are called."""

    @property
    def schemas(self) -> SchemaStore:
        """What shape each kind may have."""


def standings(world: Versioned) -> Iterator[tuple[Resource, Standing]]:
    """How each object's kind and version stand; of a kind that the input itself defines nothing is said."""
    defined = set(_defined(world))
    known: dict[tuple[str, str, str], Standing] = {}
    for resource in world.resources.resources:
        key = (resource.group, resource.version, resource.kind)
        if key not in known:
            given = world.schemas.given_versions(resource.group, resource.kind)
            known[key] = _standing(key, given, (resource.group, resource.kind) in defined)
        yield resource, known[key]


def _standing(key: tuple[str, str, str], given: tuple[str, ...], defined: bool) -> Standing:
    """What a definition in or beside the input says counts more than what releases serve."""
    if given:
        return Served(given[0]) if key[1] in given else UnknownVersion(given, given[0])
    return Foreign() if defined else lookup(*key)


def _defined(world: Versioned) -> Iterator[tuple[str, str]]:
    for definition in world.resources.of("apiextensions.k8s.io", "CustomResourceDefinition"):
        kind = definition.at("spec", "names").text("kind")
        yield definition.spec.text("group") or "", kind or ""


def joined(group: str, version: str) -> str:
    """A group and a version as `apiVersion` writes them."""
    return f"{group}/{version}" if group else version
