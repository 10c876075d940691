"""Where the current directory lies in its repository."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path

_OUTSIDE = ".."


def prefix_of(directory: Path) -> str:
    """The path from the root of the git repository around `directory` to it, empty if there is none."""
    for root in (directory, *directory.parents):
        if (root / ".git").exists():
            relative = directory.relative_to(root).as_posix()
            return "" if relative == "." else relative
    return ""


def category_of(paths: Iterable[str], prefix: str) -> str:
    """A name for a set of inputs that is the same wherever the repository lies and however it is asked."""
    inside = {posixpath.normpath(posixpath.join(prefix, Path(path).as_posix())) for path in paths}
    names = sorted(path for path in inside if not path.startswith(("/", _OUTSIDE)))
    return "" if "." in names else ",".join(names)
