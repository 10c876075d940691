"""Trees of files for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from meshlint.sources import Reason, SourceOptions, SourceSet, collect


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write `files` (relative path to text) below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def gather(
    root: Path, paths: Sequence[str] = (".",), stdin: BinaryIO | None = None, **options: Any
) -> SourceSet:
    """Collect `paths` with `root` as the current directory."""
    return collect(paths, SourceOptions(directory=root, **options), stdin)


def names(result: SourceSet) -> list[str]:
    """The display paths of the files in the set."""
    return [source.path for source in result.files]


def reasons(result: SourceSet) -> dict[str, Reason]:
    """Why each path was passed over."""
    return {entry.path: entry.reason for entry in result.passed_over}
