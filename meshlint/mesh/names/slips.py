"""Names that are nearly another one: slips of the pen, and not names of a family."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_OPPOSITES = ("ingress", "egress")
_ALMOST = 0.8
_SHORTEST = 4
_ROLES = frozenset({"account", "deployment", "sa", "service", "serviceaccount", "svc"})
_MOST_KEPT = 1 << 12


def slip_of(name: str, known: Iterable[str]) -> str | None:
    """The known name that an author most likely meant by `name`; None if it may well be one of its own.

    Families of names differ in a whole word, such as `team-a` and `team-b` or `shop-web` and `shop-api`; a
    slip leaves out, adds, changes or swaps a letter of one word.
    """
    near = sorted(one for one in set(known) if one != name and _is_slip(name, one))
    return near[0] if len(near) == 1 else None


def other_form_of(name: str, known: Iterable[str]) -> str | None:
    """The one known name that differs from `name` by a word for its kind, as `api-sa` from `api`."""
    near = sorted({one for one in known if one != name and _root(one) == _root(name)})
    return near[0] if len(near) == 1 else None


def _root(name: str) -> str:
    words = name.split("-")
    while len(words) > 1 and words[-1] in _ROLES:
        words.pop()
    return "-".join(words)


def _is_slip(name: str, other: str) -> bool:
    words, others = name.split("-"), other.split("-")
    if len(words) != len(others):
        return False
    pairs = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(pairs) == 1 and _is_word_slip(*pairs[0])


@lru_cache(_MOST_KEPT)
def _is_word_slip(word: str, other: str) -> bool:
    from difflib import SequenceMatcher

    if min(len(word), len(other)) < _SHORTEST or abs(len(word) - len(other)) > 1:
        return False
    if any(char.isdigit() for char in word + other) or any(part in word for part in _OPPOSITES):
        return False
    if sorted(word) == sorted(other):
        return True
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= _ALMOST and word[0] == other[0]
