"""Where in the manifests a count comes from."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.values import frozen


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
        return self.at.span(on_key=self.on_key).line

    @property
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
        return self._roughly == other._roughly and self._exactly == other._exactly

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
