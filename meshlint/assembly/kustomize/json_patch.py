"""JSON patches (RFC 6902)."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.nodes import child, copied, drop, items, mapping_node, put, same, scalar, text_of

_END: Final = "-"


def patched(root: MappingNode, operations: Node) -> MappingNode:
    """A copy of `root` after `operations`; raises `CannotBuild` where one of them does not fit."""
    holder = mapping_node([(scalar("", root), copied(root))], root.start_mark, root.end_mark)
    for operation in items(operations):
        _apply(holder, operation)
    result = child(holder, "")
    if not isinstance(result, MappingNode):
        raise CannotBuild("a JSON patch leaves no object")
    return result


def _apply(holder: MappingNode, operation: Node) -> None:
    name, path = text_of(child(operation, "op")), text_of(child(operation, "path"))
    steps = ["", *_steps(path)]
    value = child(operation, "value")
    if name in {"move", "copy"}:
        source = ["", *_steps(text_of(child(operation, "from")))]
        value = copied(_at(holder, source))
        if name == "move":
            _remove(holder, source)
    if name == "remove":
        _remove(holder, steps)
    elif name == "test":
        _test(holder, steps, value)
    elif name in {"add", "copy", "move", "replace"} and value is not None:
        key = child(operation, "path")
        _put(holder, steps, copied(value), key or operation, replaces=name == "replace")
    else:
        raise CannotBuild(f'a JSON patch has the operation "{name}"')


def _test(holder: MappingNode, steps: list[str], value: Node | None) -> None:
    if not same(_at(holder, steps), value):
        raise CannotBuild(f"the test of a JSON patch fails at {'/'.join(steps)}")


def _steps(path: str) -> list[str]:
    if not path:
        return []
    return [step.replace("~1", "/").replace("~0", "~") for step in path.removeprefix("/").split("/")]


def _at(node: Node, steps: list[str]) -> Node:
    for step in steps:
        inner = _entry(node, step) if isinstance(node, SequenceNode) else child(node, step)
        if inner is None:
            raise CannotBuild(f"a JSON patch leads to {'/'.join(steps)}, which is missing")
        node = inner
    return node


def _entry(node: SequenceNode, step: str) -> Node | None:
    index = _index(step, len(node.value))
    return node.value[index] if index is not None and index < len(node.value) else None


def _index(step: str, length: int) -> int | None:
    if step == _END:
        return length
    if step.removeprefix("-").isdigit():
        number = int(step)
        return number + length if number < 0 else number
    return None


def _remove(holder: MappingNode, steps: list[str]) -> None:
    _at(holder, steps)
    parent = _at(holder, steps[:-1])
    if isinstance(parent, SequenceNode):
        del parent.value[_index(steps[-1], len(parent.value)) or 0]
    else:
        drop(parent, steps[-1])


def _put(holder: MappingNode, steps: list[str], value: Node, key: Node, *, replaces: bool) -> None:
    parent = _at(holder, steps[:-1])
    if replaces:
        _at(holder, steps)
    if isinstance(parent, MappingNode):
        put(parent, scalar(steps[-1], key), value)
        return
    index = _index(steps[-1], len(parent.value))
    if index is None or index > len(parent.value) or not isinstance(parent, SequenceNode):
        raise CannotBuild(f"a JSON patch leads to {'/'.join(steps)}, which is missing")
    if replaces:
        parent.value[index] = value
    else:
        parent.value.insert(index, value)
