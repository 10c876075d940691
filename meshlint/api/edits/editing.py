"""The bytes behind the texts: which files an edit is in, what they hold, and what they hold after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from meshlint.checks.mending import Add, Edit, Fix, Move
from meshlint.documents import Document, Field, Reading, read
from meshlint.fixes import Change, applied
from meshlint.fixes.meaning import edited
from meshlint.sources import SourceSet
from meshlint.values import evolve, frozen

_MARK = b"\xef\xbb\xbf"


@frozen(repr=False)
class Edited:
    """A file as it was and as it is: `path` is how reports name it."""

    path: str
    location: Path
    before: bytes
    after: bytes


def bytes_of(sources: SourceSet, path: str) -> bytes | None:
    """What a file holds in `sources`, edits that are not written yet included; None for no file on disk."""
    if path in sources.changed:
        return sources.changed[path]
    for file in sources.files:
        if file.path == path:
            return file.data
    place = sources.directory / path
    return place.read_bytes() if place.is_file() else None


def rewritten(sources: SourceSet, texts: Mapping[str, bytes]) -> SourceSet:
    """The sources as if files held these bytes."""
    files = tuple(
        evolve(file, data=texts[file.path]) if file.path in texts else file for file in sources.files
    )
    return evolve(sources, files=files, changed={**sources.changed, **texts})


def between(before: SourceSet, after: SourceSet) -> tuple[Edited, ...]:
    """The files that hold something else after than before."""
    places = {file.path: file.location for file in before.files}
    found = []
    for path, data in sorted(after.changed.items()):
        was = bytes_of(before, path)
        if was is not None and was != data:
            found.append(Edited(path, places.get(path) or before.directory / path, was, data))
    return tuple(found)


def texts_after(
    sources: SourceSet, changes: Iterable[Change], fixes: Sequence[Fix]
) -> dict[str, bytes] | None:
    """The bytes of the files that `changes` touch; None unless they mean exactly what `fixes` say.

    That is read back: each document is the old one with the edits in it, and nothing else became a problem.
    """
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    texts: dict[str, bytes] = {}
    for path, own in by_file.items():
        data = bytes_of(sources, path)
        text = _text(data) if data is not None else None
        if data is None or text is None:
            return None
        new = (_MARK if data.startswith(_MARK) else b"") + applied(text, own).encode("utf-8", "surrogatepass")
        if not _means(_reading(path, data), _reading(path, new), fixes):
            return None
        texts[path] = new
    return texts


def _text(data: bytes) -> str | None:
    """What the bytes say; None for what could not be written back byte for byte."""
    reading = _reading("", data)
    content = reading.text.content
    return content if content.encode("utf-8", "surrogatepass") == data.removeprefix(_MARK) else None


@lru_cache(maxsize=512)
def _reading(path: str, data: bytes) -> Reading:
    return read(path, data)


def _means(before: Reading, after: Reading, fixes: Sequence[Fix]) -> bool:
    if len(before.documents) != len(after.documents) or len(before.problems) < len(after.problems):
        return False
    edits: dict[int, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            document = _place(edit).document
            if document.file == before.text.path:
                edits.setdefault(document.index, []).append(edit)
    try:
        return all(
            edited(old.value, tuple(edits.get(old.index, ()))) == new.value
            for old, new in zip(before.documents, after.documents, strict=True)
        )
    except (KeyError, IndexError, TypeError, AttributeError):
        return False


def on_the_ground(fix: Fix, sources: SourceSet) -> Fix | None:
    """`fix` in the words of the documents as files hold them, whatever tools made of these since.

    None where a field is in no file, or where the file says it in another way.
    """
    edits = [_edit_on_the_ground(edit, sources) for edit in fix.edits]
    found = tuple(edit for edit in edits if edit is not None)
    return evolve(fix, edits=found) if len(found) == len(edits) else None


def _edit_on_the_ground(edit: Edit, sources: SourceSet) -> Edit | None:
    at = None if isinstance(edit, Add) else _grounded(edit.at, sources)
    into = _grounded(edit.into, sources) if isinstance(edit, Add | Move) else None
    if isinstance(edit, Add):
        return evolve(edit, into=into) if into is not None else None
    if at is None:
        return None
    if isinstance(edit, Move):
        holder = _grounded(edit.holder, sources) if edit.holder is not None else None
        if into is None or (holder is None) != (edit.holder is None):
            return None
        return evolve(edit, at=at, into=into, holder=holder)
    return evolve(edit, at=at)


def _grounded(field: Field, sources: SourceSet) -> Field | None:
    path = field.file()
    data = bytes_of(sources, path)
    if data is None or _text(data) is None:
        return None
    for document in _reading(path, data).documents:
        if document.has(field.path) and document.span(field.path) == field.span():
            return Field(document, field.path, _value(document, field))
    return None


def _value(document: Document, field: Field) -> object:
    value = document.value
    for step in field.path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _place(edit: Edit) -> Field:
    return edit.into if isinstance(edit, Add) else edit.at
