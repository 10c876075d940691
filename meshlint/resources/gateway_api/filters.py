"""What a rule does to a request besides choosing a backend."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view_class import view


@view
class Filter:
    """One filter; its settings stand under the key that goes with its type."""

    field: Field
    type: Text | None

    @property
    def mirror(self) -> Field | None:
        """The backend reference that a `RequestMirror` copies requests to."""
        place = self.field / "requestMirror" / "backendRef"
        return place if self.type == "RequestMirror" and place else None


def filters(field: Field) -> tuple[Filter, ...]:
    """The filters of the rule or the backend reference at `field`."""
    return tuple(Filter(item, item.text("type")) for item in field.items("filters"))
