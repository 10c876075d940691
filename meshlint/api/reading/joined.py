"""Documents and texts in several parts, which are only put together where somebody goes through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import overload

from meshlint.documents import Document, FileText
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


@frozen(eq=False, repr=False)
class Laid(Mapping[str, FileText]):
    """Texts by their files, some laid over others."""

    below: Mapping[str, FileText]
    above: Mapping[str, FileText]

    def __getitem__(self, name: str) -> FileText:
        """The text of a file."""
        return self.above[name] if name in self.above else self.below[name]

    def __iter__(self) -> Iterator[str]:
        """The files."""
        return chain(self.below, (name for name in self.above if name not in self.below))

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.below) + sum(name not in self.below for name in self.above)


def added(texts: Mapping[str, FileText], known: Mapping[str, FileText]) -> Mapping[str, FileText] | None:
    """The texts that are not among those known; None where some of the known ones are gone."""
    if isinstance(texts, Laid) and texts.below is known and known.keys().isdisjoint(texts.above):
        return texts.above
    if not all(texts.get(name) is text for name, text in known.items()):
        return None
    return {name: text for name, text in texts.items() if known.get(name) is not text}
