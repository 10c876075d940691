"""Which objects a patch or a replacement is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.piece import Id, Piece
from meshlint.assembly.nodes import child, text_of
from meshlint.values import regex

_LISTED: Final = regex(r"([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)")
_COMPARED: Final = regex(r"([\w./-]+)\s*(==|!=|=)\s*([\w.-]*)")
_ORDERED: Final = regex(r"([\w./-]+)\s*([<>])\s*(-?\d{1,18})")
_LONGEST_NUMBER: Final = 19
_ALONE: Final = regex(r"(!?)\s*([\w./-]+)")


def selected(pieces: Sequence[Piece], target: Node) -> list[Piece]:
    """The objects that the target of a patch selects: its texts are expressions for the whole of a name."""
    return [piece for piece in pieces if _is_target(piece, target)]


def matches_exactly(piece: Piece, selector: Node | None) -> bool:
    """Whether a selector of a replacement means `piece`, by any of the names it has had."""
    parts = ("group", "version", "kind", "name", "namespace")
    wanted = {part: text_of(child(selector, part)) for part in parts}
    return any(all(_part(one, part) == word for part, word in wanted.items() if word) for one in piece.ids)


def has_marks(piece: Piece, selector: Node | None) -> bool:
    """Whether the labels and annotations of `piece` are what a selector asks for."""
    pairs = (("labelSelector", "labels"), ("annotationSelector", "annotations"))
    return all(
        _holds(text_of(child(selector, name)), child(piece.root, "metadata", part)) for name, part in pairs
    )


def _is_target(piece: Piece, target: Node) -> bool:
    first, now = piece.original, piece.id
    for part in ("group", "version", "kind"):
        if not _fits(text_of(child(target, part)), _part(now, part)):
            return False
    for part in ("name", "namespace"):
        pattern = text_of(child(target, part))
        if not any(_fits(pattern, _effective(one, part)) for one in (first, now)):
            return False
    return has_marks(piece, target)


def _part(one: Id, part: str) -> str:
    if part in {"name", "namespace"}:
        return str(getattr(one, part))
    return str(getattr(one.gvk, part))


def _effective(one: Id, part: str) -> str:
    return one.in_namespace if part == "namespace" else one.name


def _fits(pattern: str, text: str) -> bool:
    return not pattern or _whole(pattern).match(text) is not None


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(f"^(?:{pattern.removeprefix('^').removesuffix('$')})$")
    except re.error as error:
        raise CannotBuild(f'"{pattern}" is no expression') from error


def _holds(selector: str, marks: Node | None) -> bool:
    return all(_demand(demand.strip(), marks) for demand in _demands(selector))


def _demands(selector: str) -> list[str]:
    """The parts of a label selector; a comma within brackets separates values."""
    return [part for part in re.split(r",(?![^(]*\))", selector) if part.strip()]


def _demand(demand: str, marks: Node | None) -> bool:
    listed = _LISTED.fullmatch(demand)
    if listed:
        values = {value.strip() for value in listed[3].split(",")}
        found = child(marks, listed[1])
        inside = found is not None and text_of(found) in values
        return inside if listed[2] == "in" else not inside
    compared = _COMPARED.fullmatch(demand)
    if compared:
        found = child(marks, compared[1])
        equal = found is not None and text_of(found) == compared[3]
        return equal != (compared[2] == "!=")
    ordered = _ORDERED.fullmatch(demand)
    if ordered:
        number = _number(text_of(child(marks, ordered[1])))
        bound = int(ordered[3])
        return number is not None and (number > bound if ordered[2] == ">" else number < bound)
    alone = _ALONE.fullmatch(demand)
    if alone is None:
        raise CannotBuild(f'"{demand}" selects no labels')
    return (child(marks, alone[2]) is None) == bool(alone[1])


def _number(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < _LONGEST_NUMBER else None
