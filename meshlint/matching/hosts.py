"""Host names and their wildcards as the meshes compare them: which pattern covers, overlaps or wins.

Only a leading `*` is a wildcard: it stands for one or more characters, dots included, so `*.foo.com` covers
`a.b.foo.com` and not `foo.com` (Istio: hosts of VirtualService, DestinationRule, Gateway and Sidecar). Host
names are compared without regard to the case of ASCII letters.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Item = TypeVar("Item")

_LAST = chr(0x10FFFF)


def is_wildcard(pattern: str) -> bool:
    """Tell whether the pattern stands for more than one host."""
    return pattern.startswith("*")


def host_covers(wide: str, narrow: str) -> bool:
    """Tell whether every host of the narrow pattern (or the one host it names) is a host of the wide one."""
    wide, narrow = wide.lower(), narrow.lower()
    if not is_wildcard(wide):
        return wide == narrow
    return _covers(wide[1:], narrow)


def hosts_overlap(left: str, right: str) -> bool:
    """Tell whether some host belongs to both patterns."""
    return host_covers(left, right) or host_covers(right, left)


def host_intersection(left: str, right: str) -> str | None:
    """Return the pattern of the hosts common to both: the narrower one in lower case, or None."""
    if host_covers(left, right):
        return right.lower()
    return left.lower() if host_covers(right, left) else None


def host_specificity(pattern: str) -> tuple[bool, int]:
    """Return a sort key that puts the most specific first: exact hosts, then the longest wildcard."""
    return is_wildcard(pattern), -len(pattern)


def gateway_hostnames(listener: str | None, routes: Sequence[str]) -> tuple[str, ...]:
    """Return the host names on which a route serves a listener; empty when it does not attach.

    A listener without a host name takes all of the route's, a route without takes the listener's, and both
    without give `*`. Otherwise each pair that overlaps gives its more specific side (Gateway API: host name
    intersection). In the Gateway API, too, the wildcard of `*.foo.com` stands for one or more labels.
    """
    pairs = ((listener or "*", route) for route in routes or ("*",))
    found = (host_intersection(mine, theirs) for mine, theirs in pairs)
    return tuple(dict.fromkeys(host for host in found if host is not None))


class HostIndex(Generic[Item]):
    """Many items under host patterns, asked which of them a host or another pattern meets.

    No question scans all patterns: a host is looked up by its suffixes, and what lies under a wildcard is a
    range of the reversed names. Several items may share a pattern; items keep the order in which they were
    given.
    """

    def __init__(self, hosted: Iterable[tuple[str, Item]]) -> None:
        self._items: list[Item] = []
        filed: dict[str, list[int]] = {}
        for position, (pattern, item) in enumerate(hosted):
            self._items.append(item)
            name = pattern.lower()
            filed.setdefault(pattern if pattern == name else name, []).append(position)
        self._filed = {name: tuple(positions) for name, positions in filed.items()}
        wildcards = {len(name) for name in self._filed if is_wildcard(name)}
        self._lengths = sorted(wildcards, reverse=True)

    @cached_property
    def _exact(self) -> list[str]:
        """The names of single hosts, reversed and in order."""
        return sorted(name[::-1] for name in self._filed if not is_wildcard(name))

    @cached_property
    def _wild(self) -> list[str]:
        """The wildcards without their star, reversed and in order."""
        return sorted(name[:0:-1] for name in self._filed if is_wildcard(name))

    def at(self, pattern: str) -> tuple[Item, ...]:
        """Return the items filed under just this pattern."""
        return self._at(pattern.lower())

    def _at(self, name: str) -> tuple[Item, ...]:
        return tuple([self._items[position] for position in self._filed.get(name, ())])

    def most_specific(self, host: str) -> tuple[str, tuple[Item, ...]] | None:
        """Return the most specific pattern that covers the host (or pattern), with its items, or None."""
        return next(self._covering(host.lower()), None)

    def covering(self, host: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """Return every pattern that covers the host (or pattern) with its items, the most specific first."""
        return tuple(self._covering(host.lower()))

    def overlapping(self, pattern: str) -> tuple[tuple[str, Item], ...]:
        """Return each pattern that shares a host with the given one, with its item, in the given order."""
        text = pattern.lower()
        names = {name for name, _ in self._covering(text)}
        names.update(self._covered(text))
        return self._ordered(names)

    def covered_by(self, pattern: str) -> tuple[tuple[str, Item], ...]:
        """Return each pattern whose hosts all belong to the given one, with its item, in the given order."""
        text = pattern.lower()
        names = set(self._covered(text))
        if text in self._filed:
            names.add(text)
        return self._ordered(names)

    def _covering(self, text: str) -> Iterator[tuple[str, tuple[Item, ...]]]:
        if not is_wildcard(text) and text in self._filed:
            yield text, self._at(text)
        for length in self._lengths:
            name = "*" + text[len(text) - length + 1 :] if length > 1 else "*"
            if length <= len(text) and name in self._filed:
                yield name, self._at(name)

    def _covered(self, text: str) -> Iterator[str]:
        if not is_wildcard(text):
            return
        start = text[:0:-1]
        yield from (name[::-1] for name in _starting(self._exact, start) if name != start)
        yield from ("*" + name[::-1] for name in _starting(self._wild, start))

    def _ordered(self, names: Iterable[str]) -> tuple[tuple[str, Item], ...]:
        found = sorted((position, name) for name in names for position in self._filed[name])
        return tuple((name, self._items[position]) for position, name in found)


def _covers(suffix: str, narrow: str) -> bool:
    """Tell whether `*suffix` covers the pattern; the `*` wants one character, for which a `*` serves."""
    return len(narrow) > len(suffix) and narrow.endswith(suffix)


def _starting(ordered: list[str], start: str) -> list[str]:
    return ordered[bisect_left(ordered, start) : bisect_left(ordered, start + _LAST)]
