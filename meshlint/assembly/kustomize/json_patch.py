"""JSON patches (RFC 6902). kustomize reads their values as YAML 1.1, whatever it does elsewhere."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.nodes import (
    as_yaml_1_1,
    child,
    copied,
    drop,
    items,
    mapping_node,
    put,
    scalar,
    text_of,
)
from meshlint.documents.values import Builder

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
    name, path = text_of(child(operation, "op")), child(operation, "path")
    steps = ["", *_steps(text_of(path))]
    at = path or operation
    if name in {"move", "copy"}:
        source = ["", *_steps(text_of(child(operation, "from")))]
        value = copied(_found(holder, source) or _null(at))
        if name == "move":
            _remove(holder, source)
        _put(holder, steps, value, at)
    elif name == "remove":
        _remove(holder, steps)
    elif name in {"add", "replace", "test"}:
        written = child(operation, "value")
        value = _null(at) if written is None else as_yaml_1_1(written)
        if name == "test":
            _test(holder, steps, value)
        else:
            _put(holder, steps, value, at, replaces=name == "replace")
    else:
        raise CannotBuild(f'a JSON patch has the operation "{name}"')


def _null(at: Node) -> Node:
    return scalar("null", at, None)


def _test(holder: MappingNode, steps: list[str], value: Node) -> None:
    found = _found(holder, steps)
    build = Builder("").build
    known = None if found is None else build(found)
    if (type(known), known) != (type(build(value)), build(value)):
        raise CannotBuild(f"the test of a JSON patch fails at {'/'.join(steps)}")


def _found(holder: MappingNode, steps: list[str]) -> Node | None:
    """The value at the end of a path; None where the mapping that should hold it does not."""
    parent = _at(holder, steps[:-1])
    return child(parent, steps[-1]) if isinstance(parent, MappingNode) else _at(parent, steps[-1:])


def _steps(path: str) -> list[str]:
    """The steps of a path; whatever stands before its first slash does not count."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


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


def _put(holder: MappingNode, steps: list[str], value: Node, key: Node, *, replaces: bool = False) -> None:
    """kustomize replaces what a mapping does not have as well: it then adds it."""
    parent = _at(holder, steps[:-1])
    if isinstance(parent, MappingNode):
        put(parent, scalar(steps[-1], key), value)
        return
    if replaces:
        _at(parent, steps[-1:])
    size = len(parent.value) + (not replaces)
    index = _index(steps[-1], len(parent.value) if steps[-1] == _END else size)
    if index is None or not 0 <= index < size or not isinstance(parent, SequenceNode):
        raise CannotBuild(f"a JSON patch leads to {'/'.join(steps)}, which is missing")
    if replaces:
        parent.value[index] = value
    else:
        parent.value.insert(index, value)
