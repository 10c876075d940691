"""All that a check may ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from meshlint.checks.hit import Hit
from meshlint.documents import Problem
from meshlint.mesh import Mesh, MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.schema.metadata import check_metadata
from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore
from meshlint.resources.schema.validate import validate
from meshlint.resources.schema.violation import Violation

if TYPE_CHECKING:
    from meshlint.traffic import Traffic


@frozen(eq=False, slots=False, repr=False)
class World:
    """What was read, and the rooms that answer questions about it."""

    mesh: Mesh
    problems: tuple[Problem, ...] = ()
    schemas: SchemaStore = BUILT_IN

    @property
    def resources(self) -> ResourceSet:
        """All objects that were read."""
        return self.mesh.resources

    @cached_property
    def violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What breaks the schema of its kind and version, object by object.

        An object at a version that does not exist is held to the best one that does: the wrong version is one
        mistake, and its fields may hold others.
        """
        return tuple(
            (resource, violation)
            for resource in self.resources.resources
            for violation in validate(
                resource.group,
                self._version(resource),
                resource.kind,
                resource.field.value,
                self.schemas,
            )
            if violation.path != ("apiVersion",)
        )

    @cached_property
    def _refused(self) -> frozenset[int]:
        return frozenset(id(resource) for resource, _ in self.violations)

    def is_refused(self, resource: Resource) -> bool:
        """Whether its schema refuses an object already, which is told by the rules on schemas."""
        return id(resource) in self._refused

    def _version(self, resource: Resource) -> str:
        if self.schemas.node(resource.group, resource.version, resource.kind) is not None:
            return resource.version
        return next(iter(self.schemas.versions(resource.group, resource.kind)), resource.version)

    @cached_property
    def metadata_violations(self) -> tuple[tuple[Resource, Violation], ...]:
        """What is wrong with the meshes' annotations and labels, object by object."""
        return tuple(
            (resource, violation)
            for resource in self.resources.resources
            for violation in check_metadata(resource.group, resource.kind, resource.field.value)
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


class Check(Protocol):
    """A check: a pure function from the world and the rule's parameters to what is wrong."""

    def __call__(self, world: World, parameters: Mapping[str, Any], /) -> Iterator[Hit]:
        """What is wrong, in any order."""
        ...
