"""Bytes of one file or stream, within bounds, and errors as values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from meshlint.sources.model import MEBIBYTE, PassedOver, Reason

STREAMS = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


def read_file(location: Path, path: str, max_bytes: int) -> bytes | PassedOver:
    """The bytes at `location`, a regular file or an inherited stream; `path` is its display name."""
    try:
        if not (location.is_file() or is_stream(str(location))):
            if location.is_symlink() and not location.exists():
                return PassedOver(path, Reason.BROKEN_SYMLINK, "the link leads to nothing")
            return PassedOver(path, Reason.SPECIAL_FILE, "it is no regular file")
        with location.open("rb") as stream:
            return read_stream(stream, path, max_bytes)
    except OSError as error:
        return PassedOver(path, Reason.UNREADABLE, error.strerror or type(error).__name__)


def read_stream(stream: BinaryIO, path: str, max_bytes: int) -> bytes | PassedOver:
    """All bytes of `stream`, unless there are more than `max_bytes`."""
    first = (
        min(_size(stream), max_bytes) + 1
    )  # Room for all that may come takes longer to make than most files.
    try:
        data = stream.read(first)
        if len(data) == first:
            data += stream.read(max_bytes + 1 - first)
    except OSError as error:
        return PassedOver(path, Reason.UNREADABLE, error.strerror or type(error).__name__)
    if len(data) > max_bytes:
        return PassedOver(path, Reason.TOO_LARGE, _sizes(stream, max_bytes))
    return data


def is_stream(path: str) -> bool:
    """Whether `path` names a stream that the calling shell opened, as `<(command)` does."""
    return path.startswith(STREAMS)


def _sizes(stream: BinaryIO, max_bytes: int) -> str:
    size, limit = _size(stream), f"the limit is {_mebibytes(max_bytes)}"
    return f"it holds {_mebibytes(size)}, {limit}" if size > max_bytes else limit


def _size(stream: BinaryIO) -> int:
    """How many bytes a file says it holds; 0 where nobody says."""
    try:
        return os.fstat(stream.fileno()).st_size
    except OSError:
        return 0


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:.1f} MiB" if size >= MEBIBYTE // 10 else f"{size} bytes"
