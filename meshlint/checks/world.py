"""All that a check may ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from meshlint.admission.admission import Admission
from meshlint.checks.hit import Hit
from meshlint.documents import Problem
from meshlint.mesh import Mesh, MeshSettings
from meshlint.mesh.remembered import kept
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.resources.schema.metadata import check_metadata, may_say
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.resources.schema.violation import Violation
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.traffic import Traffic


@frozen(eq=False, slots=False, repr=False)
class World:
    """What was read, and the rooms that answer questions about it."""

    mesh: Mesh
    admission: Admission
    problems: tuple[Problem, ...] = ()

    @property
    def resources(self) -> ResourceSet:
        """The objects that the mesh is made of."""
        return self.mesh.resources

    @property
    def schemas(self) -> SchemaStore:
        """What shape each kind may have."""
        return self.admission.schemas

    @cached_property
    def violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What breaks the schema of its kind and version, object by object; each mistake once."""
        spoken = self.held(verdict.resource for verdict in self.admission.spoken)
        return tuple((resource, one) for resource in spoken for one in self.admission.violations(resource))

    def held(self, some: Iterable[Resource]) -> Iterator[Resource]:
        """Those of some objects that the mesh is made of: only objects of their kinds are looked at."""
        asked = tuple(some)
        kinds = dict.fromkeys((one.group, one.kind) for one in asked)
        there = {one for kind in kinds for one in self.resources.of(*kind)}
        return (one for one in asked if one in there)

    @cached_property
    def metadata_violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What is wrong with the meshes' annotations and labels, object by object."""
        return tuple(
            (resource, violation)
            for resource in self.mesh.picked(self.resources.resources, _may_say)
            for violation in _metadata_of(self.mesh, resource)
        )

    @property
    def settings(self) -> MeshSettings:
        """The mesh-wide settings."""
        return self.mesh.settings

    @cached_property
    def traffic(self) -> Traffic:
        """Where requests go."""
        from meshlint.traffic import Traffic

        return Traffic(self.mesh)


def _may_say(resource: Resource) -> bool:
    template = TEMPLATES.get((resource.group, resource.kind))
    return may_say(resource.group, resource.field.value, template)


@kept
def _metadata_of(_: Mesh, resource: Resource) -> tuple[Violation, ...]:
    """What is wrong with the annotations and labels of one object."""
    template = TEMPLATES.get((resource.group, resource.kind))
    return tuple(check_metadata(resource.group, resource.kind, resource.field.value, template))


class Check(Protocol):
    """A check: a pure function from the world and the rule's parameters to what is wrong."""

    def __call__(self, world: World, parameters: Mapping[str, Any], /) -> Iterator[Hit]:
        """What is wrong, in any order."""
        ...
