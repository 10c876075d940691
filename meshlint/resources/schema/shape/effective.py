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
    gone: list[str] = []
    new: dict[str, Any] = {}
    for key, inner in value.items():
        if inner is not None and not isinstance(inner, dict | list):
            continue
        child = node.child(key)
        if child is None:
            continue
        if inner is None:
            gone += () if child.nullable else (key,)
        elif (made := effective(child, inner)) is not inner:
            new[key] = made
    kept = (
        {key: new.get(key, inner) for key, inner in value.items() if key not in gone}
        if gone or new
        else value
    )
    lacking = [name for name in node.defaults if name not in kept]
    return {**kept, **{name: _default(node, name) for name in lacking}} if lacking else kept


def _default(node: Node, name: str) -> Any:
    child, default = node.child(name), node.defaults[name]
    return default if child is None else effective(child, default)
