"""Objects that are written several times, and which of them is meant from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from meshlint.documents import Path
from meshlint.resources.resource import ObjectId, Resource
from meshlint.sources.paths import shared_steps
from meshlint.values import frozen

Place = tuple[str, int, Path]
_MOST_TIED: Final = 4
_MOST_COMPARED: Final = 100_000


@frozen(eq=False, repr=False)
class View:
    """What is meant from the files of `homes`: everything but the versions in `without`."""

    homes: frozenset[str]
    without: tuple[Resource, ...] = ()

    def hides(self, file: str, line: int) -> bool:
        """Whether a line belongs to a version that is not meant."""
        return any(one.document.file == file and line in lines_of(one) for one in self.without)


def place_of(resource: Resource) -> Place:
    """Where an object stands, whatever is filled in there."""
    return resource.document.file, resource.document.index, resource.field.path


def lines_of(resource: Resource) -> range:
    """The lines of an object."""
    document = resource.document
    node = document.node_at(resource.field.path) or document.node
    first = document.first_line
    return range(node.start_mark.line + first + 1, node.end_mark.line + first + 2)


def several_versions(resources: Iterable[Resource]) -> dict[ObjectId, list[Resource]]:
    """The objects with a name that stand in more than one place, each with its versions."""
    first: dict[tuple[str, ...], Resource] = {}
    several: dict[tuple[str, ...], list[Resource]] = {}
    for resource in resources:
        name = resource.name
        if name and not name.endswith("*"):
            key = (resource.group, resource.kind, resource.namespace, name)
            one = first.setdefault(key, resource)
            if one is not resource:
                several.setdefault(key, [one]).append(resource)
    return {first[key].id: several[key] for key in (first if several else ()) if key in several}


def views(resources: Sequence[Resource], most: int) -> list[View]:
    """The different views from all files: of an object with versions the nearest one, or each as near as it.

    Nearest is the same file, then the same directory, then the one that shares the most directories. None
    are told apart where they are more than `most`, nor in a set of so many files and versions that finding
    out which is nearest would take long.
    """
    versions = several_versions(resources)
    files = sorted({resource.document.file for resource in resources})
    if not versions or len(files) * sum(map(len, versions.values())) > _MOST_COMPARED:
        return []
    found: dict[tuple[tuple[int, ...], ...], set[str]] = {}
    outs: dict[tuple[tuple[int, ...], ...], list[tuple[Resource, ...]]] = {}
    count = 0
    for home, left_out in _from_each(files, versions):
        key = tuple(tuple(id(one) for one in choice) for choice in left_out)
        count += len(left_out) if key not in found else 0
        if count > most:
            return []
        found.setdefault(key, set()).add(home)
        outs[key] = left_out
    return [View(frozenset(homes), one) for key, homes in found.items() for one in outs[key]]


def _from_each(
    files: Iterable[str], versions: Mapping[ObjectId, Sequence[Resource]]
) -> Iterator[tuple[str, list[tuple[Resource, ...]]]]:
    """What is left out from each file: the same from all files of a directory that hold no version."""
    holders = {one.document.file for known in versions.values() for one in known}
    by_directory: dict[str, list[tuple[Resource, ...]]] = {}
    for home in files:
        place = home if home in holders else home.rpartition("/")[0] + "/"
        if place not in by_directory:
            by_directory[place] = list(_left_out(home, versions))
        yield home, by_directory[place]


def _left_out(home: str, versions: Mapping[ObjectId, Sequence[Resource]]) -> Iterator[tuple[Resource, ...]]:
    """The versions that are not meant from `home`, once for each choice among the nearest."""
    nearest = {name: _nearest(home, known) for name, known in versions.items()}
    turns = min(_MOST_TIED, max(len(tied) for tied in nearest.values()))
    for turn in range(turns):
        chosen = {name: tied[min(turn, len(tied) - 1)] for name, tied in nearest.items()}
        yield tuple(one for name, known in versions.items() for one in known if one is not chosen[name])


def _nearest(home: str, versions: Sequence[Resource]) -> list[Resource]:
    distances = [distance(home, one.document.file) for one in versions]
    least = min(distances)
    return [one for one, distance in zip(versions, distances, strict=True) if distance == least]


def distance(home: str, file: str) -> int:
    """How far a file is from another: 0 for itself, less for one that shares more directories with it."""
    if home == file:
        return 0
    shared = shared_steps(home, file)
    return 1 + (home.count("/") - shared) * 2 + (file.count("/") - shared)
