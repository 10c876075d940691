"""The files of rules that a configuration names: those of its own repository alone, and not without end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Final

from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import frozen

MOST_FILES: Final = 200
MOST_BYTES: Final = 1_000_000
SUFFIXES: Final = (".yaml", ".yml")
_MOST_LOOKED_AT: Final = 10_000
_MAGIC: Final = "*?["


@frozen(repr=False)
class Named:
    """A word that names files of rules, and where it is written."""

    word: str
    file: str
    line: int

    def mistake(self, message: str, hint: str = "") -> UsageError:
        """What is wrong with it."""
        return UsageError(Mistake(f'rules: "{self.word}" {message}', hint, self.file, self.line))


@frozen(repr=False)
class OnDisk:
    """Files below a directory, told of by paths from there; with `within` only those in that directory."""

    directory: Path
    within: Path | None = None

    def read(self, named: Iterable[Named]) -> list[tuple[str, bytes]]:
        """The files that the words name, each once, with their names; raises `UsageError`."""
        found: dict[Path, tuple[str, bytes]] = {}
        for one in named:
            for path in self._paths(one):
                if path.resolve() not in found:
                    found[path.resolve()] = (self._shown(path), self._bytes(one, path))
                if len(found) > MOST_FILES:
                    raise one.mistake(f"names more than {MOST_FILES} files")
        return list(found.values())

    def _paths(self, named: Named) -> Sequence[Path]:
        start = self._start(named)
        if any(one in named.word for one in _MAGIC):
            pattern = str((self.directory / named.word).relative_to(start))
            return self._some(named, islice(start.glob(pattern), _MOST_LOOKED_AT))
        if start.is_dir():
            return self._some(named, islice(start.rglob("*"), _MOST_LOOKED_AT))
        if not start.is_file():
            raise named.mistake("does not exist", "Name files or directories with rules of your own.")
        return [start]

    def _start(self, named: Named) -> Path:
        """The part of a word that is written out; raises `UsageError` where that leads outside."""
        path = self.directory / named.word
        plain: list[str] = []
        for part in path.parts:
            if any(one in part for one in _MAGIC):
                break
            plain.append(part)
        start = Path(*plain)
        if self.within is not None and not start.resolve().is_relative_to(self.within):
            raise named.mistake(
                "leads out of the repository of this file", "Only what is in it may be named."
            )
        return start

    def _some(self, named: Named, paths: Iterator[Path]) -> Sequence[Path]:
        found = [one for one in paths if one.suffix in SUFFIXES and one.is_file() and self._is_near(one)]
        if not found:
            raise named.mistake("names no YAML file", "Name files or directories with rules of your own.")
        return sorted(found)

    def _is_near(self, path: Path) -> bool:
        return self.within is None or path.resolve().is_relative_to(self.within)

    def _bytes(self, named: Named, path: Path) -> bytes:
        if not self._is_near(path):
            raise named.mistake(
                "leads out of the repository of this file", "Only what is in it may be named."
            )
        if path.stat().st_size > MOST_BYTES:
            raise named.mistake(f"holds more than {MOST_BYTES} bytes in {path.name}")
        try:
            return path.read_bytes()
        except OSError as error:
            raise named.mistake(f"cannot be read: {error.strerror}") from error

    def _shown(self, path: Path) -> str:
        near = path.is_relative_to(self.directory)
        return path.relative_to(self.directory).as_posix() if near else path.as_posix()


@frozen(repr=False)
class InMemory:
    """Files that are on no disk, by their paths with slashes."""

    files: Mapping[str, bytes]

    def read(self, named: Iterable[Named]) -> list[tuple[str, bytes]]:
        """The files that the words name, each once, with their names; raises `UsageError`."""
        found: dict[str, bytes] = {}
        for one in named:
            names = [path for path in sorted(self.files) if _is_named(path, one.word)]
            if not names:
                raise one.mistake("does not exist", "Name files or directories with rules of your own.")
            found.update((path, self.files[path]) for path in names)
            if len(found) > MOST_FILES:
                raise one.mistake(f"names more than {MOST_FILES} files")
            if any(len(self.files[path]) > MOST_BYTES for path in names):
                raise one.mistake(f"names a file with more than {MOST_BYTES} bytes")
        return list(found.items())


Holder = OnDisk | InMemory


def _is_named(path: str, word: str) -> bool:
    plain = word.removeprefix("./").rstrip("/")
    is_yaml = path.endswith(SUFFIXES)
    return path == plain or (is_yaml and (path.startswith(f"{plain}/") or fnmatchcase(path, plain)))
