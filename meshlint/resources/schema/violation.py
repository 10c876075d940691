"""What the schema says against an object."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeAlias

from meshlint.values import frozen

Path: TypeAlias = tuple[str | int, ...]


class Reason(StrEnum):
    """In which way an object breaks its schema."""

    UNKNOWN_FIELD = "unknown-field"
    WRONG_TYPE = "wrong-type"
    MISSING_FIELD = "missing-field"
    BAD_ENUM = "bad-enum"
    PATTERN = "pattern"
    BOUNDS = "bounds"
    EXCLUSIVE = "exclusive"
    NONE_OF_GROUP = "none-of-required-group"
    FORMAT = "format"
    CONSTRAINT = "constraint"
    DEPRECATED_FIELD = "deprecated-field"
    UNKNOWN_KEY = "unknown-key"
    MISPLACED_KEY = "misplaced-key"
    BAD_VALUE = "bad-value"
    NEWER_FIELD = "newer-field"
    NEWER_VALUE = "newer-value"
    TAKEN_AWAY = "taken-away"
    UNRELEASED = "unreleased"
    DEPRECATED_KEY = "deprecated-key"


OF_OTHER_RELEASES: Final = (Reason.NEWER_FIELD, Reason.TAKEN_AWAY, Reason.UNRELEASED)
"""A field that the kind has, though not in the release that is meant."""

PRUNED: Final = (Reason.UNKNOWN_FIELD, *OF_OTHER_RELEASES)
"""What the API server drops unless whoever applies the object asks for strict validation, and what depends on
a release that nobody stated."""


@frozen(repr=False)
class Violation:
    """One mistake in one object.

    `path` leads from the object's root to the value at fault, or to its key if `on_key`. `message` is one
    sentence that says what is written and what comes of it; `suggestion` is one that says what to write, or
    empty; `replacement` is the bare name or value to write, where there is exactly one. `related` are further
    places that the mistake concerns, `places` are mappings into which the field belongs.
    """

    path: Path
    reason: Reason
    message: str
    on_key: bool = False
    suggestion: str = ""
    replacement: str = ""
    related: tuple[Path, ...] = ()
    places: tuple[Path, ...] = ()
