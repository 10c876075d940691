"""Which kinds of objects a rule reads of a set, noted while it reads them."""

from __future__ import annotations

from typing import Any, cast

from meshlint.admission.admission import Admission
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.documents import Document
from meshlint.engine.run import Worlds
from meshlint.mesh import Mesh
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.collection import Kind
from meshlint.resources.side_by_side import Collections
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Reads:
    """The kinds that were asked for, and whether all objects were, whatever their kind."""

    kinds: set[Kind] = field(factory=set)
    everything: list[str] = field(factory=list)

    def concern(self, changed: frozenset[Kind]) -> bool:
        """Whether something that was read is of a kind among `changed`."""
        return bool(changed) and (bool(self.everything) or not self.kinds.isdisjoint(changed))


@frozen(eq=False, repr=False)
class WatchedSet:
    """A set of objects that notes what is asked of it."""

    whole: ResourceSet
    reads: Reads

    def of(self, group: str, kind: str) -> tuple[Resource, ...]:
        """The objects of one kind."""
        self.reads.kinds.add((group, kind))
        return self.whole.of(group, kind)

    @property
    def collections(self) -> Collections:
        """Which directories hold several things side by side: the same for all that is compared."""
        return self.whole.collections

    @property
    def foreign(self) -> tuple[Document, ...]:
        """The documents that hold none: the same for all that is compared."""
        return self.whole.foreign

    @property
    def kustomized(self) -> frozenset[str]:
        """Directories with a kustomization: the same for all that is compared."""
        return self.whole.kustomized

    def __getattr__(self, name: str) -> Any:
        """Whatever else a set answers is about all of it."""
        self.reads.everything.append(name)
        return getattr(self.whole, name)


@frozen(eq=False, repr=False)
class WatchedAdmission:
    """Verdicts, which are about all objects; the schemas are the same for all that is compared."""

    whole: Admission
    reads: Reads

    def __getattr__(self, name: str) -> Any:
        """Note that verdicts were asked for."""
        if name != "schemas":
            self.reads.everything.append(name)
        return getattr(self.whole, name)


def watched_worlds(project: Project) -> tuple[Worlds[World], Reads]:
    """What a check is asked about, with nothing worked out yet that rests on more than single objects or
    parts, so that all is noted that one check reads.
    """
    reads = Reads()
    admission = cast("Admission", WatchedAdmission(project.admission, reads))

    def world(mesh: Mesh) -> World:
        seen = cast("ResourceSet", WatchedSet(mesh.resources, reads))
        return World(
            Mesh(seen, mesh.settings, mesh.kept, mesh.indexes, mesh.earlier), admission, project.problems
        )

    refused = frozenset(verdict.resource for verdict in project.admission.refused)
    written = world(project.as_written) if refused else None
    return Worlds(world(project.mesh), written, refused, project.mesh.resources.collections), reads
