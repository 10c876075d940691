"""Where in the manifests a count comes from."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.values import frozen


@frozen(order=True)
class Place:
    """A line of a file, and the object that stands there. `namespace` is empty for cluster-wide objects."""

    file: str
    line: int
    object: str
    namespace: str = ""

    def __str__(self) -> str:
        """`file:line`, as terminals make it a link."""
        return f"{self.file}:{self.line}"


def place_of(resource: Resource, field: Field | None = None) -> Place:
    """The place of `field` in `resource`, or of the object itself."""
    where = resource.field / "metadata" / "name" if field is None else field
    span = where.span(on_key=field is not None)
    return Place(resource.document.file, span.line, str(resource), resource.namespace)
