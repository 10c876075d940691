"""Which kinds and versions of objects the API server has at all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.resources.schema.store.releases import number
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.store.versions import (
    Deprecated,
    Foreign,
    Later,
    Removed,
    Served,
    Standing,
    UnknownKind,
    UnknownVersion,
    lookup,
)
from meshlint.values import frozen

REFUSING = (Later, UnknownKind, UnknownVersion)
"""What the meant release does not have yet, or what no release has or had.

What a release dropped may still be served by the cluster of the manifests.
"""

__all__ = ["REFUSING", "Standing", "Standings"]


@frozen(eq=False, slots=False, repr=False)
class Standings:
    """How the kind and version of each object stand; nothing is said of kinds that the set itself defines."""

    resources: ResourceSet
    schemas: SchemaStore

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], Standing]:
        return {}

    @cached_property
    def _defined(self) -> frozenset[tuple[str, str]]:
        return frozenset(_defined(self.resources))

    def of(self, resource: Resource) -> Standing:
        """How an object's kind and version stand."""
        key = (resource.group, resource.version, resource.kind)
        if key not in self._known:
            self._known[key] = self._standing(*key)
        return self._known[key]

    def _standing(self, group: str, version: str, kind: str) -> Standing:
        """What a definition in or beside the set says counts more than what releases serve."""
        given = self.schemas.given_versions(group, kind)
        standing = self._looked_up(group, version, kind)
        if version in given:
            return standing if isinstance(standing, Deprecated) else Served(given[0])
        if given:
            return UnknownVersion(given, given[0])
        return Foreign() if (group, kind) in self._defined else standing

    def _looked_up(self, group: str, version: str, kind: str) -> Standing:
        """How releases stand to a version; what they dropped long ago is gone, whatever the files show.

        Where files show a release that is older than all whose definitions are known, such as one of the
        installations of a collection, no release that may still be installed anew has what was dropped since.
        Somebody who states such a release has it.
        """
        releases = self.schemas.releases
        standing = lookup(group, version, kind, releases)
        if not isinstance(standing, Foreign) or not self._aged:
            return standing
        others = {project: release for project, release in releases.items() if project not in self._aged}
        since = lookup(group, version, kind, others)
        return since if isinstance(since, Removed) else standing

    @cached_property
    def _aged(self) -> frozenset[str]:
        """The projects of which the files show a release that is older than all known ones."""
        releases, known = self.schemas.releases, built_in().releases
        return frozenset(one for one in self.schemas.shown if releases[one] < number(known[one][0]))


def _defined(resources: ResourceSet) -> Iterator[tuple[str, str]]:
    for definition in resources.of("apiextensions.k8s.io", "CustomResourceDefinition"):
        kind = definition.at("spec", "names").text("kind")
        yield definition.spec.text("group") or "", kind or ""
