"""Walk over the text of a pattern, and say why it is refused or where it goes beyond what is decided here."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from meshlint.matching import intervals

from . import charsets
from .octets import LAST_OCTET

if TYPE_CHECKING:
    from meshlint.matching.intervals import Intervals


class Dialect(Enum):
    """Whose regular expressions are read: RE2 (Envoy; Go in Istio's admission) or Rust's (Linkerd)."""

    RE2 = "RE2"
    RUST = "Rust's regex"


class Refused(Exception):
    """The pattern is none of the dialect; the message completes the sentence "the pattern …"."""


class Reader:
    """A place in the text of a pattern; `beyond` names the first sound construct not decided here."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.at = 0
        self.beyond: str | None = None

    @property
    def rust(self) -> bool:
        """Whether Rust's rules hold."""
        return self.dialect is Dialect.RUST

    def fold(self, members: Intervals) -> Intervals:
        """Add the other cases of the letters; RE2 reads bytes, and knows only the cases of Latin-1."""
        folded = charsets.fold_case(members)
        if self.rust:
            return folded
        return intervals.union(members, intervals.intersection(folded, ((0, LAST_OCTET),)))

    def ended(self) -> bool:
        """Tell whether nothing is left."""
        return self.at >= len(self.text)

    def peek(self) -> str:
        """Return the next character without taking it; empty at the end."""
        return self.text[self.at : self.at + 1]

    def sees(self, start: str) -> bool:
        """Tell whether the text goes on with this."""
        return self.text.startswith(start, self.at)

    def take(self) -> str:
        """Take the next character; empty at the end."""
        char = self.text[self.at : self.at + 1]
        self.at += 1
        return char

    def accept(self, start: str) -> bool:
        """Take this text if it comes next."""
        if not self.sees(start):
            return False
        self.at += len(start)
        return True

    def until(self, end: str) -> str | None:
        """Take the text before the end mark and the mark; None, taking nothing, where there is none."""
        stop = self.text.find(end, self.at)
        if stop < 0:
            return None
        found, self.at = self.text[self.at : stop], stop + len(end)
        return found

    def go_beyond(self, construct: str) -> None:
        """Note a construct that is sound, but makes the pattern undecidable here."""
        self.beyond = self.beyond or construct
