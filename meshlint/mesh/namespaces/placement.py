"""Where objects that name no namespace may end up.

Many manifests leave the namespace to `kubectl -n`, to kustomize or to a GitOps tool. They are read as living
in the default one, but their absence from another is no proof, nor do unrelated ones belong together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.documents import Field
    from meshlint.resources import Resource, ResourceSet

Kind = tuple[str, str]
Item = TypeVar("Item")


class Viewed(Protocol):
    """What is read from an object."""

    @property
    def resource(self) -> Resource:
        """The object."""


Held = TypeVar("Held", bound=Viewed)


@frozen(eq=False, slots=False, repr=False)
class Alike(Generic[Held]):
    """What is read from some objects, of which those in one directory that name their namespaces go together
    with the same ones, and so do those that don't.
    """

    held: tuple[Held, ...]

    @cached_property
    def places(self) -> tuple[list[int], ...]:
        """The places of those that are alike."""
        found: dict[tuple[str, bool], list[int]] = {}
        for place, one in enumerate(self.held):
            found.setdefault(_written(one.resource), []).append(place)
        return tuple(found.values())

    def beside(self, resource: Resource) -> tuple[Held, ...]:
        """Those whose objects belong together with one: the same for all that are written as it is."""
        key = _written(resource)
        found = self._beside.get(key)
        if found is None:
            found = self.only(lambda other: belong_together(resource, other.resource))
            self._beside[key] = found
        return found

    @cached_property
    def _beside(self) -> dict[tuple[str, bool], tuple[Held, ...]]:
        return {}

    def only(self, is_meant: Callable[[Held], bool]) -> tuple[Held, ...]:
        """Those of which something holds that is told of all that are alike."""
        chosen = [those for those in self.places if is_meant(self.held[those[0]])]
        if len(chosen) == len(self.places):
            return self.held
        return tuple([self.held[place] for place in sorted(chain.from_iterable(chosen))])


def _written(resource: Resource) -> tuple[str, bool]:
    """The directory that an object is written in, and whether it names its namespace."""
    return _directory(resource.document.file), resource.names_namespace


_LAYERS = frozenset({"base", "bases", "components", "overlays", "patches"})
"""Directories that kustomizations are usually laid out in, for sets that leave the kustomizations out."""


@frozen(eq=False, slots=False, repr=False)
class Placement:
    """Objects without a namespace, by kind and name."""

    resources: ResourceSet

    @cached_property
    def _unplaced(self) -> dict[Kind, dict[str, list[Resource]]]:
        """The objects by name, of the kinds that were asked for."""
        return {}

    def _unplaced_of(self, kind: Kind) -> dict[str, list[Resource]]:
        if kind not in self._unplaced:
            names: dict[str, list[Resource]] = {}
            for resource in self.resources.of(*kind):
                if resource.namespace and not resource.names_namespace:
                    names.setdefault(resource.name, []).append(resource)
            self._unplaced[kind] = names
        return self._unplaced[kind]

    def go_together(self, one: Resource, other: Resource) -> bool:
        """Whether two objects may be judged by each other: not as parts of things that lie side by side."""
        if not belong_together(one, other):
            return False
        return not self.resources.collections.are_apart(one.document.file, other.document.file)

    def going_with(self, one: Resource, others: Alike[Held]) -> tuple[Held, ...]:
        """Those whose objects go together with one."""
        key = *_written(one), others
        found: tuple[Held, ...] | None = self._going.get(key)
        if found is None:
            found = self._going[key] = others.only(lambda other: self.go_together(one, other.resource))
        return found

    @cached_property
    def _going(self) -> dict[object, tuple[Any, ...]]:
        """What goes together with all that is written in one directory and names its namespaces, or not."""
        return {}

    def holds_beside(self, place: Field, others: Iterable[Field]) -> bool:
        """Whether any of `others` may be judged together with what stands at `place`."""
        are_apart = self.resources.collections.are_apart
        return any(not are_apart(place.document.file, one.document.file) for one in others)

    def may_hold(self, kinds: Iterable[Kind], name: str, *, qualified: bool) -> bool:
        """Whether an object of that name may be brought to the namespace that a reference means.

        A reference that spells its namespace out (`qualified`) says that things are placed there; otherwise
        only a kustomization above the object makes that likely. That may also put a prefix or a suffix to
        the name.
        """
        for kind in kinds:
            unplaced = self._unplaced_of(kind)
            if any(qualified or self._is_kustomized(one) for one in unplaced.get(name, ())):
                return True
            if any(self._is_kustomized(one) for part in _parts(name) for one in unplaced.get(part, ())):
                return True
        return False

    @cached_property
    def _below_kustomizations(self) -> dict[str, bool]:
        """Whether a file is as if a kustomization places what it holds, as far as that was asked."""
        return {}

    def _is_kustomized(self, resource: Resource) -> bool:
        file = resource.document.file
        if file not in self._below_kustomizations:
            self._below_kustomizations[file] = self._is_below_kustomization(file)
        return self._below_kustomizations[file]

    def _is_below_kustomization(self, file: str) -> bool:
        path = PurePosixPath(file)
        if not _LAYERS.isdisjoint(path.parent.parts):
            return True
        return any(str(directory) in self.resources.kustomized for directory in path.parents)


def _parts(name: str) -> Iterator[str]:
    """What is left of a name without a prefix or a suffix, which dashes set off."""
    words = name.split("-")
    for place in range(1, len(words)):
        yield "-".join(words[place:])
        yield "-".join(words[:place])


def is_beside(file: str, other: str) -> bool:
    """Whether `other` lies in the directory of `file`, or below it."""
    return _holds(_directory(file), _directory(other))


def _holds(directory: str, lower: str) -> bool:
    if not directory:
        return not lower.startswith("/")
    return lower == directory or lower.startswith(directory if directory == "/" else f"{directory}/")


def _directory(file: str) -> str:
    """The directory of a file as it is written, empty for the one that meshlint was started in.

    Asked for pairs of objects, so it is plain text: making a path of each took most of the time of a check.
    """
    head = file.rpartition("/")[0]
    return head or ("/" if file.startswith("/") else "")


def are_neighbours(file: str, other: str) -> bool:
    """Whether one of two files lies in the directory of the other, or below it."""
    return _are_in_line(_directory(file), _directory(other))


def _are_in_line(one: str, two: str) -> bool:
    """Whether two directories are the same, or one of them holds the other."""
    return one == two or _holds(one, two) or _holds(two, one)


def _upwards(directory: str) -> Iterator[str]:
    """A directory, and those that hold it."""
    while directory not in ("", "/"):
        yield directory
        directory = _directory(directory)
    yield directory


@frozen(eq=False, slots=False, repr=False)
class Directories:
    """The directories of files, looked up instead of compared with each."""

    files: Collection[str]

    @cached_property
    def each(self) -> dict[str, str]:
        """A file of each."""
        return {_directory(file): file for file in self.files}

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(one for directory in self.each for one in _upwards(directory))

    def have_beside(self, file: str, *, around: bool) -> bool:
        """Whether one of the files lies in the directory of `file` or below it, or `around` it: above it."""
        directory = _directory(file)
        return directory in self._above or (around and any(one in self.each for one in _upwards(directory)))


@frozen(eq=False, slots=False, repr=False)
class Nearby(Generic[Item]):
    """Things by the files that they stand in, so that the neighbours of a file are looked up."""

    held: tuple[tuple[str, Item], ...]

    @cached_property
    def _first(self) -> str:
        return _directory(self.held[0][0])

    @cached_property
    def _within(self) -> dict[str, list[int]]:
        """The things in each directory."""
        found: dict[str, list[int]] = {}
        for position, (file, _) in enumerate(self.held):
            found.setdefault(_directory(file), []).append(position)
        return found

    @cached_property
    def _below(self) -> dict[str, list[int]]:
        """The things in each directory, and below it."""
        found: dict[str, list[int]] = {}
        for position, (file, _) in enumerate(self.held):
            for directory in _upwards(_directory(file)):
                found.setdefault(directory, []).append(position)
        return found

    def of(self, file: str) -> list[Item]:
        """The things whose files are neighbours of a file, in their order."""
        directory = _directory(file)
        if len(self.held) == 1:
            return [self.held[0][1]] if _are_in_line(directory, self._first) else []
        places = {*self._below.get(directory, ())}
        places.update(one for above in _upwards(directory) for one in self._within.get(above, ()))
        return [self.held[one][1] for one in sorted(places)]


def belong_together(one: Resource, other: Resource) -> bool:
    """Whether two objects may be judged by each other.

    One that names no namespace is told apart from what lies elsewhere: it may be meant for another namespace,
    or be the material of another exercise.
    """
    if one.names_namespace and other.names_namespace:
        return True
    return are_neighbours(one.document.file, other.document.file)
