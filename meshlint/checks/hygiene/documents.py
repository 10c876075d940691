"""Texts that cannot be read as they were written, and objects that are written more than once."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from meshlint.checks.hit import Hit, Related, Spot
from meshlint.checks.world import World
from meshlint.documents import ProblemKind
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources import Resource
from meshlint.resources.side_by_side import home_of

_WITHOUT_REFERENCES: Final = 2
"""The version of marshal's format in which equal values are equal bytes, whoever else holds parts of them."""


def syntax(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A document is not YAML."""
    return _of_kind(world, ProblemKind.SYNTAX)


def encoding(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A file's bytes are not text."""
    return _of_kind(world, ProblemKind.ENCODING)


def tab(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A line is indented with a tab."""
    return _of_kind(world, ProblemKind.TAB)


def merge_conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A file holds the markers of a merge conflict."""
    return _of_kind(world, ProblemKind.MERGE_CONFLICT)


def too_deep(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A text nests too deep to be read."""
    return _of_kind(world, ProblemKind.TOO_DEEP)


def too_many_aliases(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A document grows out of all bounds once its aliases are written out."""
    return _of_kind(world, ProblemKind.TOO_MANY_ALIASES)


def duplicate_key(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key stands twice in one mapping."""
    return _of_kind(world, ProblemKind.DUPLICATE_KEY)


def repeated_key(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key stands twice in one mapping, both times with one value."""
    return _of_kind(world, ProblemKind.REPEATED_KEY)


def unusable_key(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A key is a list or a mapping."""
    return _of_kind(world, ProblemKind.UNUSABLE_KEY)


def too_large(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A file is larger than what is read."""
    return _of_kind(world, ProblemKind.TOO_LARGE)


def unreadable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A file cannot be opened."""
    return _of_kind(world, ProblemKind.UNREADABLE)


def duplicate_object(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """One object is written several times with different content: alternatives, or an oversight.

    Directories that hold several such objects are told once: they are variants of one thing.
    """
    found: dict[object, list[tuple[Resource, ...]]] = {}
    for versions in filter(partial(_differ, world.mesh), world.resources.repeated):
        places = frozenset(home_of(one.document.file) for one in versions)
        found.setdefault(places if len(places) > 1 else versions[0].id, []).append(versions)
    for known in found.values():
        yield _written_again(known[0], len(known) - 1)


def _written_again(versions: tuple[Resource, ...], others: int) -> Hit:
    """The message says nothing of the others: when one of them goes, this finding is none the worse."""
    first, *rest = versions
    nouns = "object is" if others == 1 else "objects are"
    more = f" {others} more {nouns} written in the same directories." if others else ""
    return Hit(
        first.at("metadata", "name"),
        f"{first.id} is written {len(versions)} times with different content, so the last one applied wins",
        resource=first,
        hint=f"Keep one, or keep alternatives in directories of their own and check each by itself.{more}",
        related=tuple(
            Related(other.at("metadata", "name"), "written again here", concerns=True) for other in rest
        ),
    )


def _of_kind(world: World, kind: ProblemKind) -> Iterator[Hit]:
    for problem in world.problems:
        if problem.kind is kind:
            related: tuple[Related, ...] = ()
            if problem.related is not None:
                related = (Related(Spot(problem.file, problem.related), "first written here"),)
            place = Spot(problem.file, problem.span)
            yield Hit(place, problem.message, hint=problem.hint, related=related)


@kept
def _differ(_: Mesh, versions: tuple[Resource, ...]) -> bool:
    """Whether not all say the same: the first two mostly do not, and nobody looks further then.

    Only what Python takes for equal need be written out: there 1 is no other value than true or 1.0.
    """
    first, *others = (one.field.value for one in versions)
    rest = [one for one in others if one is not first]
    if any(one != first for one in rest):
        return True
    packed = _packed(first)
    doubtful = [one for one in rest if packed is None or _packed(one) != packed]
    written = _written(first) if doubtful else ""
    return any(_written(one) != written for one in doubtful)


def _packed(value: Any) -> bytes | None:
    """What a value is in bytes, keys in their order: told in a fifth of the time, and mostly the same."""
    try:
        return marshal.dumps(value, _WITHOUT_REFERENCES)
    except ValueError:
        return None


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
