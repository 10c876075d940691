"""Values that are set one by one, by paths with dots, as `helm --set` does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.values import frozen, regex

_DOT: Final = regex(r"(?<!\\)\.")
_NUMBER: Final = regex(r"-?[1-9][0-9]{0,17}|0")
_WORDS: Final[dict[str, object]] = {"true": True, "false": False, "null": None}


@frozen(repr=False)
class Setting:
    """A value at a path; `as_text` if it stays the text that it is."""

    path: str
    text: str
    as_text: bool = False


def set_values(settings: Iterable[Setting]) -> bytes:
    """A file of values that sets each of `settings`; raises `CannotBuild` where one cannot be told so.

    Source: strvals of Helm, which makes numbers of whole ones without zeros before them alone.
    """
    result: dict[str, object] = {}
    for one in settings:
        steps = [step.replace("\\.", ".") for step in _DOT.split(one.path)]
        holder = result
        for step in steps[:-1]:
            inner = holder.setdefault(step, {})
            if not isinstance(inner, dict):
                raise _not_understood(one)
            holder = inner
        if "[" in one.path or "" in steps or (one.text.startswith("{") and not one.as_text):
            raise _not_understood(one)
        holder[steps[-1]] = one.text if one.as_text else _typed(one.text)
    return json.dumps(result).encode()


def _not_understood(one: Setting) -> CannotBuild:
    return CannotBuild(f"its parameter {one.path} is not understood")


def _typed(text: str) -> object:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _NUMBER.fullmatch(text) else text
