"""Files read in several processes."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.documents import Reading, read
from meshlint.documents.packed import packed, reading_of, unpacked
from meshlint.processes import Tasks, shared_out
from meshlint.sources import SourceFile

_RUN = 16
"""How many files a process takes at once."""


def read_by_all(files: Sequence[SourceFile], jobs: int) -> list[Reading]:
    """What was read of each file, by so many processes."""
    held: dict[int, Reading | None] = {}

    def here(tasks: Tasks) -> None:
        held.update((number, read(files[number].path, files[number].data)) for number in tasks)

    def there(tasks: Tasks) -> bytes:
        return packed([(number, read(files[number].path, files[number].data)) for number in tasks])

    for told in shared_out(len(files), jobs, here, there, _RUN):
        for place, plain in unpacked(told).items():
            held[place] = reading_of(files[place].path, files[place].data, plain)
    return [held.get(place) or read(one.path, one.data) for place, one in enumerate(files)]
