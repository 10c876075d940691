"""Address ranges as Linkerd's policy objects write them."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view_class import view
from meshlint.values import regex


@view
class Network:
    """An address range, or one address, without those in `except_`."""

    field: Field
    cidr: Text | None
    except_: tuple[Text, ...]

    @property
    def block(self) -> str | None:
        """The range, as Linkerd reads it."""
        return None if self.cidr is None else as_block(self.cidr)

    @property
    def excepted(self) -> tuple[str, ...]:
        """The exceptions, as Linkerd reads them."""
        return tuple(map(as_block, self.except_))


def networks(field: Field) -> tuple[Network, ...]:
    """The entries of `networks` in the mapping at `field`."""
    return tuple(Network(item, item.text("cidr"), item.texts("except")) for item in field.items("networks"))


_V4_BLOCK = regex(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})/([0-9]{1,2})")
_V6_BLOCK = regex(r"([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/([0-9]{1,3})")


def as_block(text: str) -> str:
    """A block as other readers take it: Linkerd's takes zeros before its numbers, and means the same by them.

    So `010.0.0.0/08` is `10.0.0.0/8`, while a single address must do without (Linkerd: policy controller).
    """
    found = _V4_BLOCK.fullmatch(text)
    if found is not None:
        *parts, length = map(int, found.groups())
        return f"{'.'.join(map(str, parts))}/{length}"
    found = _V6_BLOCK.fullmatch(text)
    return text if found is None else f"{found[1]}/{int(found[2])}"
