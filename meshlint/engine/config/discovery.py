"""Which configuration file counts for a run?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

NAMES = ("meshlint.yaml", ".meshlint.yaml", "meshlint.yml", ".meshlint.yml")
PYPROJECT = "pyproject.toml"


def find_config(targets: Sequence[Path]) -> Path | None:
    """The configuration file nearest above all of `targets` (the current directory without any).

    The search ends at the root of the git work tree. A `pyproject.toml` counts if it has `[tool.meshlint]`.
    """
    for directory in upwards(common_directory(targets)):
        for name in NAMES:
            if (directory / name).is_file():
                return directory / name
        if _speaks_of_meshlint(directory / PYPROJECT):
            return directory / PYPROJECT
        if (directory / ".git").exists():
            return None
    return None


def common_directory(targets: Sequence[Path]) -> Path:
    """The nearest directory that holds all of `targets`; the current one without any."""
    directories = [path if path.is_dir() else path.parent for path in (t.resolve() for t in targets)]
    return Path(os.path.commonpath(directories)) if directories else Path.cwd()


def upwards(directory: Path) -> Sequence[Path]:
    """`directory` and those above it, from the inside out."""
    return (directory, *directory.parents)


def _speaks_of_meshlint(path: Path) -> bool:
    """Whether there is a section for meshlint; a broken file that seems to hold one counts, to be told of."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if b"meshlint" not in data:
        return False
    import tomllib

    try:
        tool = tomllib.loads(data.decode()).get("tool")
    except ValueError:
        return b"[tool.meshlint" in data
    return isinstance(tool, dict) and "meshlint" in tool
