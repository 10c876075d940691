"""What the views of all API families share: the object they were read from, and how defaults are read.

Views compare by identity and leave their repr out: generated methods cost start-up time in every class, and
each view would print its whole document.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Step, Text
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ObjectView:
    """A whole API object, read. Views of its kinds add the fields of their spec."""

    resource: Resource

    @property
    def field(self) -> Field:
        """The whole object as a place."""
        return self.resource.field

    @property
    def name(self) -> str:
        """`metadata.name`."""
        return self.resource.name

    @property
    def namespace(self) -> str:
        """The namespace that the object lives in, empty if its kind is cluster-scoped."""
        return self.resource.namespace

    @property
    def labels(self) -> Mapping[str, Text]:
        """`metadata.labels` of the object itself."""
        return self.resource.labels

    @property
    def annotations(self) -> Mapping[str, Text]:
        """`metadata.annotations` of the object itself."""
        return self.resource.annotations

    def __str__(self) -> str:
        """`Kind namespace/name`."""
        return str(self.resource)

    def __repr__(self) -> str:
        return str(self)


def text_or(field: Field, key: str, default: str) -> Text:
    """The text at `key`, or `default` as if it stood there; its `field` is false if nothing is written."""
    written = field.text(key)
    return field.default(key, default) if written is None else written


def filled_or(field: Field, key: str, default: str) -> Text:
    """Like `text_or`, for a key whose empty text means absence too."""
    written = field.text(key)
    return written or field.default(key, default)


def number_or_name(field: Field, key: str) -> int | Text | None:
    """The number or the text at `key`, as ports are written."""
    number = field.integer(key)
    return field.text(key) if number is None else number


def pruned(field: Field, key: str) -> Field:
    """The field at `key` with nothing in it, because the object's version does not know the key."""
    return Field(field.document, (*field.path, key), None)


def mapping_at(field: Field, *path: Step) -> Field | None:
    """The field at `path` if a mapping is written there."""
    for step in path:
        field = field / step
    return field if isinstance(field.value, dict) else None
