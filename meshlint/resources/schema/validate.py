"""The door of this room: what is wrong with an object by the schema of its kind and version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.effective import effective
from meshlint.resources.schema.store import BUILT_IN
from meshlint.resources.schema.walk import walk

if TYPE_CHECKING:
    from meshlint.resources.schema.store import SchemaStore
    from meshlint.resources.schema.violation import Violation


def validate(
    group: str, version: str, kind: str, value: Any, store: SchemaStore = BUILT_IN
) -> list[Violation]:
    """What breaks the schema of this kind and version, in the order in which it is written.

    Empty for a kind or version that is not known (`versions.lookup` speaks of those) and for a
    strategic-merge patch, which is no object. `value` is the whole object as plain values; nothing in it can
    make this raise.
    """
    node = store.node(group, version, kind)
    if node is None or (isinstance(value, dict) and "$patch" in value):
        return []
    faults = walk(node, value)
    if not faults:
        return []
    from meshlint.resources.schema.explain import Scene, explain

    scene = Scene(group, version, kind, value, node, store)
    return [explain(scene, fault) for fault in faults]


def stored(group: str, version: str, kind: str, value: Any, store: SchemaStore = BUILT_IN) -> Any:
    """`value` as the cluster stores it: nulls pruned, defaults in; itself when its kind is not known."""
    node = store.node(group, version, kind)
    return value if node is None else effective(node, value)
