"""The value that the API server makes of a manifest: nulls pruned, defaults filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.resources.schema.shape.node import Node


def effective(node: Node, value: Any) -> Any:
    """`value` with the nulls that `node` forbids taken out and its defaults put in; shares what is unchanged.

    (Kubernetes: a null is pruned unless the field is nullable, and pruning comes before defaulting.)
    """
    if isinstance(value, dict):
        return _object(node, value)
    item = node.item if isinstance(value, list) else None
    if item is None:
        return value
    items = [effective(item, inner) for inner in value]
    return items if any(new is not old for new, old in zip(items, value, strict=True)) else value


def _object(node: Node, value: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    changed = False
    for key, inner in value.items():
        child = node.child(key)
        if inner is None and child is not None and not child.nullable:
            changed = True
            continue
        new = inner if child is None else effective(child, inner)
        changed = changed or new is not inner
        result[key] = new
    for name, default in node.defaults.items():
        if name not in result:
            child = node.child(name)
            result[name] = default if child is None else effective(child, default)
            changed = True
    return result if changed else value
