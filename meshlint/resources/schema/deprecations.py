"""Which fields and values of an object are deprecated, and what replaces them?"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Set
from functools import cache
from typing import Any

from meshlint.resources.schema.store.catalogue import read_json
from meshlint.resources.schema.store.releases import Releases, number
from meshlint.resources.schema.violation import Path, Reason, Violation
from meshlint.resources.schema.words.writing import quoted

Row = dict[str, Any]


def deprecations(group: str, kind: str, value: Any) -> list[Violation]:
    """The deprecated fields and values that an object sets, each at its place, with what replaces it."""
    rows = _by_name().get((group, kind))
    if not rows or not _holds_any(value, rows.keys()):
        return []
    return [
        _violation(row, path, inner)
        for path, inner in _named(value, rows, ())
        for row in rows[str(path[-1])]
        if _matches(row, path, inner)
    ]


def deprecated_names(group: str, kind: str) -> Collection[str]:
    """The names of the deprecated fields of a kind, and of those with deprecated values."""
    return _by_name().get((group, kind), {}).keys()


def deprecating_kinds() -> tuple[tuple[str, str], ...]:
    """The kinds of which some field or value is deprecated."""
    return tuple(_by_name())


def field_notes(group: str, kind: str) -> list[Row]:
    """What `fields.json` says of the fields of one kind."""
    rows: list[Row] = _notes().get(f"{group}/{kind}", [])
    return rows


def newer_notes(group: str, kind: str, releases: Releases) -> list[Row]:
    """The notes on fields that came after the releases that are meant."""
    rows = [row for row in field_notes(group, kind) if row["state"] == "since"]
    return [row for row in rows if _is_newer(row["release"], releases)]


def _is_newer(release: str, releases: Releases) -> bool:
    project, _, name = release.rpartition(" ")
    return project in releases and number(name) > releases[project]


def stands_at(row: Row, path: Path) -> bool:
    """Whether a note is about the field at `path`: its own path is the end of that one, indices aside."""
    steps = [step for step in path if isinstance(step, str)]
    wanted: list[str] = row["path"].split(".")
    return steps[-len(wanted) :] == wanted


@cache
def _notes() -> dict[str, list[Row]]:
    notes: dict[str, list[Row]] = read_json("fields.json")
    return notes


@cache
def _by_name() -> dict[tuple[str, str], dict[str, list[Row]]]:
    tables: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for name, rows in _notes().items():
        group, _, kind = name.partition("/")
        table = tables.setdefault((group, kind), {})
        for row in rows:
            if row["state"] == "deprecated":
                table.setdefault(row["path"].rpartition(".")[2], []).append(row)
    return {key: table for key, table in tables.items() if table}


def fields(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field inside of `value`, with the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), inner
            yield from fields(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from fields(inner, (*path, index))


def _holds_any(value: Any, names: Set[str]) -> bool:
    """Whether a field inside of `value` has one of some names: all are asked, and hardly any has one."""
    left = [value]
    for inner in left:
        if isinstance(inner, dict):
            if not names.isdisjoint(inner):
                return True
            left.extend(inner.values())
        elif isinstance(inner, list):
            left.extend(inner)
    return False


def _named(value: Any, names: Container[str], path: Path) -> Iterator[tuple[Path, Any]]:
    """The fields inside of `value` that have one of some names, with the paths to them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if str(key) in names:
                yield (*path, key), inner
            if isinstance(inner, dict | list):
                yield from _named(inner, names, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _named(inner, names, (*path, index))


def _matches(row: Row, path: Path, value: Any) -> bool:
    if value is None or ("value" in row and row["value"] != value):
        return False
    return stands_at(row, path)


def _violation(row: Row, path: Path, value: Any) -> Violation:
    name = quoted(value) if "value" in row else quoted(str(path[-1]))
    effect = row.get("effect", "so a later release may drop it")
    return Violation(
        path,
        Reason.DEPRECATED_FIELD,
        f"{name} is deprecated, {effect}",
        on_key="value" not in row,
        suggestion=row["suggestion"],
        replacement=row.get("replacement", ""),
    )
