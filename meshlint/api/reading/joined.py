"""Documents in several parts, which are only put together where somebody goes through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload

from meshlint.documents import Document
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Joined(Sequence[Document]):
    """Some documents and then some more."""

    first: Sequence[Document]
    more: Sequence[Document]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.first) + len(self.more)

    def __iter__(self) -> Iterator[Document]:
        """All of them, in their order."""
        return chain(self.first, self.more)

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Document]: ...
    def __getitem__(self, at: int | slice) -> Document | Sequence[Document]:
        """One of them, or a part."""
        return tuple(self)[at]
