"""What is built for the wheel alone: many small files in one each, which is a third of them in size.

Most of what rules and schemas say, they say several times: examples in the manifests around their point,
schemas in each version of a kind. An archive packs each file by itself and cannot make use of that.
"""

from __future__ import annotations

import bz2
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = "pages.json.bz2"
KINDS = "kinds.jsonl"
LARGE = "envoy.json"
"""A schema that is asked for EnvoyFilters alone, and better packed than archives pack."""


def pages(rules: Path) -> dict[str, Any]:
    """The file of each rule by folder and name, as runs of lines, of which each is there once."""
    numbers: dict[str, int] = {}
    found = {
        one.relative_to(rules).with_suffix("").as_posix(): _runs(
            numbers.setdefault(line, len(numbers))
            for line in one.read_text(encoding="utf-8").splitlines(keepends=True)
        )
        for one in sorted(rules.glob("*/**/*.yaml"))
    }
    return {"lines": list(numbers), "pages": found}


def _runs(numbers: Iterable[int]) -> list[int]:
    """Numbers of which many follow each other, as the first of each run and how many there are, in turns."""
    runs: list[int] = []
    for number in numbers:
        if runs and runs[-2] + runs[-1] == number:
            runs[-1] += 1
        else:
            runs += [number, 1]
    return runs


def kinds(schemas: Path) -> bytes:
    """The files in the folders of `schemas`, after one line with their sizes by name."""
    found = {
        one.relative_to(schemas).as_posix(): one.read_bytes() for one in sorted(schemas.glob("*/**/*.json"))
    }
    sizes = json.dumps({name: len(text) for name, text in found.items()})
    return b"\n".join((sizes.encode(), b"".join(found.values())))


def _written(root: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    """What the wheel holds of rules and schemas: files, and where they lie in it."""
    written = json.dumps(pages(root / "rules"), ensure_ascii=False).encode()
    (folder / PAGES).write_bytes(bz2.compress(written))
    yield folder / PAGES, f"rules/{PAGES}"
    (folder / KINDS).write_bytes(kinds(root / "schemas"))
    yield folder / KINDS, f"schemas/{KINDS}"
    for one in sorted((root / "schemas").glob("*.json")):
        if one.name == LARGE:
            (folder / f"{LARGE}.bz2").write_bytes(bz2.compress(one.read_bytes()))
            yield folder / f"{LARGE}.bz2", f"schemas/{LARGE}.bz2"
        else:
            yield one, f"schemas/{one.name}"


def pack_tightly(wheel: Path) -> None:
    """Write an archive again, its files as small as they get; all else in it stays."""
    with zipfile.ZipFile(wheel) as loose:
        found = [(about, loose.read(about)) for about in loose.infolist()]
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as tight:
        for about, content in found:
            tight.writestr(about, content, compresslevel=9)


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the files into the wheel; an editable install reads those of the project."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the files of the wheel are gathered."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for file, place in _written(Path(self.root), Path(self._folder.name)):
            build_data["force_include"][str(file)] = f"meshlint/_data/{place}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is written."""
        del build_data
        if version != "editable":
            self._folder.cleanup()
            pack_tightly(Path(artifact_path))
