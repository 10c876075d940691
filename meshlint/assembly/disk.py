"""Files on disk, by the paths that reports show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from meshlint.sources.model import MEBIBYTE
from meshlint.sources.reading import read_file
from meshlint.values import evolve, field, frozen

if TYPE_CHECKING:
    from meshlint.sources.helm import Order, Rendered


@frozen(eq=False, repr=False)
class DiskFiles:
    """The files below and around `directory`, which relative paths count from."""

    directory: Path
    max_bytes: int = 16 * MEBIBYTE
    changed: Mapping[str, bytes] = field(factory=dict)
    """What files are to hold that on disk hold something else, by path."""

    def bytes_of(self, path: str) -> bytes | None:
        """What a file holds; None if it is none, or too large."""
        if path in self.changed:
            return self.changed[path]
        if not self._is(Path.is_file, path):
            return None
        data = read_file(str(self.directory / path), path, self.max_bytes)
        return data if isinstance(data, bytes) else None

    def is_directory(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return self._is(Path.is_dir, path)

    def _is(self, asked: Callable[[Path], bool], path: str) -> bool:
        # A path that a manifest names may be one that no file can have.
        try:
            return "\0" not in path and asked(self.directory / path)
        except OSError:
            return False

    def names_in(self, path: str) -> list[str]:
        """The names in a directory."""
        try:
            return sorted(one.name for one in (self.directory / path).iterdir())
        except OSError:
            return []


@frozen(eq=False, repr=False)
class DiskCharts:
    """Charts below `directory`, rendered by the user's `helm` where there is one."""

    directory: Path

    def render(self, order: Order) -> Rendered | str:
        """What comes of an order by paths below `directory`, or a sentence that says why nothing does."""
        # A run without charts looks for no program.
        from meshlint.sources.helm import NOT_INSTALLED, installed_helm, render

        helm = installed_helm()
        if helm is None:
            return NOT_INSTALLED
        others = tuple((inside, self.directory / path) for inside, path in order.laid_in)
        return render(helm, evolve(order, directory=self.directory / order.directory, laid_in=others))
