"""How values, paths and lists of names are written in a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from meshlint.resources.schema.violation import Path

LONGEST: Final = 60
ARTICLES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}


def quoted(value: Any) -> str:
    """A value as a message shows it: short, text in quotes, what holds others by what it is."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= LONGEST else f'"{value[: LONGEST - 1]}…"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value) if isinstance(value, int | float) else kind_of(value)


def kind_of(value: Any) -> str:
    """What sort of value it is, with its article."""
    match value:
        case bool():
            return "a boolean"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return "null"


def dotted(path: Path) -> str:
    """A path as people write it: `spec.http[0].route`; a key with a dot stands in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int) or "." in step or "/" in step:
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def near(path: Path) -> str:
    """The end of a path, which with the line of the finding says enough: `route[0]`; empty for the root."""
    names = [index for index, step in enumerate(path) if isinstance(step, str)]
    return dotted(path[names[-1] :]) if names else ""


def listed(names: Sequence[Any], last: str = "or") -> str:
    """Names in quotes: `"a", "b" or "c"`; a long list is cut and counted."""
    shown = [quoted(name) for name in names[:8]]
    if len(names) > 8:
        return ", ".join(shown) + f" {last} {len(names) - 8} others"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" {last} {shown[-1]}"


def expected(types: Sequence[str]) -> str:
    """What a field takes, in words."""
    return " or ".join(ARTICLES.get(name, name) for name in types if name != "null") or "null"
