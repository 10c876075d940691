"""Files on disk, by the paths that reports show."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from meshlint.sources.helm import Order, Rendered, render
from meshlint.sources.model import MEBIBYTE
from meshlint.sources.reading import read_file


@frozen(eq=False, repr=False)
class DiskFiles:
    """The files below and around `directory`, which relative paths count from."""

    directory: Path
    max_bytes: int = 16 * MEBIBYTE

    def bytes_of(self, path: str) -> bytes | None:
        """What a file holds; None if it is none, or too large."""
        place = self.directory / path
        if "\0" in path or not place.is_file():
            return None
        data = read_file(place, path, self.max_bytes)
        return data if isinstance(data, bytes) else None

    def is_directory(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return "\0" not in path and (self.directory / path).is_dir()

    def names_in(self, path: str) -> list[str]:
        """The names in a directory."""
        try:
            return sorted(one.name for one in (self.directory / path).iterdir())
        except OSError:
            return []


@frozen(eq=False, repr=False)
class DiskCharts:
    """Charts below `directory`, rendered by the program `helm`."""

    directory: Path
    helm: str

    def render(
        self, directory: str, release: str, namespace: str, values: tuple[bytes, ...]
    ) -> Rendered | str:
        """What comes of the chart in a directory, or a sentence that says why nothing does."""
        return render(self.helm, Order(self.directory / directory, release, namespace, values))
