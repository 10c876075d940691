"""What needs a later release than the one that a manifest is meant for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from meshlint.resources.schema.deprecations import field_notes, fields, stands_at
from meshlint.resources.schema.store.catalogue import read_json
from meshlint.resources.schema.violation import Path

Releases = Mapping[str, tuple[int, int]]
"""The releases that are meant, by project: `Istio`, `Linkerd`, `Gateway API`."""


class Newer(NamedTuple):
    """A version, field or value, and the release that brought it; `path` leads to it."""

    path: Path
    what: str
    release: str
    on_key: bool


def newer_than(group: str, version: str, kind: str, value: Any, releases: Releases) -> Iterator[Newer]:
    """What an object says that the meant releases do not know."""
    for row in read_json("versions.json")["since"]:
        own = row["group"] == group and row["version"] == version and row.get("kind", kind) == kind
        if own and _is_newer(row["release"], releases):
            yield Newer(("apiVersion",), f"{group}/{version}", row["release"], on_key=False)
    notes = [note for note in field_notes(group, kind) if note["state"] == "since"]
    notes = [note for note in notes if _is_newer(note["release"], releases)]
    for path, inner in fields(value) if notes else ():
        for note in notes:
            if stands_at(note, path) and inner is not None:
                yield Newer(path, str(note["path"].rpartition(".")[2]), note["release"], on_key=True)


def _is_newer(release: str, releases: Releases) -> bool:
    project, _, number = release.rpartition(" ")
    major, _, minor = number.partition(".")
    meant = releases.get(project)
    return meant is not None and (int(major), int(minor)) > meant
