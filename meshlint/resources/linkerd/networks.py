"""Address ranges as Linkerd's policy objects write them."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view_class import view


@view
class Network:
    """An address range, or one address, without those in `except_`."""

    field: Field
    cidr: Text | None
    except_: tuple[Text, ...]


def networks(field: Field) -> tuple[Network, ...]:
    """The entries of `networks` in the mapping at `field`."""
    return tuple(Network(item, item.text("cidr"), item.texts("except")) for item in field.items("networks"))
