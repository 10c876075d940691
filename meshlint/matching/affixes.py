"""The plain string sets: listed words, prefixes, suffixes and "non-empty", decided without an automaton.

The decisions are exact because there are far more characters than patterns: whatever finitely many words,
longer prefixes and suffixes cover, a prefix can always be continued by a character that none of them holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.values import evolve, field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_PAIRS = 10_000
# From how many prefixes on a lookup by length is faster than trying each.
_MANY = 64
_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """Lower the ASCII letters and no others, as Envoy does where it ignores case."""
    return text.lower() if text.isascii() else text.translate(_TO_LOWER)


def common_start(one: str, other: str) -> str:
    """Return the longest text with which both texts start."""
    places = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return one[: next(places, min(len(one), len(other)))]


def _ordered(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts)) if texts else ()


@frozen
class Affixes:
    """A union of listed words, prefixes, suffixes, and with `nonempty` all texts but the empty one.

    Build it by `affixes`, which leaves out what another part already covers. With `folded`, the case of ASCII
    letters does not count, and all texts are in lower case.
    """

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = field(default=(), converter=_ordered)
    suffixes: tuple[str, ...] = field(default=(), converter=_ordered)
    nonempty: bool = False
    folded: bool = False

    def is_finite(self) -> bool:
        """Tell whether only listed words are held."""
        return not (self.prefixes or self.suffixes or self.nonempty)

    def lowered(self) -> Affixes:
        """Hold every casing of what is held."""
        if self.folded:
            return self
        return affixes(self.words, self.prefixes, self.suffixes, nonempty=self.nonempty, folded=True)


NOTHING = Affixes()
ANYTHING = Affixes(prefixes=("",))
NONEMPTY = Affixes(nonempty=True)


def affixes(
    words: Iterable[str] = (),
    prefixes: Iterable[str] = (),
    suffixes: Iterable[str] = (),
    *,
    nonempty: bool = False,
    folded: bool = False,
) -> Affixes:
    """Unite words, prefixes and suffixes into normal form."""
    if folded:
        words, prefixes, suffixes = (map(fold, texts) for texts in (words, prefixes, suffixes))
    listed = frozenset(words)
    heads = tuple(_shortest(prefixes))
    tails = tuple(tail[::-1] for tail in _shortest(suffix[::-1] for suffix in suffixes))
    if "" in heads or "" in tails or (nonempty and "" in listed):
        return ANYTHING
    if nonempty:
        return NONEMPTY
    starts, ends = starter(heads), ender(tails)
    listed = frozenset(word for word in listed if not (starts(word) or ends(word)))
    return Affixes(listed, heads, tails, folded=folded and _cased((*listed, *heads, *tails)))


def listed(words: Iterable[str]) -> Affixes:
    """Hold just these words, each in its casing: the normal form of such a list as it is."""
    return Affixes(frozenset(words))


def matcher(held: Affixes) -> Callable[[str], bool]:
    """Return the fastest test of membership."""
    if held.is_finite() and not held.folded:
        return held.words.__contains__
    if held == ANYTHING:
        return _always
    if held == NONEMPTY:
        return bool
    plain = _plain_matcher(held)
    return (lambda text: plain(fold(text))) if held.folded else plain


def is_subset(left: Affixes, right: Affixes) -> bool | None:
    """Tell whether the right set holds all of the left one; None where mixed casings hide the answer."""
    if right.folded and not left.folded:
        left = left.lowered()
    if left.folded and not right.folded and right not in (ANYTHING, NONEMPTY, NOTHING):
        return None
    if right == ANYTHING or left == NOTHING:
        return True
    if right.nonempty:
        return "" not in left.words and left != ANYTHING
    return (
        not left.nonempty
        and all(map(starter(right.prefixes), left.prefixes))
        and all(map(ender(right.suffixes), left.suffixes))
        and all(map(matcher(right), left.words))
    )


def overlaps(left: Affixes, right: Affixes) -> bool:
    """Tell whether some text is in both sets."""
    if left.folded or right.folded:
        left, right = left.lowered(), right.lowered()
    if NOTHING in (left, right):
        return False
    if any(map(matcher(left), right.words)) or any(map(matcher(right), left.words)):
        return True
    if left.is_finite() or right.is_finite():
        return False
    return left.nonempty or right.nonempty or _endless_overlap(left, right)


def union(left: Affixes, right: Affixes) -> Affixes | None:
    """Return the union; None where just one side ignores case and neither covers the other."""
    if is_subset(left, right):
        return right
    if is_subset(right, left):
        return left
    plain = left if right.folded else right
    if left.folded != right.folded and _cased((*plain.words, *plain.prefixes, *plain.suffixes)):
        return None
    return affixes(
        left.words | right.words,
        left.prefixes + right.prefixes,
        left.suffixes + right.suffixes,
        nonempty=left.nonempty or right.nonempty,
        folded=left.folded or right.folded,
    )


def intersection(left: Affixes, right: Affixes) -> Affixes | None:
    """Return the intersection; None where it is no such union, as for a prefix and a suffix at once."""
    if left.is_finite() and not left.folded:
        return evolve(left, words=frozenset(filter(matcher(right), left.words)))
    if right.is_finite() and not right.folded:
        return evolve(right, words=frozenset(filter(matcher(left), right.words)))
    for inner, outer in ((left, right), (right, left)):
        if is_subset(inner, outer):
            return inner
    if not overlaps(left, right):
        return NOTHING
    if left.nonempty or right.nonempty:
        rest = right if left.nonempty else left
        return evolve(rest, words=rest.words - {""})
    return _pairwise(left, right)


def example(held: Affixes) -> str | None:
    """Return a short, plain member; None when there is none."""
    if held.nonempty or held == ANYTHING:
        return "a"
    dotted = ("a" + text if text.startswith(".") else text for text in held.suffixes)
    return min((*held.words, *held.prefixes, *dotted), key=lambda text: (len(text), text), default=None)


def describe(held: Affixes) -> str:
    """Name the set in plain words."""
    for known, words in ((NOTHING, "nothing"), (ANYTHING, "anything"), (NONEMPTY, "anything non-empty")):
        if held == known:
            return words
    parts = [f'"{text}"' for text in sorted(held.words)]
    parts += [f'prefix "{text}"' for text in held.prefixes]
    parts += [f'suffix "{text}"' for text in held.suffixes]
    return " or ".join(parts) + (" (in any case)" if held.folded else "")


def _always(_: str) -> bool:
    return True


def starter(prefixes: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a test for texts that start with any of the prefixes, in time that does not grow with many."""
    if len(prefixes) < _MANY:
        return lambda text: text.startswith(prefixes)
    known, lengths = frozenset(prefixes), sorted({len(prefix) for prefix in prefixes})
    return lambda text: any(text[:length] in known for length in lengths)


