"""A document that is JSON, as `kubectl get -o json` writes them: read in a tenth of libyaml's time.

JSON is YAML, with few exceptions: what libyaml refuses, reads otherwise or speaks of is left to it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from meshlint.documents.scalars import plain_scalar
from meshlint.values import regex

_SEPARATOR: Final = regex(r"--- *\n")
_LONGEST_KEY: Final = 150
"""Libyaml takes a key of less than 1024 characters; one of JSON's may be written with six."""
_DOUBTFUL: Final = (" :", "\n:", "\t", "\r", "\ufeff", "\x85", "\u2028", "\u2029", "\\/", "\\u")
"""Colons that stand apart from their keys, other blanks and breaks, and escapes that YAML may not know."""
_OF_GO: Final = ("\\u003c", "\\u003e", "\\u0026")
"""What Go escapes in JSON, so that no browser takes it for HTML."""


class _Unclear(ValueError):
    """Something that is left to libyaml."""


def json_values(content: str) -> list[Any] | None:
    """The value of the document in `content`, perhaps after a separator; None if libyaml has to tell."""
    start = _SEPARATOR.match(content)
    body = content if start is None else content[start.end() :]
    if body.lstrip(" \n")[:1] not in {"{", "["} or _is_doubtful(body):
        return None
    try:
        return [_reader().decode(body)]
    except (ValueError, RecursionError):
        return None


def _reader() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_mapping,
        parse_int=plain_scalar,
        parse_float=plain_scalar,
        parse_constant=_refused,
    )


def _is_doubtful(text: str) -> bool:
    for sign in _DOUBTFUL:
        if sign in text and (sign != "\\u" or text.count(sign) != sum(map(text.count, _OF_GO))):
            return True
    return False


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) or (made and len(max(made, key=len)) > _LONGEST_KEY):
        raise _Unclear
    return made


def _refused(constant: str) -> Any:
    raise _Unclear(constant)
