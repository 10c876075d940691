"""The names that an author may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` of the `known` names that look like `name`, the likeliest first."""
    from difflib import get_close_matches

    return tuple(get_close_matches(name, sorted(set(known)), n=most, cutoff=0.6))
