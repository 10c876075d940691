"""Where in a document the cursor stands, told from indentation alone: the text may not be whole YAML yet."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.values import frozen, regex

_ENTRY = regex(r"^(?P<indent> *)(?P<dashes>(?:- +)*)(?P<key>[\w$./~-]+):(?P<rest>\s.*|)$")
_ITEM = regex(r"^(?P<indent> *)- ?(?P<rest>[^:]*)$")
_SEPARATOR = "---"


@frozen
class Cursor:
    """The keys that lead to the cursor, lists left out; `key` is the one whose value is written, if any.

    `typed` is what stands there so far; `head` holds `apiVersion` and `kind` of the document.
    """

    path: tuple[str, ...]
    key: str | None
    typed: str
    head: dict[str, str]
    namespace: str = ""


def cursor_at(lines: Sequence[str], line: int, column: int) -> Cursor:
    """The cursor at a line and column from 1."""
    text = lines[line - 1][: column - 1] if 0 < line <= len(lines) else ""
    start, end = _document(lines, line - 1)
    entry, item = _ENTRY.match(text), _ITEM.match(text)
    indent = len(text) - len(text.lstrip(" "))
    head, namespace = _head(lines[start:end])
    if entry is not None:
        depth = len(entry["indent"]) + len(entry["dashes"])
        path = _above(lines[start : line - 1], depth)
        return Cursor(path, entry["key"], entry["rest"].strip(), head, namespace)
    if item is not None:
        path = _above(lines[start : line - 1], indent, in_list=True)
        return Cursor(path[:-1], path[-1] if path else None, item["rest"].strip(), head, namespace)
    return Cursor(_above(lines[start : line - 1], indent), None, text.strip(), head, namespace)


def _document(lines: Sequence[str], at: int) -> tuple[int, int]:
    marks = [number for number, text in enumerate(lines) if text.rstrip() == _SEPARATOR]
    start = max((mark + 1 for mark in marks if mark < at), default=0)
    return start, min((mark for mark in marks if mark >= at), default=len(lines))


def _head(lines: Sequence[str]) -> tuple[dict[str, str], str]:
    head: dict[str, str] = {}
    namespace, in_metadata = "", False
    for text in lines:
        found = _ENTRY.match(text)
        if found is None:
            continue
        value = found["rest"].split(" #")[0].strip().strip("\"'")
        if not found["indent"]:
            in_metadata = found["key"] == "metadata"
            if found["key"] in ("apiVersion", "kind"):
                head[found["key"]] = value
        elif in_metadata and found["key"] == "namespace":
            namespace = value
    return head, namespace


def _above(lines: Sequence[str], depth: int, *, in_list: bool = False) -> tuple[str, ...]:
    """The keys that a line of this indentation stands under; a list may begin at the column of its key."""
    found: list[str] = []
    left = depth + 1 if in_list else depth
    for text in reversed(lines):
        entry = _ENTRY.match(text)
        if entry is None:
            continue
        column = len(entry["indent"]) + len(entry["dashes"])
        if column < left and not entry["rest"].split("#")[0].strip():
            found.append(entry["key"])
            left = len(entry["indent"]) + 1 if entry["dashes"] else column
            left = min(left, column)
        elif column < left:
            left = min(left, column)
        if left == 0:
            break
    return tuple(reversed(found))
