"""The worlds that rules are asked about, and those by which one of them is mostly known from the other."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Final, cast

from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.run import Left, Worlds
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import FullView
from meshlint.mesh.left_off import leave_off, leave_off_together, left_off
from meshlint.mesh.much_asked import make_views
from meshlint.mesh.parts import IndexBeside
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.agreed import AgreedSet
from meshlint.resources.order import Kind, by_kind
from meshlint.values import frozen


def worlds_of(project: Project) -> Worlds[World]:
    """What checks are asked about: what the cluster takes, and all that is written where that is more."""
    taken = World(project.mesh, project.admission, project.problems)
    left = Left(lambda: left_off(project.mesh), lambda what: leave_off(project.mesh, what))
    collections = project.mesh.resources.collections
    refused = tuple(verdict.resource for verdict in project.admission.refused)
    prepare = partial(make_views, project.mesh)
    if not refused:
        return Worlds(taken, None, frozenset(), collections, left, prepare=prepare)
    written = World(project.as_written, project.admission, project.problems)
    refusals = Refusals(taken, written, refused)
    return Worlds(taken, written, frozenset(refused), collections, left, refusals, prepare)


_MANY: Final = 8
"""Of how many kinds objects are refused where most rules ask about one of them."""


@frozen(eq=False, slots=False, repr=False)
class Refusals:
    """What tells all that is written from what is taken."""

    taken: World
    written: World
    refused: tuple[Resource, ...]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of what is refused."""
        return frozenset(one.kind for one in self.refused)

    @cached_property
    def agreed(self) -> World | None:
        """What both worlds answer alike; it raises `DisputedError` where they may not; None if little."""
        if len(self._parted) > _MANY:
            return None
        mesh, one, other = self.taken.mesh, self.written.resources, self.taken.resources
        resources = cast("ResourceSet", AgreedSet(one, other, frozenset(self._parted)))
        # What is made for it may ask it for more, so nothing is handed on to meshes that know all.
        agreed = Mesh(resources, mesh.settings, mesh.kept, IndexBeside(mesh.indexes), mesh.earlier)
        leave_off_together(mesh, agreed)
        return World(agreed, self.taken.admission, self.taken.problems)

    @cached_property
    def bare(self) -> World:
        """What is refused, and no other object."""
        return self._showing(self._parted)

    @cached_property
    def apart(self) -> World | None:
        """What is refused, and all of other kinds; None where it shows more of the set than itself."""
        written = self.written.resources
        parted = {kind: self._parted.get(kind) or written.of(*kind) for kind in written.kinds}
        return None if self._shows_more else self._showing(parted)

    def _showing(self, parted: dict[Kind, tuple[Resource, ...]]) -> World:
        mesh, written = self.written.mesh, self.written.resources
        part = ResourceSet(None, written.foreign, written.kustomized, written.collections, parted)
        return World(mesh.showing(part), self.written.admission, self.written.problems)

    @cached_property
    def _parted(self) -> dict[Kind, tuple[Resource, ...]]:
        return by_kind(self.refused)

    @property
    def _shows_more(self) -> bool:
        """Whether what is refused may show something of other objects.

        It does where it is the first of its kind in a place, or may belong to another one, where it refers to
        names, and where it is a version of another object.
        """
        one, other = self.written.resources, self.taken.resources
        places = {_place(each) for kind in self._parted for each in other.of(*kind)}
        return (
            not all(each.names_namespace and _place(each) in places for each in self.refused)
            or not self._refers_to_nothing
            or any(each in self.refused for group in one.repeated for each in group)
            or one.collections != other.collections
        )

    @property
    def _refers_to_nothing(self) -> bool:
        domain = self.taken.settings.cluster_domain
        held, none = (ResourceSet(those) for those in (self.refused, ()))
        return FullView(held, domain).names_as(FullView(none, domain))


def _place(one: Resource) -> tuple[str, str, str, str, bool]:
    """What it shows of the set that an object is there: where others of its kind are."""
    directory = one.document.file.rpartition("/")[0]
    return one.group, one.kind, one.namespace, directory, one.names_namespace
