"""What a message says happens, whoever it happens to."""

from __future__ import annotations

from meshlint.values import regex

_VALUE = regex(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\([^)]*\)|\S*[^\sA-Za-z,.;:]\S*")
_LIST = regex(r"…(?:(?:,| and| or|, and|, or)\s(?:…|more)(?: more)?)+")
_PLURAL = regex(r"(?<=[a-z]{2})(?:es|s)\b")


def effect(message: str) -> str:
    """The words of `message` without names, values, numbers, lists of them, and the number of its verbs.

    What an edit of another object changes in a message is who and how many; two messages with equal effects
    say the same of them.
    """
    shape = _LIST.sub("…", _VALUE.sub("…", message))
    return " ".join(_PLURAL.sub("", shape.lower()).replace(" are ", " is ").split())