def ender(suffixes: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a test for texts that end with any of the suffixes, in time that does not grow with many."""
    if len(suffixes) < _MANY:
        return lambda text: text.endswith(suffixes)
    starts = starter(tuple(suffix[::-1] for suffix in suffixes))
    return lambda text: starts(text[::-1])


def _plain_matcher(held: Affixes) -> Callable[[str], bool]:
    words, starts, ends = held.words, starter(held.prefixes), ender(held.suffixes)
    if held.is_finite():
        return words.__contains__
    if not words and not held.suffixes:
        return starts
    if not words and not held.prefixes:
        return ends
    return lambda text: text in words or starts(text) or ends(text)


def _shortest(texts: Iterable[str]) -> list[str]:
    """Leave out each text that starts with another one; sorted, such texts follow the other one."""
    kept: list[str] = []
    for text in sorted(texts):
        if not kept or not text.startswith(kept[-1]):
            kept.append(text)
    return kept


def _endless_overlap(left: Affixes, right: Affixes) -> bool:
    if (left.prefixes and right.suffixes) or (left.suffixes and right.prefixes):
        return True
    heads = _meets(left.prefixes, right.prefixes, str.startswith)
    return heads or _meets(left.suffixes, right.suffixes, str.endswith)


def _meets(
    left: tuple[str, ...], right: tuple[str, ...], covers: Callable[[str, tuple[str, ...]], bool]
) -> bool:
    return any(covers(text, right) for text in left) or any(covers(text, left) for text in right)


def _cased(texts: Iterable[str]) -> bool:
    return any(char.isascii() and char.isalpha() for text in texts for char in text)


def _pairwise(left: Affixes, right: Affixes) -> Affixes | None:
    endless = (left.prefixes and right.suffixes) or (left.suffixes and right.prefixes)
    pairs = len(left.prefixes) * len(right.prefixes) + len(left.suffixes) * len(right.suffixes)
    if endless or left.folded != right.folded or pairs > _MOST_PAIRS:
        return None
    return affixes(
        (*filter(matcher(right), left.words), *filter(matcher(left), right.words)),
        [a for p in left.prefixes for q in right.prefixes for a, b in ((p, q), (q, p)) if a.startswith(b)],
        [a for p in left.suffixes for q in right.suffixes for a, b in ((p, q), (q, p)) if a.endswith(b)],
        folded=left.folded,
    )
