"""Which kinds of objects a rule reads of a set, noted while it reads them."""

from __future__ import annotations

from typing import Any, cast

from meshlint.admission.admission import Admission
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.run import Worlds
from meshlint.mesh import Mesh
from meshlint.resources import ResourceSet
from meshlint.resources.asked import SameDocuments
from meshlint.resources.side_by_side import Collections
from meshlint.resources.watched import Reads, WatchedSet
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ComparedSet(SameDocuments, WatchedSet):
    """A watched set of which only objects are compared: what else it knows is the same for all."""

    @property
    def collections(self) -> Collections:
        """Which directories hold several things side by side."""
        return self.whole.collections


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
        seen = cast("ResourceSet", ComparedSet(mesh.resources, reads))
        return World(
            Mesh(seen, mesh.settings, mesh.kept, mesh.indexes, mesh.earlier), admission, project.problems
        )

    refused = frozenset(verdict.resource for verdict in project.admission.refused)
    written = world(project.as_written) if refused else None
    return Worlds(world(project.mesh), written, refused, project.mesh.resources.collections), reads
