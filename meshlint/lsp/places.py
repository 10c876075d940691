"""From places in manifests to those of an editor: lines from 0, columns in UTF-16, files as URIs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlparse

from lsprotocol import types

from meshlint.documents import Field, FileText, Span
from meshlint.engine.finding import Location


def uri_of(root: Path, path: str) -> str:
    """The URI of a file by its display path."""
    return (root / path).as_uri()


def file_of(uri: str) -> Path | None:
    """The file that a URI names; None for what is no file on disk."""
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)) if parsed.scheme == "file" else None


def range_of(span: Span, text: FileText | None) -> types.Range:
    """The range of a span in its text; without the text columns are taken as they are."""
    lines = [] if text is None else text.lines
    return types.Range(
        _position(span.line, span.column, lines), _position(span.end_line, span.end_column, lines)
    )


def _position(line: int, column: int, lines: list[str]) -> types.Position:
    before = lines[line - 1][: column - 1] if 0 < line <= len(lines) else " " * (column - 1)
    return types.Position(max(line - 1, 0), len(before.encode("utf-16-le")) // 2)


def place_of(position: types.Position, lines: list[str]) -> tuple[int, int]:
    """Line and column from 1, in characters, of a position."""
    if position.line >= len(lines):
        return position.line + 1, position.character + 1
    units = lines[position.line].encode("utf-16-le")[: position.character * 2]
    return position.line + 1, len(units.decode("utf-16-le", "ignore")) + 1


def position_at(text: str, offset: int) -> types.Position:
    """The position of a character by its place in the whole text."""
    start = text.rfind("\n", 0, offset) + 1
    return types.Position(text.count("\n", 0, offset), len(text[start:offset].encode("utf-16-le")) // 2)


def holds(span: Span, line: int, column: int) -> bool:
    """Whether a place lies within a span, its end included."""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def location_of(root: Path, location: Location, texts: Mapping[str, FileText]) -> types.Location:
    """A place of a finding for an editor."""
    return types.Location(uri_of(root, location.file), range_of(location.span, texts.get(location.file)))


def field_location(root: Path, at: Field, texts: Mapping[str, FileText]) -> types.Location:
    """The place of a field for an editor."""
    return location_of(root, Location(at.file(), at.span()), texts)
