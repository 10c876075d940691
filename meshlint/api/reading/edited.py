"""What an edit leaves of the objects of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.api.reading.options import ReadOptions
from meshlint.documents import Document
from meshlint.resources import DEFAULT_NAMESPACE, ResourceSet

_FEW = 100
"""How many documents of an edit are looked at one by one."""


def edited_set(
    resources: ResourceSet, known: Sequence[Document], documents: Sequence[Document], options: ReadOptions
) -> ResourceSet | None:
    """The objects in documents, told from those of a set of the `known` ones; None where they cannot be."""
    one, other = tuple(known), tuple(documents)
    before = _alike(one, other)
    behind = min(_alike(reversed(one), reversed(other)), len(one) - before, len(other) - before)
    old, new = (_by_identity(those[before : len(those) - behind]) for those in (one, other))
    odd = new.keys() ^ old.keys()
    if len(odd) > _FEW:
        return None
    gone, come = ([held[key] for key in held if key in odd] for held in (old, new))
    return resources.edited(gone, come, options.namespace or DEFAULT_NAMESPACE)


def _alike(some: Iterable[Document], others: Iterable[Document]) -> int:
    """With how many documents that are the same both begin."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if one is not other:
            break
        count += 1
    return count


def _by_identity(those: Sequence[Document]) -> dict[int, Document]:
    return dict(zip(map(id, those), those, strict=True))
