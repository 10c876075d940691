"""How an input set is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.mesh import Mesh


@frozen(repr=False)
class ReadOptions:
    """How an input set is read: the sections of a configuration that decide what objects mean.

    `mesh`, `versions` and `external` are the sections of that name; `complete` closes the world;
    `mesh_config` are texts of a MeshConfig or of Helm values for Istio's charts, each with its name;
    `namespace` is where objects live that name none; `schemas` say what shape each kind may have.
    `deployment` is the one to take of those that exclude each other; `substitutions` are values by name for
    what tools fill in. `filled` are namespaces that hold more than the files show, `followed` the kind,
    namespace and name of objects that ask tools to deploy what is in view, `unread` the namespaces and kinds
    of what stands in documents that could not be read.
    """

    mesh: Mapping[str, Any] = field(factory=dict)
    versions: Mapping[str, Any] = field(factory=dict)
    external: Mapping[str, Any] = field(factory=dict)
    complete: bool = False
    mesh_config: tuple[tuple[str, bytes], ...] = ()
    namespace: str | None = None
    schemas: SchemaStore = BUILT_IN
    deployment: str | None = None
    substitutions: Mapping[str, str] = field(factory=dict)
    filled: frozenset[str] = frozenset()
    followed: frozenset[tuple[str, str, str]] = frozenset()
    unread: frozenset[tuple[str, str]] = frozenset()
    earlier: Mesh | None = None
    """An earlier revision of the set: what it held the set could show, so what is gone is missing."""
    jobs: int | None = 1
    """How many processes share the work; None takes as many as pay."""
