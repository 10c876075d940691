"""Phrases that several checks share."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[object], most: int = 3) -> str:
    """The names quoted, at most `most` of them and the number of the rest."""
    every = [repr(str(name)) for name in names]
    shown = ", ".join(every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown


def did_you_mean(names: Iterable[object]) -> str:
    """A question about the names that may have been meant, with a space at its end; empty without any."""
    every = [repr(str(name)) for name in names]
    return f"Did you mean {' or '.join(every[:3])}? " if every else ""
