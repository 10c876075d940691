"""The definitions of further kinds that a request names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from meshlint.documents import read
from meshlint.engine.usage import Mistake, UsageError
from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore
from meshlint.sources import SourceOptions

_MOST_FILES = 10_000
SUFFIXES = (".yaml", ".yml", ".json")


def read_definitions(directories: Sequence[Path]) -> SchemaStore:
    """The schemas that travel with meshlint and those of the CustomResourceDefinitions in `directories`.

    Raises `UsageError` where a directory does not exist or holds no definition.
    """
    if not directories:
        return BUILT_IN
    from meshlint.resources.schema.store.crds import load_crds

    files = [file for directory in directories for file in _files(directory)]
    values = [document.value for file in files for document in read(str(file), file.read_bytes()).documents]
    listed = [item for value in values for item in _items(value)]
    store = load_crds(listed)
    if not store.given:
        named = ", ".join(f'"{directory}"' for directory in directories)
        raise UsageError(Mistake(f"no CustomResourceDefinition is in {named}", "; ".join(store.notes)))
    return store


def _files(directory: Path) -> list[Path]:
    if directory.is_file():
        return [directory]
    if not directory.is_dir():
        raise UsageError(Mistake(f'the directory "{directory}" of definitions does not exist'))
    below = (file for file in directory.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return sorted(file for file in islice(below, _MOST_FILES) if _is_inside(file, directory))


def _is_inside(file: Path, directory: Path) -> bool:
    """Whether a file is no link to what lies elsewhere, and no larger than definitions are."""
    is_near = file.resolve().is_relative_to(directory.resolve())
    return is_near and file.stat().st_size <= SourceOptions().max_bytes


def _items(value: object) -> list[object]:
    """The objects in a document: itself, or the items of a List, as `kubectl get crd -o yaml` prints them."""
    items = value.get("items") if isinstance(value, dict) else None
    return items if isinstance(items, list) else [value]
