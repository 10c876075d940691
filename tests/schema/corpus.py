"""The objects of the shared corpus, by group, version and kind."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from meshlint.documents import read
from tests.shared import SHARED

RENDERED = ("plain", "kustomize", "envsubst")


class Example(NamedTuple):
    """One object of the corpus."""

    file: str
    role: str
    form: str
    value: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        group, _, version = str(self.value.get("apiVersion")).rpartition("/")
        return group, version, str(self.value.get("kind"))


@functools.cache
def examples() -> tuple[Example, ...]:
    """Every object of every file that needs no rendering; empty when the shared folder is absent."""
    index = SHARED / "corpus" / "index.json"
    if not index.is_file():
        return ()
    return tuple(
        example
        for entry in json.loads(index.read_bytes())
        if entry["type"] in RENDERED
        for example in _of_file(entry)
    )


def _of_file(entry: dict[str, Any]) -> Iterator[Example]:
    name = f"{entry['repo'].replace('/', '+')}/{entry['path']}"
    file = SHARED / "corpus" / Path(name)
    if not file.is_file():
        return
    for document in read(name, file.read_bytes()).documents:
        for value in _objects(document.value):
            yield Example(name, entry["role"], entry["type"], value)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict) or "apiVersion" not in value or "kind" not in value:
        return
    items = value.get("items")
    if str(value["kind"]).endswith("List") and isinstance(items, list):
        for item in items:
            yield from _objects(item)
    else:
        yield value
