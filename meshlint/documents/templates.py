"""Texts that are no YAML, but make some once a tool has filled them in."""

from __future__ import annotations

import re
from typing import Final

from meshlint.values import regex

OPENING: Final = "{{"
"""The beginning of what Go's templates and Jinja fill in. As YAML it is a mapping that is a key, so where it
stands for a value, nothing that is read of the text has one.
"""
_TEMPLATE: Final = regex(
    r"""{%|<%|^[^"'#\n]*{{"""
    r"|{{-?\s*(?:[.$(]|/\*|(?:if|range|with|include|template|define|end|else|toYaml|tpl)\b)",
    re.MULTILINE,
)
"""Go's templates, Jinja, ERB and their like; a pair of braces without quotes is no value in YAML."""


def is_template(content: str) -> bool:
    """Whether a text that is no YAML looks like one of theirs."""
    return _TEMPLATE.search(content) is not None


def is_surely_template(content: str) -> bool:
    """The same of a text in which `OPENING` stands for a value: libyaml refuses it, or has it as a key.

    Aliases may make the value too large to be looked at, which is told instead.
    """
    return not ("&" in content and "*" in content) and is_template(content)
