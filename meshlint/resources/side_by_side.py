"""Directories that hold several things side by side: exercises, examples, installations.

They are never applied together, so nothing in one of them says anything of what lies in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from meshlint.values import frozen

_LAYERS = frozenset({"base", "bases", "components", "patches"})
"""Directories whose objects others change, as kustomizations are usually laid out."""

Parts = tuple[str, ...]


@frozen(repr=False)
class Collections:
    """The directories whose own directories are alternatives to each other."""

    directories: frozenset[Parts] = frozenset()

    def are_apart(self, file: str, other: str) -> bool:
        """Whether two files belong to things of which a cluster gets one, or gets them apart.

        Files of one directory do not, nor does one whose directory holds that of the other.
        """
        if not self.directories or file == other:
            return False
        one, two = _directory(file), _directory(other)
        shared = _shared(one, two)
        return shared not in (one, two) and shared in self.directories


def collections_of(versions: Iterable[Iterable[str]]) -> Collections:
    """The collections that the files of objects show, each object's files in several directories.

    An object that is written twice in directories of which none lies in the other is two versions, and what
    holds both directories is a place of alternatives. That a layer changes what its base says shows nothing.
    """
    return Collections(frozenset(place for files in versions for place in _places(files)))


def _places(files: Iterable[str]) -> Iterator[Parts]:
    """Where the directories of `files` part; those of neighbours in their order are those of all pairs."""
    for one, two in pairwise(sorted({_directory(file) for file in files})):
        shared = _shared(one, two)
        if shared not in (one, two) and _LAYERS.isdisjoint((one[len(shared)], two[len(shared)])):
            yield shared


def _directory(file: str) -> Parts:
    return tuple(file.split("/")[:-1])


def _shared(one: Parts, two: Parts) -> Parts:
    count = 0
    for mine, theirs in zip(one, two, strict=False):
        if mine != theirs:
            break
        count += 1
    return one[:count]
