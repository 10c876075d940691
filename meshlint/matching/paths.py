"""The path of a request as Envoy compares it, once its HTTP connection manager has normalised it."""

from __future__ import annotations

import re

from meshlint.values import regex

_ESCAPE = regex(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ENCODED = frozenset(' "<>^`{|}')
# A dot segment may carry parameters, if its dots are not escaped.
_DOTS_WITH_PARAMETERS = regex(r"(?<=/)(\.\.?);[^/]*")


def request_path(target: str) -> str | None:
    """Return the path that path matches see, from a request target with or without a query.

    Escaped unreserved characters are decoded, `.` and `..` segments resolved (`..;x` counts as one), a
    backslash becomes `/`, and characters that no URL holds are escaped; doubled slashes, the escaped slash
    `%2F` and the case of letters stay (Istio: path normalisation BASE; seen of Envoy 1.40). The query falls
    away.

    Returns: None for a target that Envoy refuses over HTTP/1.1: one that does not start with `/`, or holds
    `#`, characters beyond ASCII, or `%00` in its path.
    """
    path = target.partition("?")[0]
    if not target.startswith("/") or "#" in target or not target.isascii() or "%00" in path:
        return None
    plain = _DOTS_WITH_PARAMETERS.sub(r"\1", path.replace("\\", "/"))
    return _resolved("".join(map(_encoded, _ESCAPE.sub(_decoded, plain))))


def _decoded(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else escape[0]


def _encoded(char: str) -> str:
    return f"%{ord(char):02X}" if char in _ENCODED or not " " <= char <= "~" else char


def _resolved(path: str) -> str:
    segments = path.split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    closed = [""] if segments[-1] in (".", "..") else []
    return "/" + "/".join((*kept, *closed))
