"""Patterns of schemas, run as the API server runs them: in time that grows with the value alone."""

from __future__ import annotations

import re
from typing import Any, Protocol

from meshlint.resources.schema.forms.patterns import FORMS


class Expression(Protocol):
    """What a pattern was compiled to."""

    def search(self, text: str, /) -> Any:
        """A true value where the pattern is found in `text`."""


def compiled(pattern: str) -> Expression | None:
    """The pattern as Go reads it; None for one that Go refuses, which then holds back nothing.

    Patterns of definitions may be anybody's, so they are run by RE2, whose time does not explode; the common
    ones of meshlint's own schemas are known not to, and Python's engine is faster to ask.
    """
    if pattern in FORMS:
        return _in_python(pattern)
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        found: Expression = re2.compile(pattern, options)
    except re2.error:
        return None
    return found


def _in_python(pattern: str) -> re.Pattern[str]:
    """`$` is the very end, and classes such as `\\w` are ASCII."""
    text = re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda m: m[1] or r"\Z", pattern)
    return re.compile(text, re.ASCII)
