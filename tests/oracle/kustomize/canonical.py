"""Objects in a form that can be compared: whatever order they come in, by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from meshlint.assembly.kustomize import Piece
from meshlint.documents import read
from meshlint.documents.values import Builder

Name = tuple[str, ...]


def objects_of(pieces: Sequence[Piece]) -> list[Any]:
    """The plain values of our pieces."""
    return [Builder("piece").build(piece.root) for piece in pieces]


def read_objects(data: bytes) -> list[Any]:
    """The plain values of what kustomize writes, read as kubectl would."""
    return [document.value for document in read("kustomize", data).documents]


def by_name(objects: Sequence[Any]) -> dict[Name, Any]:
    return {_name(one): one for one in objects}


def digest(objects: Sequence[Any] | None) -> str:
    """What an output comes to; "refused" where there is none."""
    if objects is None:
        return "refused"
    known = by_name(objects)
    text = json.dumps([known[name] for name in sorted(known)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _name(one: Any) -> Name:
    metadata = one.get("metadata", {})
    return tuple(
        str(word)
        for word in (one.get("apiVersion"), one["kind"], metadata.get("namespace"), metadata["name"])
    )
