"""What was read of a file, in the few bytes that another process makes the same of.

Values are plain and go as they are. Nodes of libyaml, and what is wrong with a text, do not: such files are
read once more by whoever asks.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from meshlint.documents.decode import decode
from meshlint.documents.document import Document, Stretch, Text
from meshlint.documents.reading import Reading

Plain: TypeAlias = list[tuple[int, Any, int, int, int]] | str
"""Number, value, stretch and first line of each document of a file; or the word for a template."""

_TEMPLATE: Final = "template"


def packed(readings: Iterable[tuple[int, Reading]]) -> bytes:
    """Readings by their numbers as bytes; those that are not plain are left out."""
    plain = {number: found for number, one in readings if (found := _plain(one)) is not None}
    try:
        return marshal.dumps(plain)
    except ValueError:
        return marshal.dumps({number: found for number, found in plain.items() if _goes(found)})


def unpacked(data: bytes) -> Mapping[int, Plain]:
    """What `packed` has made bytes of, by their numbers."""
    found: Mapping[int, Plain] = marshal.loads(data)
    return found


def reading_of(path: str, data: bytes, plain: Plain) -> Reading | None:
    """The reading of a file, of which something else has made the values."""
    content = decode(path, data)
    if not isinstance(content, str):
        return None
    text = Text(path, content)
    if isinstance(plain, str):
        return Reading(text, is_template=plain == _TEMPLATE)
    documents = [
        Document(text, number, value, Stretch(text, start, end), first_line)
        for number, value, start, end, first_line in plain
    ]
    return Reading(text, tuple(documents))


def _plain(reading: Reading) -> Plain | None:
    if reading.problems or reading.torn:
        return None
    if reading.is_template:
        return None if reading.documents else _TEMPLATE
    found = list[tuple[int, Any, int, int, int]]()
    for one in reading.documents:
        written = one.written
        if not isinstance(written, Stretch) or written.text is not reading.text or one.former_names:
            return None
        found.append((one.index, one.value, written.start, written.end, one.first_line))
    return found


def _goes(found: Plain) -> bool:
    """Whether all values are of the kinds that can be told in bytes: days, for one, are not."""
    try:
        marshal.dumps(found)
    except ValueError:
        return False
    return True
