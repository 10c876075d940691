"""What was an unknown field meant to be: another name, another place, another version?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from meshlint.resources.schema.deprecations import field_notes, stands_at
from meshlint.resources.schema.words.names import SURE, likeness
from meshlint.resources.schema.words.writing import dotted, listed, quoted
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.node import Node
    from meshlint.resources.schema.store.store import SchemaStore
    from meshlint.resources.schema.violation import Path

DEPTH: Final = 3
Kind = tuple[str, str, str]


@frozen(repr=False)
class Suggestion:
    """What to write instead, as a sentence and, where there is exactly one, as the bare name.

    `effect` replaces the usual effect of the mistake where more is known of it. `places` are mappings in
    which the field would stand right.
    """

    text: str = ""
    replacement: str = ""
    effect: str = ""
    places: tuple[Path, ...] = ()

    @classmethod
    def meant(cls, name: str | None) -> Suggestion:
        """The suggestion that `name` was meant; none without a name."""
        return cls(f"Did you mean {quoted(name)}?", name) if name else cls()


def for_unknown_field(store: SchemaStore, kind: Kind, root: Node, path: Path) -> Suggestion:
    """What the unknown field at the end of `path` should have been, best guess first."""
    name = str(path[-1])
    chain = list(_chain(root, path[:-1]))
    parent = chain[-1]
    if (told := _told(kind, path)) is not None:
        return told
    if version := _other_version(store, kind, path):
        text = f"{quoted(name)} is a field of version {version}: use apiVersion {kind[0]}/{version}."
        return Suggestion(text, "", f"so it is dropped or refused at version {kind[1]}")
    score, meant = max(((likeness(name, other), other) for other in parent.properties), default=(0, ""))
    if score >= SURE:
        return Suggestion.meant(meant)
    outside = list(_outside(chain, path, name))
    inside = [] if outside else _nearest(_inside(parent, path[:-1], name, DEPTH))
    if places := (*outside, *inside):
        words = [_written(place, inside=bool(inside)) for place in places]
        return Suggestion(f"It belongs in {' or '.join(words[:2])}.", places=places)
    if score:
        return Suggestion.meant(meant)
    if 0 < len(parent.properties) <= 8:
        return Suggestion(f"The fields here are {listed(sorted(parent.properties), 'and')}.")
    return Suggestion()


def _nearest(places: Iterator[Path]) -> list[Path]:
    """Of places further in, those that are least far in."""
    found = list(places)
    least = min(map(len, found), default=0)
    return [place for place in found if len(place) == least]


def _written(place: Path, *, inside: bool) -> str:
    if inside:
        return dotted(place).replace("[0]", "[]")
    return dotted(place) or "the object itself, beside spec"


def _chain(root: Node, path: Path) -> Iterator[Node]:
    node: Node | None = root
    yield root
    for step in path:
        node = None if node is None else node.item if isinstance(step, int) else node.child(step)
        if node is not None:
            yield node


def _outside(chain: list[Node], path: Path, name: str) -> Iterator[Path]:
    for level in range(len(chain) - 2, -1, -1):
        if name in chain[level].properties and level <= len(path) - 2:
            yield path[:level]
            return


def _inside(node: Node, path: Path, name: str, depth: int) -> Iterator[Path]:
    for key in node.properties:
        child = node.child(key)
        step: Path = (key,)
        while child is not None and child.item is not None:
            child, step = child.item, (*step, 0)
        if child is None or (not path and key in ("metadata", "status")):
            continue
        if name in child.properties:
            yield (*path, *step)
        elif depth > 1:
            yield from _inside(child, (*path, *step), name, depth - 1)


def _other_version(store: SchemaStore, kind: Kind, path: Path) -> str | None:
    group, own, name = kind
    for version in store.versions(group, name):
        node = store.node(group, version, name) if version != own else None
        for step in path:
            node = None if node is None else node.item if isinstance(step, int) else node.child(step)
        if node is not None and str(path[-1]):
            return version
    return None


def _told(kind: Kind, path: Path) -> Suggestion | None:
    for row in field_notes(kind[0], kind[2]):
        if row["state"] == "unknown" and stands_at(row, path):
            return Suggestion(row["suggestion"], row.get("replacement", ""), row.get("effect", ""))
    return None
