"""A value together with the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from meshlint.documents.document import Document, Path, Step
from meshlint.documents.span import Span


class Text(str):
    """A text that knows where it stands in the manifests; equal to any other text with its characters."""

    __slots__ = ("field",)
    field: Field

    @classmethod
    def of(cls, value: str, field: Field) -> Text:
        """`value`, as written at `field`."""
        text = cls(value)
        text.field = field
        return text


@frozen(eq=False, repr=False)
class Field:
    """A place in a document and the value there; `None` where nothing is written.

    Reading is tolerant: a value of the wrong type reads as absent, because the schema rules speak of it.
    """

    document: Document
    path: Path
    value: Any

    def __truediv__(self, step: Step) -> Field:
        """The field one step further in, present or not."""
        inner = self.value
        child = None
        if isinstance(inner, dict):
            child = inner.get(step)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            child = inner[step]
        return Field(self.document, (*self.path, step), child)

    def __bool__(self) -> bool:
        """Whether a value other than null is written here."""
        return self.value is not None

    def __contains__(self, key: str) -> bool:
        """Whether the mapping here has `key`, even with a null value."""
        return isinstance(self.value, dict) and key in self.value

    @property
    def name(self) -> str:
        """The last step of the path, as the author knows it."""
        return str(self.path[-1]) if self.path else ""

    def span(self, *, on_key: bool = False) -> Span:
        """Where this stands, or the nearest thing around it that is written."""
        return self.document.span(self.path, on_key=on_key)

    def file(self, *, on_key: bool = False) -> str:
        """The display path of the file that it stands in."""
        return self.document.file_at(self.path, on_key=on_key)

    def text(self, key: Step) -> Text | None:
        """The text at `key`."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Text.of(value, self / key) if isinstance(value, str) else None

    def integer(self, key: str) -> int | None:
        """The whole number at `key`; a boolean is not one."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def boolean(self, key: str) -> bool | None:
        """The boolean at `key`."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, bool) else None

    def items(self, key: str | None = None) -> tuple[Field, ...]:
        """The entries of the list at `key` (of this field itself without one)."""
        here = self if key is None else self / key
        if not isinstance(here.value, list):
            return ()
        return tuple(Field(here.document, (*here.path, i), v) for i, v in enumerate(here.value))

    def texts(self, key: str) -> tuple[Text, ...]:
        """The texts in the list at `key`, others left out."""
        return tuple(Text.of(item.value, item) for item in self.items(key) if isinstance(item.value, str))

    def mapping(self, key: str) -> dict[str, Text]:
        """The text values of the mapping at `key`, as labels are."""
        inner = self / key
        return {
            name: Text.of(value, Field(inner.document, (*inner.path, name), value))
            for name, value in inner._pairs()
            if isinstance(value, str)
        }

    def fields(self, key: str | None = None) -> tuple[Field, ...]:
        """The values of the mapping at `key` (of this field itself without one), each with its place."""
        here = self if key is None else self / key
        return tuple(Field(here.document, (*here.path, name), value) for name, value in here._pairs())

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        if isinstance(self.value, dict):
            yield from self.value.items()
