"""Answers kept on disk: in the user's own cache, bounded, and believed only as they were written.

The folder has to be the user's and nobody else's, and never lies in what is read, so that no checkout can
plant an answer. An answer is text with a checksum over it and its name; nothing of it is ever executed. Runs
at the same time do not disturb each other: each writes beside and renames.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import time_ns
from typing import Final

from meshlint.values import frozen

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ANSWERS: Final = 256
LARGEST: Final = 16 * 1024 * 1024
_MARK: Final = b"meshlint answer 1\n"
_DIGEST: Final = 32
_PRIVATE: Final = 0o700


@frozen(repr=False)
class Keeper:
    """The answers in `folder`, an absolute path. Whatever goes wrong there means that nothing is kept."""

    folder: Path

    def recall(self, name: str) -> bytes | None:
        """What was kept under `name`; None where there is nothing, or not what was written."""
        with suppress(OSError):
            if _is_own(self.folder):
                path = self.folder / name
                found = _checked(name, _read(path))
                if found is not None:
                    os.utime(path)
                return found
        return None

    def keep(self, name: str, answer: bytes) -> None:
        """Keep `answer` under `name` from now on, and leave out what was not asked for the longest."""
        if len(answer) > LARGEST:
            return
        with suppress(OSError):
            self.folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            if _is_own(self.folder):
                self._write(name, _MARK + _digest(name, answer) + answer)
                self._bound()

    def _write(self, name: str, data: bytes) -> None:
        beside = self.folder / f"new-{os.getpid()}-{time_ns()}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            beside.replace(self.folder / name)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _bound(self) -> None:
        with os.scandir(self.folder) as entries:
            about = [(entry.path, entry.stat(follow_symlinks=False)) for entry in entries]
        total = 0
        for count, (path, one) in enumerate(sorted(about, key=lambda each: -each[1].st_mtime_ns)):
            total += one.st_size
            if total > MOST_BYTES or count >= MOST_ANSWERS:
                Path(path).unlink(missing_ok=True)


def keeper_beside(read: Iterable[Path]) -> Keeper | None:
    """The keeper of the user's answers about what is below `read`; None where there is no safe place."""
    folder = _cache_folder()
    if folder is None or not hasattr(os, "geteuid"):
        return None
    whole = folder.resolve()
    if any(whole.is_relative_to(place.resolve()) for place in read):
        return None
    return Keeper(folder)


def _cache_folder() -> Path | None:
    """The folder for caches of this platform (XDG base directories; macOS: Library/Caches)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    home = os.environ.get("HOME", "")
    if Path(given).is_absolute():
        base = Path(given)
    elif Path(home).is_absolute():
        base = Path(home, *(("Library", "Caches") if sys.platform == "darwin" else (".cache",)))
    else:
        return None
    return base / "meshlint"


def _is_own(folder: Path) -> bool:
    """Whether a folder is the user's, and nobody else may look into it or write there."""
    about = folder.lstat()
    others = stat.S_IMODE(about.st_mode) & ~_PRIVATE
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid() and not others


def _read(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid():
            return b""
        return file.read(len(_MARK) + _DIGEST + LARGEST + 1)


def _checked(name: str, data: bytes) -> bytes | None:
    start = len(_MARK) + _DIGEST
    answer = data[start:]
    sound = data.startswith(_MARK) and len(answer) <= LARGEST
    return answer if sound and data[len(_MARK) : start] == _digest(name, answer) else None


def _digest(name: str, answer: bytes) -> bytes:
    from hashlib import sha256  # it loads a library of ciphers, and many a run keeps nothing

    return sha256(name.encode() + b"\n" + answer).digest()
