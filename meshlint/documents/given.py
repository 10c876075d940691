"""Values that the user gives for what the files leave to be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.documents.blanks import Blank, blanks, with_values
from meshlint.documents.document import Document
from meshlint.documents.placeholders import Placeholder, may_hold
from meshlint.documents.read import read
from meshlint.documents.scalars import key_text
from meshlint.values import evolve


def with_substitutions(document: Document, values: Mapping[str, str]) -> Document:
    """The document with `values` in the places that ask for them by name; what has none stays open."""
    asked = blanks(document)
    found = {blank.path: blank.read(_text(blank, values)) for blank in asked}
    made = with_values(document, found)
    # What asks for values in its turn stands nowhere in the text, which tells else what may ask for any.
    asks = any(found[one.path] != one.text and may_hold(str(found[one.path])) for one in asked)
    return evolve(made, written=document.node) if asks else made


def values_in_file(name: str, data: bytes) -> dict[str, str] | None:
    """The values in a file: a mapping of YAML, inner ones by their path with dots, or lines `NAME=value`.

    None where it holds neither.
    """
    documents = [one.value for one in read(name, data).documents if one.value is not None]
    if documents and all(isinstance(one, dict) for one in documents):
        return dict(pair for one in documents for pair in _flat("", one))
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    pairs = [line.removeprefix("export ").partition("=") for line in lines if line and line[0] != "#"]
    if not all(equals for _, equals, _ in pairs):
        return None
    return {key.strip(): _unquoted(value.strip()) for key, _, value in pairs}


def _text(blank: Blank, values: Mapping[str, str]) -> str:
    def fill(one: Placeholder) -> str:
        return values.get(one.name or "", one.text)

    return blank.filled(fill)


def _flat(start: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{start}.{key}" if start else str(key), inner)
    elif not isinstance(value, list):
        yield start, "" if value is None else key_text(value)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
