"""Schemas by group, version and kind: those that travel with meshlint, and any that are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from meshlint.resources.schema.shape.node import Node, make_node
from meshlint.resources.schema.store.catalogue import built_in, read_json

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.structural import JsonSchema


@frozen(eq=False, repr=False)
class SchemaStore:
    """Where the walk finds its schemas. A given schema wins over a built-in one of the same version."""

    given: Mapping[tuple[str, str, str], Node] = field(factory=dict)
    scopes: Mapping[tuple[str, str], bool] = field(factory=dict)
    notes: tuple[str, ...] = ()

    def node(self, group: str, version: str, kind: str) -> Node | None:
        """The schema of one version of one kind; None when nothing is known of it."""
        given = self.given.get((group, version, kind))
        if given is not None:
            return given
        entry = built_in().version(group, version, kind)
        return _built_in_node(entry["file"]) if entry else None

    def given_versions(self, group: str, kind: str) -> tuple[str, ...]:
        """The versions of a kind that were given; empty when none was."""
        return tuple(version for (g, version, k) in self.given if (g, k) == (group, kind))

    def versions(self, group: str, kind: str) -> tuple[str, ...]:
        """The versions that are known of a kind, best first."""
        entry = built_in().entry(group, kind)
        known = [version["name"] for version in entry["versions"]] if entry else []
        given = [
            version for (g, version, k) in self.given if (g, k) == (group, kind) and version not in known
        ]
        return (*known, *given)

    def is_namespaced(self, group: str, kind: str) -> bool | None:
        """Whether objects of this kind live in a namespace; None when the kind is not known."""
        if (group, kind) in self.scopes:
            return self.scopes[group, kind]
        entry = built_in().entry(group, kind)
        return None if entry is None else bool(entry["scope"] == "namespaced")


def schema_of(group: str, version: str, kind: str) -> JsonSchema | None:
    """The built-in JSON Schema of one version of one kind, as its file has it."""
    entry = built_in().version(group, version, kind)
    if entry is None:
        return None
    schema: dict[str, Any] = read_json(entry["file"])
    return schema


@cache
def _built_in_node(file: str) -> Node:
    schema = read_json(file)
    return make_node(schema, schema.get("$defs", {}))


BUILT_IN: Final = SchemaStore()
"""Only what travels with meshlint."""
