"""Directories that hold several things side by side: exercises, examples, installations.

They are never applied together, so nothing in one of them says anything of what lies in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from meshlint.values import frozen

_LAYERS = frozenset({"base", "bases", "common", "components", "patches", "shared"})
"""Directories whose objects their neighbours use or change, as kustomizations are usually laid out."""

_NAMES = frozenset({"demos", "examples", "exercises", "samples"})
"""Names that say of a directory that it holds several things."""

_MOST_KEPT: Final = 1 << 10

Parts = tuple[str, ...]


@frozen(repr=False)
class Collections:
    """The directories whose own directories are alternatives to each other."""

    directories: frozenset[Parts] = frozenset()

    def are_apart(self, file: str, other: str) -> bool:
        """Whether two files belong to things of which a cluster gets one, or gets them apart.

        Files of one directory do not, nor does one whose directory holds that of the other, or is there for
        its neighbours.
        """
        if not self.directories or file == other:
            return False
        one, two = _directory(file), _directory(other)
        if one == two:
            return False
        shared = _shared(one, two)
        return shared in self.directories and _part(one, two, shared)


def named_collections(files: Iterable[str]) -> frozenset[Parts]:
    """The directories that are collections by their names."""
    return frozenset(place for home in {home_of(file) for file in files} for place in _named(home))


def collections_of(versions: Iterable[Iterable[str]], named: frozenset[Parts] = frozenset()) -> Collections:
    """The collections that files show: those that are `named` so, and by each object's files in several.

    An object that is written twice in directories of which none lies in the other is two versions, and what
    holds both directories is a place of alternatives. That a layer changes what its base says shows nothing.
    """
    homes = {frozenset(map(home_of, files)) for files in versions}
    return Collections(named.union(place for several in homes for place in _places(several)))


def _named(file: str) -> Iterator[Parts]:
    directory = _directory(file)
    return (directory[: at + 1] for at, name in enumerate(directory) if name in _NAMES)


def _places(files: Iterable[str]) -> Iterator[Parts]:
    """Where the directories of `files` part; those of neighbours in their order are those of all pairs."""
    for one, two in pairwise(sorted({_directory(file) for file in files})):
        shared = _shared(one, two)
        if _part(one, two, shared):
            yield shared


def _part(one: Parts, two: Parts, shared: Parts) -> bool:
    """Whether two directories go ways of their own below what they share."""
    return shared not in (one, two) and _LAYERS.isdisjoint((one[len(shared)], two[len(shared)]))


def home_of(file: str) -> str:
    """The directory of a file, with the slash at its end; empty for the one that meshlint was started in."""
    return file[: file.rfind("/") + 1]


def _directory(file: str) -> Parts:
    return _parts(home_of(file))


@lru_cache(_MOST_KEPT)
def _parts(directory: str) -> Parts:
    """Kept, since the files of few directories are compared over and over."""
    return tuple(directory.split("/")[:-1])


def _shared(one: Parts, two: Parts) -> Parts:
    count = 0
    for mine, theirs in zip(one, two, strict=False):
        if mine != theirs:
            break
        count += 1
    return one[:count]
