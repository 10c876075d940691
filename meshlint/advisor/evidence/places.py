"""Where in the manifests a count comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from meshlint.documents import Document, Field, Path
from meshlint.documents.line_places import line_of
from meshlint.resources import Resource
from meshlint.values import frozen, once

Placed = TypeVar("Placed")
_NAME: Path = ("metadata", "name")


class _Located:
    """What is told apart and put in order by where it stands, and without its line as far as that goes: there
    are many places, few are told, and for a line the nodes of its document have to be made.
    """

    resource: Resource
    field: Field | Path | None

    @once
    def at(self) -> Field:
        """What stands at the line."""
        meant = self.field
        if isinstance(meant, Field):
            return meant
        return self.resource.at(*(_NAME if meant is None else meant))

    @property
    def object(self) -> str:
        """The object, as it is called."""
        return str(self.resource)

    @property
    def namespace(self) -> str:
        """The namespace of the object."""
        return self.resource.namespace

    @property
    def file(self) -> str:
        """The display path of the file."""
        return self._document.file

    @property
    def _document(self) -> Document:
        return (self.field if isinstance(self.field, Field) else self.resource.field).document

    @once
    def line(self) -> int:
        """The line in the file, from 1."""
        return line_of(self.at, on_key=self.field is not None)

    @once
    def _roughly(self) -> tuple[str, int]:
        """The file, and the line before the document's first one where that is known."""
        document = self._document
        return document.text.path, document.first_line if document.is_text else self.line

    @property
    def _exactly(self) -> tuple[int, str, str]:
        return self.line, self.object, self.namespace

    def __eq__(self, other: Any) -> bool:
        """Whether it is the same object on the same line."""
        if not isinstance(other, _Located):
            return NotImplemented
        if self._roughly != other._roughly:
            return False
        is_same = self.resource is other.resource and self._is_beside(other)
        return is_same or self._exactly == other._exactly

    def _is_beside(self, other: _Located) -> bool:
        """Whether it is told without their lines that both stand at the same place."""
        one, same = self.field, other.field
        if one is None or same is None:
            return one is same and self.resource is other.resource
        return self.at.document is other.at.document and self.at.path == other.at.path

    def __hash__(self) -> int:
        return hash((self._roughly, self.resource.name))

    def __lt__(self, other: _Located) -> bool:
        """Whether it comes first, by file, line and object."""
        if self._roughly != other._roughly:
            return self._roughly < other._roughly
        return self._exactly < other._exactly

    def __str__(self) -> str:
        """`file:line`, as terminals make it a link."""
        return f"{self.file}:{self.line}"


@frozen(eq=False, slots=False, repr=False)
class Place(_Located):
    """A line of a file, and the object that stands there."""

    resource: Resource
    field: Field | Path | None = None
    """The field that is meant, by its key, or the path to it from the object; without one, the name of the
    object is.
    """


def place_of(resource: Resource, field: Field | Path | None = None) -> Place:
    """The place of `field` in `resource`, or of the object itself."""
    return Place(resource, field)


def in_order(
    found: Iterable[Placed], place: Callable[[Placed], Place], then: Callable[[Placed], Any] = lambda _: 0
) -> tuple[Placed, ...]:
    """What stands at places, by these, and what stands at the same one by `then`."""
    ordered: list[Placed] = []
    for held in _together(found, place):
        ordered += _sorted(held, place, then)
    return tuple(ordered)


def once_in_order(
    found: Iterable[Placed], place: Callable[[Placed], Place], then: Callable[[Placed], Any]
) -> tuple[Placed, ...]:
    """Like `in_order`, with what is the same told once."""
    ordered: list[Placed] = []
    for held in _together(found, place):
        ordered += held if len(held) == 1 else _sorted(list(dict.fromkeys(held)), place, then)
    return tuple(ordered)


def _together(found: Iterable[Placed], place: Callable[[Placed], Place]) -> Iterator[list[Placed]]:
    """What stands in one document each time, in the order of the documents: told without a line."""
    rough = sorted([(place(one)._roughly, one) for one in found], key=itemgetter(0))
    for _, together in groupby(rough, key=itemgetter(0)):
        yield [one for _, one in together]


def _sorted(
    held: list[Placed], place: Callable[[Placed], Place], then: Callable[[Placed], Any]
) -> list[Placed]:
    if len(held) == 1:
        return held
    return sorted(held, key=lambda one: (place(one)._exactly, then(one)))
