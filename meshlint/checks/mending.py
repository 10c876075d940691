"""What mends a hit: edits in the words of fields, which know nothing of texts.

A check says them beside what it found. `meshlint.fixes` finds the characters that they mean.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from meshlint.documents import Field
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Rename:
    """The key of the field `at` becomes `key`; its value stays as it is written."""

    at: Field
    key: str


@frozen(eq=False, repr=False)
class Replace:
    """The scalar at the field `at` becomes `value`."""

    at: Field
    value: str | int | bool


@frozen(eq=False, repr=False)
class Remove:
    """The field `at` goes, key and value, or the entry of a list."""

    at: Field


@frozen(eq=False, repr=False)
class Add:
    """The mapping `into` gets a field `key` with a `value` of scalars, mappings and lists."""

    into: Field
    key: str
    value: Any


@frozen(eq=False, repr=False)
class Nest:
    """The field `at`, `key: value`, becomes `outer: {inner: value}`."""

    at: Field
    outer: str
    inner: str


@frozen(eq=False, repr=False)
class Enlist:
    """The field `at`, `key: value`, becomes `plural: [value]`."""

    at: Field
    plural: str


@frozen(eq=False, repr=False)
class Move:
    """The field `at` goes into the mapping `into` under the name `key`, with its value as it is written.

    `holder` is the mapping that held nothing else, which goes as well.
    """

    at: Field
    into: Field
    key: str
    holder: Field | None = None


Edit: TypeAlias = Rename | Replace | Remove | Add | Nest | Enlist | Move


@frozen(eq=False, repr=False)
class Fix:
    """Edits that mend a hit together.

    A fix that is not `safe` decides something that its author may not have meant. One that `keeps_meaning`
    says the same in other words: no answer of the mesh may change by it. `title` says what it does, such as
    `rename "hots" to "hosts"`.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True
    keeps_meaning: bool = False
