"""Which fields does only the experimental channel of the Gateway API have?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.node import Node
    from meshlint.resources.schema.violation import Path

CHANNEL = "x-meshlint-channel"


def experimental_fields(
    group: str, version: str, kind: str, value: Any, store: SchemaStore = BUILT_IN
) -> list[Path]:
    """The places of the fields that an object sets and the standard channel drops, outermost only."""
    node = store.node(group, version, kind)
    return [] if node is None else list(_fields(node, value, ()))


def _fields(node: Node, value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, inner in value.items():
            child = node.child(key)
            if child is None or inner is None:
                continue
            if CHANNEL in node.properties.get(key, ()) or CHANNEL in child.schema:
                yield (*path, key)
            else:
                yield from _fields(child, inner, (*path, key))
    elif isinstance(value, list) and node.item is not None:
        for index, inner in enumerate(value):
            yield from _fields(node.item, inner, (*path, index))
