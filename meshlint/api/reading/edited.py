"""What was read of the files of a set, and what an edit leaves of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from meshlint.api.reading.options import ReadOptions
from meshlint.documents import Document, Reading, read, read_beside
from meshlint.jobs import jobs_for
from meshlint.resources import DEFAULT_NAMESPACE, ResourceSet
from meshlint.sources import SourceFile

_BYTES_OF_A_PROCESS = 1 << 20
"""For how many bytes of manifests a process more costs less than it saves."""

_FEW = 100
"""How many documents of an edit are looked at one by one."""


def readings_of(files: Sequence[SourceFile], jobs: int | None) -> list[Reading]:
    """What was read of each file, by several processes where that is wanted or pays."""
    number = 1 if jobs == 1 else jobs_for(jobs, sum(len(one.data) for one in files), _BYTES_OF_A_PROCESS)
    if number == 1:
        return [read(one.path, one.data) for one in files]
    from meshlint.api.reading.parted import read_by_all

    return read_by_all(files, number)


def readings_after(
    files: Iterable[SourceFile], known: Mapping[tuple[str, bytes], Reading], earlier: Iterable[Reading]
) -> Iterator[Reading]:
    """What was read of each file, by what is `known` of some and by `earlier` versions of others."""
    before = {one.text.path: one for one in earlier}
    for one in files:
        reading = known.get((one.path, one.data))
        if reading is None:
            reading, old = read(one.path, one.data), before.get(one.path)
            reading = reading if old is None else read_beside(reading, old)
        yield reading


def edited_set(
    resources: ResourceSet,
    known: Mapping[int, Document],
    documents: Collection[Document],
    options: ReadOptions,
) -> ResourceSet | None:
    """The objects in documents, told from those of a set made of the `known` ones; None where they cannot be.

    The known documents stand by their `id`.
    """
    new = {id(one): one for one in documents}
    gone = [one for key, one in known.items() if key not in new]
    come = [one for key, one in new.items() if key not in known]
    if len(gone) + len(come) > _FEW:
        return None
    return resources.edited(gone, come, options.namespace or DEFAULT_NAMESPACE)
