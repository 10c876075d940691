"""Objects of Istio for tests, and their views as plain values."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

from meshlint.documents import Field, Text
from meshlint.resources import Resource
from tests.resources.fields import names_of
from tests.resources.reading import an_object

_HEAD = "apiVersion: {}\nkind: {}\nmetadata: {{name: x, namespace: ns}}\nspec:\n"
_LINES_BEFORE = 4


def an_istio(kind: str, spec: str, api_version: str = "networking.istio.io/v1") -> Resource:
    """An object of `kind` whose spec is the YAML text `spec`."""
    return an_object(_HEAD.format(api_version, kind) + indent(dedent(spec).strip("\n"), "  "))


def line(place: Field) -> int:
    """The line of a place, counted from the first one of the spec as 1."""
    return place.span().line - _LINES_BEFORE


def plain(view: Any) -> Any:
    """What a view says, without places and without what is absent, empty or false."""
    if isinstance(view, Text):
        return str(view)
    if isinstance(view, Field):
        return view.value
    if isinstance(view, tuple):
        return [plain(inner) for inner in view]
    if isinstance(view, dict):
        return {name: plain(inner) for name, inner in view.items()}
    if not names_of(type(view)):
        return view
    names = names_of(type(view))
    said = {name: plain(getattr(view, name)) for name in names if name not in ("field", "resource")}
    return {name: value for name, value in said.items() if not _is_nothing(value)}


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or value in ([], {})
