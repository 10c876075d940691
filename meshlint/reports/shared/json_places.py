"""A stretch of text as the JSON reports write it."""

from __future__ import annotations

from typing import Any

from meshlint.engine.finding import Location


def stretch(location: Location) -> dict[str, Any]:
    """The file, and where in it the stretch begins and ends, from 1."""
    span = location.span
    return {
        "file": location.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
