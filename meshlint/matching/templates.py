"""Envoy's URI templates: paths with `*` for one segment and `**` for any rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

# What an operator matches, and what a literal may hold (seen of Envoy 1.40).
SEGMENT_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()*+,;:@="

_LONGEST = 256


@frozen
class Segment:
    """One segment of a template: an operator (`*`, `**` or none) and the literal behind it."""

    operator: str
    literal: str


def segments(text: str) -> list[Segment]:
    """Split a template that starts with `/` into its segments."""
    return [_segment(part) for part in text[1:].split("/")]


def template_problem(text: str) -> str | None:
    """Say why Envoy refuses a URI template, to follow "the template"; None when it is sound.

    A template starts with `/` and has no empty segment but a last one; a literal directly behind an operator
    ends it; no operator follows a `**`. Variables (`{name}`) are Envoy's, too, but no mesh's, and are refused
    here (seen of Envoy 1.40).
    """
    if not text.startswith("/"):
        return "does not start with `/`"
    if len(text) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    parts = segments(text)
    return _fault_of_segments(parts) or _fault_of_order(parts)


def _segment(part: str) -> Segment:
    operator = "**" if part.startswith("**") else "*" if part.startswith("*") else ""
    return Segment(operator, part[len(operator) :])


def _fault_of_segments(parts: list[Segment]) -> str | None:
    for part in parts[:-1]:
        if not part.operator and not part.literal:
            return "has an empty segment"
        if part.operator and part.literal:
            return f"goes on after the segment `{part.operator}{part.literal}`, which must be its end"
    return next(filter(None, map(_fault_of_literal, parts)), None)


def _fault_of_literal(part: Segment) -> str | None:
    strange = sorted(set(part.literal) - set(SEGMENT_CHARACTERS))
    return f"holds the character `{strange[0]}`, which no segment may hold" if strange else None


def _fault_of_order(parts: Iterable[Segment]) -> str | None:
    operators = [part.operator for part in parts if part.operator]
    return "has an operator after `**`" if "**" in operators[:-1] else None
