"""What the index of the schemas says: kinds, versions, scopes, files, and who serves which when."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, TypeAlias

from meshlint.data import data_directory, data_of
from meshlint.values import field, frozen

Entry: TypeAlias = dict[str, Any]
TOGETHER: Final = "kinds.jsonl"


@frozen(repr=False)
class Catalogue:
    """The built-in index, keyed for lookup; small, read once. `releases` are by project, the oldest first."""

    kinds: dict[tuple[str, str], Entry]
    groups: dict[str, tuple[str, ...]] = field()
    releases: dict[str, list[str]] = field(factory=dict)

    def entry(self, group: str, kind: str) -> Entry | None:
        """What the index says of one kind: plural, scope, versions (best first); None for others' kinds."""
        return self.kinds.get((group, kind))

    def version(self, group: str, version: str, kind: str) -> Entry | None:
        """What the index says of one version of one kind: file, storage, deprecated, channel, served."""
        versions = self.kinds.get((group, kind), {}).get("versions", ())
        return next((entry for entry in versions if entry["name"] == version), None)


@cache
def built_in() -> Catalogue:
    """The catalogue of the schemas that travel with meshlint."""
    index = read_json("index.json")
    groups: dict[str, tuple[str, ...]] = {}
    for entry in index["kinds"]:
        groups[entry["group"]] = (*groups.get(entry["group"], ()), entry["kind"])
    kinds = {(entry["group"], entry["kind"]): entry for entry in index["kinds"]}
    return Catalogue(kinds, groups, index["releases"])


def priority(version: str) -> tuple[int, int, int]:
    """The rank of a version as Kubernetes orders them: stable over beta over alpha, newer over older."""
    match = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if match is None:
        return -1, 0, 0
    major, stage, minor = match.groups()
    return {"alpha": 0, "beta": 1, None: 2}[stage], int(major), int(minor or 0)


def read_json(name: str) -> Any:
    """The content of a JSON file below `schemas/`; those in its folders lie in one file of a wheel."""
    directory = data_directory("schemas")
    place = _places(directory).get(name)
    if place is None:
        return json.loads(data_of(directory, name))
    start, size = place
    with (directory / TOGETHER).open("rb") as together:
        together.seek(start)
        return json.loads(together.read(size))


@cache
def _places(directory: Path) -> Mapping[str, tuple[int, int]]:
    """Where the text of each file starts in the one that holds them, and its bytes; nothing if there is none.

    The first line is an object of their sizes by name; the texts follow in that order (`tools/wheel.py`).
    """
    if not (directory / TOGETHER).is_file():
        return {}
    with (directory / TOGETHER).open("rb") as together:
        sizes: dict[str, int] = json.loads(together.readline())
        starts = accumulate(sizes.values(), initial=together.tell())
    return {name: (start, size) for start, (name, size) in zip(starts, sizes.items(), strict=False)}


def is_namespaced(group: str, kind: str) -> bool | None:
    """Whether objects of this kind live in a namespace; None when the kind is not ours."""
    entry = built_in().entry(group, kind)
    return None if entry is None else bool(entry["scope"] == "namespaced")
