"""What can be wrong with bytes before any object is seen in them."""

from __future__ import annotations

from enum import Enum

from meshlint.documents.span import Span
from meshlint.values import frozen


class ProblemKind(Enum):
    """Why a file, a document or a key could not be read as written."""

    SYNTAX = "syntax"
    ENCODING = "encoding"
    TAB = "tab"
    MERGE_CONFLICT = "merge-conflict"
    TOO_DEEP = "too-deep"
    TOO_MANY_ALIASES = "too-many-aliases"
    DUPLICATE_KEY = "duplicate-key"
    REPEATED_KEY = "repeated-key"
    UNUSABLE_KEY = "unusable-key"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"


REPEATED = frozenset({ProblemKind.DUPLICATE_KEY, ProblemKind.REPEATED_KEY})
"""Kinds that leave a document to be read: the last of several values counts."""


@frozen(repr=False)
class Problem:
    """One thing that is wrong with a text, where it stands, and where it began if that is elsewhere."""

    kind: ProblemKind
    file: str
    span: Span
    message: str
    hint: str | None = None
    related: Span | None = None
