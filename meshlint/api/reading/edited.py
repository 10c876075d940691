"""What an edit leaves of the objects of a set."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from meshlint.api.reading.options import ReadOptions
from meshlint.documents import Document
from meshlint.resources import DEFAULT_NAMESPACE, ResourceSet

_FEW = 100
"""How many documents of an edit are looked at one by one."""


def edited_set(
    resources: ResourceSet,
    known: Mapping[int, Document],
    documents: Collection[Document],
    options: ReadOptions,
) -> ResourceSet | None:
    """The objects in documents, told from those of a set made of the `known` ones; None where they cannot be.

    The known documents stand by their `id`.
    """
    new = dict(zip(map(id, documents), documents, strict=True))
    odd = new.keys() ^ known.keys()
    if len(odd) > _FEW:
        return None
    gone, come = ([held[key] for key in held if key in odd] for held in (known, new))
    return resources.edited(gone, come, options.namespace or DEFAULT_NAMESPACE)
