"""What documents leave to be filled in, and the documents once it is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from meshlint.documents import Document
from meshlint.resources.schema.store.store import SchemaStore

if TYPE_CHECKING:
    from meshlint.resources.filling import Gap

_TEXT = attrgetter("text")


def gaps_of(documents: Sequence[Document], schemas: SchemaStore) -> tuple[Gap, ...]:
    """What documents leave to be filled in."""
    if not any(text.may_be_filled for text, _ in groupby(documents, key=_TEXT)):
        return ()
    from meshlint.resources.filling import gaps

    return gaps(documents, schemas)


def substituted(documents: list[Document], values: Mapping[str, str]) -> list[Document]:
    """The documents with the values that the user gives, by name."""
    if not values:
        return documents
    from meshlint.documents.given import with_substitutions

    return [with_substitutions(document, values) for document in documents]


def filled_in(
    documents: list[Document], gaps: Sequence[Gap], choice: Callable[[Gap], Any] | None = None
) -> list[Document]:
    """The documents once `choice` has closed the gaps, by default with what is given."""
    if not gaps:
        return documents
    from meshlint.resources.filling import as_given, fill

    return fill(documents, gaps, choice or as_given)
