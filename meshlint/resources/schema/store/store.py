"""Schemas by group, version and kind: those that travel with meshlint, and any that are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.shape.node import Node, make_node
from meshlint.resources.schema.store.catalogue import Entry, built_in, priority, read_json
from meshlint.resources.schema.store.releases import Releases, is_served, server
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.structural import JsonSchema


@frozen(eq=False, repr=False)
class SchemaStore:
    """Where the walk finds its schemas. A given schema wins over a built-in one of the same version.

    `releases` are those that the objects are meant for; the newest ones where it is silent. `shown` names the
    projects whose release nobody stated: the files show it.
    """

    given: Mapping[tuple[str, str, str], Node] = field(factory=dict)
    scopes: Mapping[tuple[str, str], bool] = field(factory=dict)
    notes: tuple[str, ...] = ()
    releases: Releases = field(factory=dict)
    shown: frozenset[str] = frozenset()
    _nodes: dict[tuple[str, str, str], Node | None] = field(factory=dict, init=False)

    def node(self, group: str, version: str, kind: str) -> Node | None:
        """The schema of one version of one kind; None when nothing is known of it.

        Of a version that the meant releases do not serve it is that of the newest release which does. Of a
        kind that is given, only the given versions are known.
        """
        key = group, version, kind
        if key not in self._nodes:
            self._nodes[key] = self._looked_up(*key)
        return self._nodes[key]

    def _looked_up(self, group: str, version: str, kind: str) -> Node | None:
        given = self.given.get((group, version, kind))
        if given is not None or (self.given and self.given_versions(group, kind)):
            return given
        entry, row = built_in().entry(group, kind), built_in().version(group, version, kind)
        if entry is None or row is None:
            return None
        serving = server(entry, row, self.releases) if self.releases and "changes" in entry else None
        return variant_node(entry, row, variant_of(entry, row, *serving) if serving else 0)

    def is_like(self, other: SchemaStore) -> bool:
        """Whether both say the same of every kind for sure."""
        own, others = (
            (
                one.releases,
                one.shown,
                one.notes,
                dict(one.scopes),
                {key: id(node) for key, node in one.given.items()},
            )
            for one in (self, other)
        )
        return own == others

    def given_versions(self, group: str, kind: str) -> tuple[str, ...]:
        """The versions of a kind that were given, best first; empty when none was."""
        given = (version for (g, version, k) in self.given if (g, k) == (group, kind))
        return tuple(sorted(given, key=priority, reverse=True))

    def versions(self, group: str, kind: str) -> tuple[str, ...]:
        """The versions of a kind that are served, best first."""
        if given := self.given_versions(group, kind):
            return given
        entry = built_in().entry(group, kind)
        rows = entry["versions"] if entry else []
        known = [row["name"] for row in rows if entry and is_served(entry, row, self.releases)]
        return tuple(known)

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


def variant_of(kind: Entry, version: Entry, project: str, release: str) -> int:
    """Which variant of a version's schema a release has; the one that is written in full is number 0."""
    if "changes" not in kind:
        return 0
    numbers = _changes(kind["changes"], version["name"])["releases"].get(project, {})
    number: int = numbers.get(release, 0)
    return number


def variant_node(kind: Entry, version: Entry, variant: int) -> Node:
    """The schema of a version as the releases of one variant have it."""
    return _node(version["file"], kind.get("changes", ""), version["name"], variant)


@cache
def _changes(file: str, version: str) -> Entry:
    """What a file of changes says of one version, perhaps in the words of another."""
    told: dict[str, Any] = read_json(file)
    one = told[version]
    found: Entry = told[one] if isinstance(one, str) else one
    return found


@cache
def _node(file: str, changes: str, version: str, variant: int) -> Node:
    schema = read_json(file)
    definitions = schema.get("$defs", {})
    if variant:
        schema = _variant(schema, definitions, _changes(changes, version)["variants"], variant)
    return make_node(schema, definitions)


def _variant(
    schema: JsonSchema, definitions: Mapping[str, JsonSchema], made: list[Entry], variant: int
) -> JsonSchema:
    from meshlint.resources.schema.store.changes import changed

    if variant == 0:
        return schema
    own = made[variant - 1]
    return changed(_variant(schema, definitions, made, own["of"]), own["patch"], definitions)


BUILT_IN: Final = SchemaStore()
"""Only what travels with meshlint, as the newest releases have it."""
