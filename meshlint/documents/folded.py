"""Plain texts and texts in quotes that go on in lines below (YAML 1.1, 5.2 and 9.1; libyaml:
yaml_parser_scan_plain_scalar and yaml_parser_scan_flow_scalar), as descriptions in definitions do.
"""

from __future__ import annotations

from typing import Final

from meshlint.values import regex

_HEAD: Final = regex(r"[A-Za-z_][\w./-]{0,199}+: ++(?=(?P<first>[A-Za-z\"']))")


def folded(entry: str) -> str | None:
    """The text of a key, `entry` being the key and all lines that the text takes; None if libyaml has to say.

    Each end of a line, with the blanks around it, is one blank.
    """
    head = _HEAD.match(entry)
    if head is None or not entry.isascii() or "\t" in entry or "\r" in entry:
        return None
    first, *below = entry[head.end() :].rstrip(" \n").split("\n")
    inner = [line.strip(" ") for line in below]
    if not inner or not all(inner):
        return None
    text = " ".join((first.rstrip(" "), *inner))
    mark = head["first"]
    return _plain(text) if mark.isalpha() else _quoted(text, mark)


def _plain(text: str) -> str | None:
    """The text itself, unless it is a key, or a comment follows."""
    return None if "#" in text or ": " in text or text[-1] == ":" else text


def _quoted(text: str, mark: str) -> str | None:
    """What stands in the quotes, if they end with the text and nothing in them stands for anything else."""
    inside = text[1:-1]
    if text[-1] != mark or (mark == '"' and ("\\" in inside or mark in inside)):
        return None
    if mark == '"' or mark not in inside:
        return inside
    return None if mark in inside.replace("''", "") else inside.replace("''", "'")
