"""A value together with the place where it was written.

A run asks for some sixty places and texts per object, so both cost little: a field knows what it stands in
and its last step, and spells its path out when asked; a text becomes a field when asked for its place.
Neither is frozen at run time, which would take as long again as making it; nobody sets an attribute of one.
"""

from __future__ import annotations

from typing import Any

from meshlint.documents.document import Document
from meshlint.documents.span import Path, Place, Span, Step


class Text(str):
    """A text that knows where it stands in the manifests; equal to any other text with its characters."""

    __slots__ = ("_around", "_step")
    _around: Field
    _step: Step | None

    @classmethod
    def of(cls, value: str, field: Field) -> Text:
        """`value`, as written at `field`."""
        return _text(value, field, None)

    @property
    def field(self) -> Field:
        """The place where it stands."""
        return self._around if self._step is None else self._around / self._step


class Field:
    """A place in a document and the value there; `None` where nothing is written.

    Reading is tolerant: a value of the wrong type reads as absent, because the schema rules speak of it.
    Fields are compared by identity.
    """

    __slots__ = ("_around", "_step", "document", "value")
    document: Document
    value: Any
    _around: Field | None
    _step: Any

    def __init__(self, document: Document, path: Path, value: Any) -> None:
        self.document = document
        self.value = value
        self._around = None
        self._step = path

    @property
    def path(self) -> Path:
        """The steps that lead here from the root of the document."""
        steps: list[Step] = []
        place = self
        while place._around is not None:
            steps.append(place._step)
            place = place._around
        return (*place._step, *reversed(steps))

    def __truediv__(self, step: Step) -> Field:
        """The field one step further in, present or not."""
        inner = self.value
        made = _new_field(Field)  # As `_inside` does it: a call less for what is asked most often.
        if isinstance(inner, dict):
            made.value = inner.get(step)
        elif isinstance(inner, list) and isinstance(step, int) and step < len(inner):
            made.value = inner[step]
        else:
            made.value = None
        made.document = self.document
        made._around = self
        made._step = step
        return made

    def __bool__(self) -> bool:
        """Whether a value other than null is written here."""
        return self.value is not None

    def __contains__(self, key: str) -> bool:
        """Whether the mapping here has `key`, even with a null value."""
        return isinstance(self.value, dict) and key in self.value

    @property
    def place(self) -> Place:
        """What tells it from all others; its value does not, which files with the same bytes share."""
        return id(self.document), self.path

    @property
    def name(self) -> str:
        """The last step of the path, as the author knows it."""
        if self._around is not None:
            return str(self._step)
        return str(self._step[-1]) if self._step else ""

    def span(self, *, on_key: bool = False) -> Span:
        """Where this stands, or the nearest thing around it that is written."""
        return self.document.span(self.path, on_key=on_key)

    def file(self, *, on_key: bool = False) -> str:
        """The display path of the file that it stands in."""
        return self.document.file_at(self.path, on_key=on_key)

    def text(self, key: Step) -> Text | None:
        """The text at `key`."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return _text(value, self, key) if isinstance(value, str) else None

    def default(self, key: Step, value: str) -> Text:
        """What holds where nothing is written at `key`, as if it stood there."""
        return _text(value, self, key)

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
        here = self._holding(key, list)
        return () if here is None else tuple([_inside(here, i, v) for i, v in enumerate(here.value)])

    def texts(self, key: str) -> tuple[Text, ...]:
        """The texts in the list at `key`, others left out."""
        value = self.value
        if not (isinstance(value, dict) and value.get(key)):  # As with most: views ask for all that may be.
            return ()
        here = self._holding(key, list)
        if here is None:
            return ()
        return tuple([_text(v, here, i) for i, v in enumerate(here.value) if isinstance(v, str)])

    def mapping(self, key: str) -> dict[str, Text]:
        """The text values of the mapping at `key`, as labels are."""
        here = self._holding(key, dict)
        if here is None:
            return {}
        return {name: _text(v, here, name) for name, v in here.value.items() if isinstance(v, str)}

    def fields(self, key: str | None = None) -> tuple[Field, ...]:
        """The values of the mapping at `key` (of this field itself without one), each with its place."""
        here = self._holding(key, dict)
        return () if here is None else tuple([_inside(here, name, v) for name, v in here.value.items()])

    def _holding(self, key: str | None, kind: type) -> Field | None:
        """The field at `key`, or this one without a key, if a `kind` with something in it stands there."""
        value = self.value
        if key is None:
            return self if isinstance(value, kind) else None
        inner = value.get(key) if isinstance(value, dict) else None
        return _inside(self, key, inner) if inner and isinstance(inner, kind) else None


def _inside(around: Field, step: Step, value: Any) -> Field:
    """The field of `value`, which stands at `step` of `around`."""
    made = _new_field(Field)
    made.document = around.document
    made.value = value
    made._around = around
    made._step = step
    return made


def _text(value: str, around: Field, step: Step | None) -> Text:
    """`value` as it stands at `step` of `around`, or at `around` itself without a step."""
    made = _new_text(Text, value)
    made._around = around
    made._step = step
    return made


_new_field = Field.__new__
_new_text = Text.__new__
