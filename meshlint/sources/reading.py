"""Bytes of one file or stream, within bounds, and errors as values."""

from __future__ import annotations

import os
from errno import EBADF, ELOOP, ENOENT, ENOTDIR
from functools import reduce
from operator import or_
from stat import S_ISREG
from typing import BinaryIO, Final

from meshlint.sources.model import MEBIBYTE, PassedOver, Reason

_NOWHERE: Final = frozenset({EBADF, ELOOP, ENOENT, ENOTDIR})
"""The errors that say that nothing is there, or that a link leads to nothing."""
_READ: Final = os.O_RDONLY | reduce(
    or_, (getattr(os, f"O_{one}", 0) for one in ("CLOEXEC", "NONBLOCK", "BINARY"))
)
"""How a file is opened, on each system with what it knows of."""
STREAMS = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


def read_file(location: str, path: str, max_bytes: int) -> bytes | PassedOver:
    """The bytes at `location`, a regular file or an inherited stream; `path` is its display name."""
    try:
        size = _regular_size(location)
        if size is not None:
            data = _regular(location, size, max_bytes)
            return data if len(data) <= max_bytes else _too_large(path, size, max_bytes)
        if is_stream(location):
            with open(location, "rb") as stream:
                return read_stream(stream, path, max_bytes)
        if os.path.islink(location) and not os.path.exists(location):
            return PassedOver(path, Reason.BROKEN_SYMLINK, "the link leads to nothing")
        return PassedOver(path, Reason.SPECIAL_FILE, "it is no regular file")
    except OSError as error:
        return PassedOver(path, Reason.UNREADABLE, error.strerror or type(error).__name__)


def _regular_size(location: str) -> int | None:
    """How many bytes a regular file says it holds; None for anything else, and for nothing."""
    try:
        status = os.stat(location)
    except OSError as error:
        if error.errno in _NOWHERE:
            return None
        raise
    return status.st_size if S_ISREG(status.st_mode) else None


def _regular(location: str, size: int, max_bytes: int) -> bytes:
    """The bytes of a regular file, and one more than `max_bytes` where it holds more.

    Without a stream for each, which takes longer to make than most files take to read. What comes in place of
    a file in the meantime must not keep everybody waiting.
    """
    number = os.open(location, _READ)
    try:
        data = os.read(number, min(size, max_bytes) + 1)
        while len(data) != size and len(data) <= max_bytes:
            more = os.read(number, max_bytes + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(number)


def read_stream(stream: BinaryIO, path: str, max_bytes: int) -> bytes | PassedOver:
    """All bytes of `stream`, unless there are more than `max_bytes`."""
    # Room for all that may come takes longer to make than most of what comes.
    first = min(_size(stream), max_bytes) + 1
    try:
        data = stream.read(first)
        if len(data) == first:
            data += stream.read(max_bytes + 1 - first)
    except OSError as error:
        return PassedOver(path, Reason.UNREADABLE, error.strerror or type(error).__name__)
    return data if len(data) <= max_bytes else _too_large(path, _size(stream), max_bytes)


def is_stream(path: str) -> bool:
    """Whether `path` names a stream that the calling shell opened, as `<(command)` does."""
    return path.startswith(STREAMS)


def _too_large(path: str, size: int, max_bytes: int) -> PassedOver:
    limit = f"the limit is {_mebibytes(max_bytes)}"
    details = f"it holds {_mebibytes(size)}, {limit}" if size > max_bytes else limit
    return PassedOver(path, Reason.TOO_LARGE, details)


def _size(stream: BinaryIO) -> int:
    """How many bytes a file says it holds; 0 where nobody says."""
    try:
        return os.fstat(stream.fileno()).st_size
    except OSError:
        return 0


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:.1f} MiB" if size >= MEBIBYTE // 10 else f"{size} bytes"
