"""Which node a path leads to, and which node is shown for it."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents.span import Path, Step
from meshlint.documents.values import node_key


def shown(root: Node, path: Path, *, on_key: bool) -> Node:
    """The value at `path` below `root`, or its key if asked or if the value is a block.

    A path that is absent gives the nearest thing around it that is there. A block that tools have filled from
    another file alone stands where its first value does.
    """
    key: Node | None = None
    value = root
    for key, value in walked(root, path):  # noqa: B007
        pass
    if key is None or (_is_inline(value) and not on_key):
        return _first_key(value)
    return key if on_key else _written_elsewhere(key, value) or key


def walked(root: Node, path: Path) -> Iterator[tuple[Node | None, Node]]:
    """The key, in a mapping, and the value of each step of `path` that is there."""
    node = root
    for step in path:
        pair = _child(node, step)
        if pair is None:
            return
        node = pair[1]
        yield pair


def _child(node: Node, step: Step) -> tuple[Node | None, Node] | None:
    if isinstance(node, SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            return None, node.value[step]
        return None
    if not isinstance(node, MappingNode):
        return None
    for key, value in reversed(node.value):
        if isinstance(key, ScalarNode) and node_key(key) == step:
            return key, value
    return _merged_child(node, step)


def _merged_child(node: Node, step: Step) -> tuple[Node | None, Node] | None:
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == "<<" and not key.style:
            sources = value.value if isinstance(value, SequenceNode) else [value]
            for source in sources:
                found = _child(source, step)
                if found is not None:
                    return found
    return None


def _written_elsewhere(key: Node, value: Node) -> Node | None:
    """The first value in a block of which nothing stands in the file of its key."""
    home = _file(key)
    if home is None:
        return None
    leaves = list(_leaves(value))
    return leaves[0] if leaves and all(_file(one) not in (None, home) for one in leaves) else None


def _file(node: Node) -> str | None:
    """The file of a node, where a document is put together from several."""
    return getattr(node.start_mark, "file", None)


def _leaves(node: Node) -> Iterator[Node]:
    if isinstance(node, ScalarNode):
        yield node
    for item in node.value if isinstance(node, SequenceNode | MappingNode) else ():
        yield from _leaves(item[1] if isinstance(item, tuple) else item)


def _is_inline(value: Node) -> bool:
    return isinstance(value, ScalarNode) and bool(value.value or value.style)


def _first_key(node: Node) -> Node:
    while isinstance(node, SequenceNode | MappingNode) and node.value and not node.flow_style:
        first = node.value[0]
        node = first[0] if isinstance(first, tuple) else first
    return node
