"""Where the data that travels with meshlint (rules and schemas) lies on this machine."""

from __future__ import annotations

from pathlib import Path


def data_directory(name: str) -> Path:
    """The directory `rules` or `schemas`: inside an installed wheel, else beside the package."""
    package = Path(__file__).resolve().parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name


def data_of(directory: Path, name: str) -> bytes:
    """The content of a file in one of them; in a wheel a large one is packed (`tools/wheel.py`)."""
    packed = directory / f"{name}.bz2"
    if not packed.is_file():
        return (directory / name).read_bytes()
    import bz2

    return bz2.decompress(packed.read_bytes())
