"""Where in the manifests a count comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from meshlint.documents import Field
from meshlint.documents.line_places import line_of
from meshlint.resources import Resource
from meshlint.values import frozen

Placed = TypeVar("Placed")


@frozen(eq=False, slots=False, repr=False)
class Place:
    """A line of a file, and the object that stands there. `namespace` is empty for cluster-wide objects.

    Places are told apart and put in order without their lines as far as that goes: there are many, few are
    told, and for a line the nodes of its document have to be made.
    """

    at: Field
    object: str
    namespace: str = ""
    on_key: bool = False

    @property
    def file(self) -> str:
        """The display path of the file."""
        return self.at.document.file

    @cached_property
    def line(self) -> int:
        """The line in the file, from 1."""
        return line_of(self.at, on_key=self.on_key)

    @cached_property
    def _roughly(self) -> tuple[str, int]:
        """The file, and the line before the document's first one where that is known."""
        document = self.at.document
        return document.file, document.first_line if document.is_text else self.line

    @property
    def _exactly(self) -> tuple[int, str, str]:
        return self.line, self.object, self.namespace

    def __eq__(self, other: Any) -> bool:
        """Whether it is the same object on the same line."""
        if not isinstance(other, Place):
            return NotImplemented
        if self._roughly != other._roughly or self.object != other.object:
            return False
        return self._is_beside(other) or self._exactly == other._exactly

    def _is_beside(self, other: Place) -> bool:
        """Whether it is told without their lines that both stand at the same place."""
        one, same = self.at, other.at
        return one.document is same.document and self.on_key == other.on_key and one.path == same.path

    def __hash__(self) -> int:
        return hash((self._roughly, self.object))

    def __lt__(self, other: Place) -> bool:
        """Whether it comes first, by file, line and object."""
        if self._roughly != other._roughly:
            return self._roughly < other._roughly
        return self._exactly < other._exactly

    def __str__(self) -> str:
        """`file:line`, as terminals make it a link."""
        return f"{self.file}:{self.line}"


def place_of(resource: Resource, field: Field | None = None) -> Place:
    """The place of `field` in `resource`, or of the object itself."""
    where = resource.field / "metadata" / "name" if field is None else field
    return Place(where, str(resource), resource.namespace, field is not None)


def in_order(
    found: Iterable[Placed], place: Callable[[Placed], Place], then: Callable[[Placed], Any] = lambda _: 0
) -> tuple[Placed, ...]:
    """What stands at places, by these, and what stands at the same one by `then`.

    Places are told apart by their lines only where several are in one document.
    """
    rough = sorted(((place(one)._roughly, one) for one in found), key=itemgetter(0))
    ordered: list[Placed] = []
    for _, together in groupby(rough, key=itemgetter(0)):
        held = [one for _, one in together]
        ordered += held if len(held) == 1 else sorted(held, key=lambda one: (place(one), then(one)))
    return tuple(ordered)
