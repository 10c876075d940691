"""Exact sets of strings, closed under union, intersection, difference and complement.

Envoy compares bytes, and so do these sets, save those of Rust's expressions. Texts are single lines: no
header, path, host name or identity can hold a line feed, so questions leave it out, and `.*` and "anything"
are the same set. Plain sets are decided by their words, prefixes and suffixes; all others by automata, within
a budget: a question that goes beyond it, or over a pattern that is not decided here, raises `TooComplex`, and
a caller treats its answer as not known (`known` turns it into None).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from meshlint.values import frozen

from . import affixes, combining, forms, plainly
from .forms import Form
from .regular import TooComplex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Answer = TypeVar("Answer")


def known(question: Callable[[], Answer]) -> Answer | None:
    """Return the answer to a question on string sets, or None where it is too complex to be known."""
    try:
        return question()
    except TooComplex:
        return None


@frozen
class StringSet:
    """A set of strings.

    Equal values are equal sets; sets that are written differently and yet equal are told by `equals`.
    `admits(text)` tells membership; for plain sets it costs no more than a lookup.
    """

    form: Form

    @cached_property
    def admits(self) -> Callable[[str], bool]:
        """Tell whether a text is in the set."""
        return forms.matcher(self.form)

    @classmethod
    def nothing(cls) -> StringSet:
        """Hold no text."""
        return cls(affixes.NOTHING)

    @classmethod
    def anything(cls) -> StringSet:
        """Hold every text, the empty one too."""
        return cls(affixes.ANYTHING)

    @classmethod
    def nonempty(cls) -> StringSet:
        """Hold every text but the empty one."""
        return cls(affixes.NONEMPTY)

    @classmethod
    def exact(cls, *texts: str, ignore_case: bool = False) -> StringSet:
        """Hold just these texts; with `ignore_case`, in any casing of ASCII letters."""
        return cls(affixes.affixes(words=texts, folded=True) if ignore_case else affixes.listed(texts))

    @classmethod
    def prefix(cls, *texts: str, ignore_case: bool = False) -> StringSet:
        """Hold what starts with any of these texts."""
        return cls(affixes.affixes(prefixes=texts, folded=ignore_case))

    @classmethod
    def suffix(cls, *texts: str, ignore_case: bool = False) -> StringSet:
        """Hold what ends with any of these texts."""
        return cls(affixes.affixes(suffixes=texts, folded=ignore_case))

    @classmethod
    def regex(cls, pattern: str) -> StringSet:
        """Hold what an RE2 pattern matches as a whole; nothing when RE2 refuses it (`re2_problem`)."""
        from .pattern_forms import expression
        from .regular.reader import Dialect

        return cls(expression(pattern, Dialect.RE2))

    @classmethod
    def rust_regex(cls, pattern: str) -> StringSet:
        """Hold what a pattern of Rust's `regex` matches as a whole; nothing when it is refused."""
        from .pattern_forms import expression
        from .regular.reader import Dialect

        return cls(expression(pattern, Dialect.RUST))

    @classmethod
    def rust_find(cls, pattern: str) -> StringSet:
        """Hold what Rust's `regex` finds first and as a whole: `a|ab` finds only the `a` of `ab`.

        So Linkerd's proxy matches paths, headers and query parameters (Linkerd: route matching).
        """
        from .pattern_forms import first_match

        return cls(first_match(pattern))

    @classmethod
    def template(cls, text: str) -> StringSet:
        """Hold what fits an Envoy URI template; nothing when it is malformed (`template_problem`)."""
        from .pattern_forms import template

        return cls(template(text))

    @classmethod
    def wildcard(cls, text: str) -> StringSet:
        """Hold what fits the text when each `*` in it, anywhere, stands for any characters, also none."""
        from .pattern_forms import wildcard

        return cls(wildcard(text))

    @classmethod
    def union_of(cls, sets: Iterable[StringSet]) -> StringSet:
        """Hold what any of the sets holds; nothing without sets."""
        return cls(combining.united(each.form for each in sets))

    @classmethod
    def intersection_of(cls, sets: Iterable[StringSet]) -> StringSet:
        """Hold what all of the sets hold; anything without sets."""
        return cls(combining.met(each.form for each in sets))

    def union(self, other: StringSet) -> StringSet:
        """Hold what either set holds."""
        return StringSet(combining.united((self.form, other.form)))

    def intersection(self, other: StringSet) -> StringSet:
        """Hold what both sets hold."""
        return StringSet(combining.met((self.form, other.form)))

    def difference(self, other: StringSet) -> StringSet:
        """Hold what this set holds and the other does not."""
        return StringSet(combining.met((self.form, combining.negated(other.form))))

    def complement(self) -> StringSet:
        """Hold every text that this set does not hold."""
        return StringSet(combining.negated(self.form))

    __or__ = union
    __and__ = intersection
    __sub__ = difference
    __invert__ = complement

    def is_empty(self) -> bool:
        """Tell whether no text is held."""
        plain = plainly.plainly_overlap(self.form, affixes.ANYTHING)
        return self._search() is None if plain is None else not plain

    def is_anything(self) -> bool:
        """Tell whether every text is held."""
        return StringSet.anything().is_subset(self)

    def is_subset(self, other: StringSet) -> bool:
        """Tell whether the other set holds every text of this one."""
        plain = plainly.plainly_subset(self.form, other.form)
        if plain is not None:
            return plain
        return other._holds(self._specimens, all) is not False and self.difference(other).is_empty()

    def overlaps(self, other: StringSet) -> bool:
        """Tell whether some text is in both sets."""
        plain = plainly.plainly_overlap(self.form, other.form)
        if plain is not None:
            return plain
        return self._shares_specimen(other) or self.intersection(other)._search() is not None

    def equals(self, other: StringSet) -> bool:
        """Tell whether both sets hold the same texts, however they are written."""
        return self.is_subset(other) and other.is_subset(self)

    def example(self) -> str | None:
        """Return a short, plain member; None when there is none."""
        if isinstance(self.form, affixes.Affixes):
            return affixes.example(self.form)
        return self._search()

    def describe(self) -> str:
        """Name the set in plain words, to follow "admits": `"GET" or prefix "P"`."""
        return forms.describe(self.form)

    @cached_property
    def _specimens(self) -> tuple[str, ...]:
        """Some texts of the set, told without a search."""
        from .specimens import specimens

        return specimens(self.form)

    def _holds(self, texts: Iterable[str], enough: Callable[[Iterable[bool]], bool]) -> bool | None:
        """Tell whether all or any of some texts are in the set; None where that is not decided here."""
        return known(lambda: enough(map(self.admits, texts)))

    def _shares_specimen(self, other: StringSet) -> bool:
        """Tell whether a text that is told without a search is in both sets."""
        from .specimens import joined

        mine, theirs = self._specimens, other._specimens
        if self._holds(theirs, any) or other._holds(mine, any):
            return True
        both = (text for text in joined(mine, theirs) if self._holds((text,), all))
        return other._holds(both, any) is True

    def _search(self) -> str | None:
        from .deciding import member

        return member(self.form)
