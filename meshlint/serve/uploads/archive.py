"""Files out of a gzipped tar archive, read as a stream and never written to a disk.

Only regular files count: a link, a device or a name that leads out ends the request. What comes out is
counted as it comes, so that an archive that explodes ends at the bound.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib

from meshlint.serve.faults import Fault
from meshlint.serve.limits import Limits
from meshlint.serve.uploads.names import safe_name

_SKIPPED = frozenset({tarfile.XHDTYPE, tarfile.XGLTYPE})
_HEADERS_FOR_EACH = 4


class _Bounded(io.RawIOBase):
    """A stream that ends the request once more came out of it than is allowed."""

    def __init__(self, stream: gzip.GzipFile, most: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise Fault(413, "the archive holds more than is allowed")
        buffer[: len(data)] = data
        return len(data)


def files_in_archive(body: bytes, limits: Limits) -> dict[str, bytes]:
    """The files by name; raises `Fault` for whatever is broken, too much, or no plain file."""
    unpacked = limits.unpacked + limits.files * _HEADERS_FOR_EACH * tarfile.BLOCKSIZE
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as plain:
            stream = io.BufferedReader(_Bounded(plain, unpacked))
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                return _members(archive, limits)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError) as error:
        raise Fault(400, "the body is no gzipped tar archive, or it is broken") from error


def _members(archive: tarfile.TarFile, limits: Limits) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    seen = 0
    for member in archive:
        seen += 1
        if seen > limits.files * 2:
            raise Fault(413, f"the archive holds more than {limits.files} files")
        if member.isdir() or member.type in _SKIPPED:
            continue
        if not member.isreg() or member.issparse():
            raise Fault(
                400, "the archive holds a link, a device or a sparse file; only plain files are taken"
            )
        _add(found, safe_name(member.name, limits), _content(archive, member, limits), limits)
    return found


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, limits: Limits) -> bytes:
    if member.size > limits.file:
        raise Fault(413, f"a file of the archive is larger than {limits.file} bytes")
    stream = archive.extractfile(member)
    data = stream.read(limits.file + 1) if stream is not None else b""
    if len(data) != member.size:
        raise Fault(400, "the archive is broken: a file is shorter than it says")
    return data


def _add(found: dict[str, bytes], name: str, data: bytes, limits: Limits) -> None:
    if name in found:
        raise Fault(400, "the archive holds a name twice")
    found[name] = data
    if len(found) > limits.files:
        raise Fault(413, f"the archive holds more than {limits.files} files")
