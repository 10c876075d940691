"""Files to what each of them holds; those with the same bytes are read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshlint.documents import Reading, read, read_alike, read_beside
from meshlint.jobs import jobs_for
from meshlint.sources import SourceFile

_DOCUMENTS_OF_A_PROCESS = 5000
"""For how many documents a process more pays: they take the time, be they long or short."""
_SEPARATOR = b"\n---"


def read_files(files: Sequence[SourceFile], jobs: int | None) -> list[Reading]:
    """What each file holds, read by several processes where that is wanted or pays."""
    documents = len(files) + sum(one.data.count(_SEPARATOR) for one in files)
    number = jobs_for(jobs, documents, _DOCUMENTS_OF_A_PROCESS)
    if number == 1:
        return read_again(files, {}, {})
    from meshlint.api.reading.parted import read_by_all

    unlike = tuple({one.data: one for one in reversed(files)}.values())
    found = dict(zip((one.data for one in unlike), read_by_all(unlike, number), strict=True))
    return [_read(one, found[one.data]) for one in files]


def read_again(
    files: Sequence[SourceFile],
    known: Mapping[tuple[str, bytes], Reading],
    before: Mapping[str, Reading],
) -> list[Reading]:
    """What each file holds: `known` are those that are as they were, `before` all, by their names."""
    twins: dict[bytes, Reading] = {}
    readings: list[Reading] = []
    for one in files:
        reading = known.get((one.path, one.data))
        if reading is None:
            reading, old = _read(one, twins.get(one.data)), before.get(one.path)
            reading = reading if old is None else read_beside(reading, old)
        twins[one.data] = reading
        readings.append(reading)
    return readings


def _read(source: SourceFile, twin: Reading | None) -> Reading:
    """What a file holds, of which one with the same bytes, or it itself, may have been read."""
    if twin is not None and twin.text.path == source.path:
        return twin
    return (None if twin is None else read_alike(twin, source.path)) or read(source.path, source.data)
