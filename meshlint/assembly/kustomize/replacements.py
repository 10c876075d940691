"""Values copied from field to field (kustomize: replacements)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.piece import Piece
from meshlint.assembly.kustomize.selection import has_marks, matches_exactly
from meshlint.assembly.nodes import (
    child,
    copied,
    is_null,
    is_text,
    items,
    mapping,
    pair_at,
    put,
    scalar,
    sequence,
    text_of,
)
from meshlint.values import regex

_NAME: Final = "metadata.name"
_STEP: Final = regex(r"(\[[^\]]*\]|(?:\\.|[^.\\])+)")
_MATCH: Final = regex(r"\[([^=\]]+)=(.*)\]")
Place = tuple[Node, Callable[[Node], None]]


def replace(pieces: Sequence[Piece], replacement: Node) -> None:
    """Copy the value of one replacement to all its targets."""
    value = _value(pieces, replacement)
    targets = items(child(replacement, "targets"))
    if not targets:
        raise CannotBuild("a replacement has no target")
    for target in targets:
        if child(target, "select") is None:
            raise CannotBuild("a target of a replacement selects nothing")
        for piece in pieces:
            if _is_target(piece, target):
                _copy(piece, target, value)


def _value(pieces: Sequence[Piece], replacement: Node) -> Node:
    literal = child(replacement, "sourceValue")
    if literal is not None:
        return scalar(text_of(literal), literal, None)
    source = child(replacement, "source")
    found = [piece for piece in pieces if matches_exactly(piece, source)]
    if source is None or len(found) != 1:
        raise CannotBuild(f"the source of a replacement means {len(found)} objects")
    path = text_of(child(source, "fieldPath")) or _NAME
    places = list(_places(found[0].root, steps(path), None))
    if not places or is_null(places[0][0]):
        raise CannotBuild(f"{path} is missing in the source of a replacement")
    return _refined(places[0][0], child(source, "options"))


def _refined(node: Node, options: Node | None) -> Node:
    delimiter = text_of(child(options, "delimiter"))
    if not delimiter:
        return node
    parts, index = text_of(node).split(delimiter), _index(options)
    if not 0 <= index < len(parts):
        raise CannotBuild("the index of a replacement is out of bounds")
    return scalar(parts[index], node, node.style if isinstance(node, ScalarNode) else None)


def _is_target(piece: Piece, target: Node) -> bool:
    if not (matches_exactly(piece, child(target, "select")) and has_marks(piece, child(target, "select"))):
        return False
    return not any(_rejects(piece, one) for one in items(child(target, "reject")))


def _rejects(piece: Piece, reject: Node) -> bool:
    named = any(text_of(child(reject, part)) for part in ("group", "version", "kind", "name", "namespace"))
    marked = any(text_of(child(reject, part)) for part in ("labelSelector", "annotationSelector"))
    return (named and matches_exactly(piece, reject)) or (marked and has_marks(piece, reject))


def _copy(piece: Piece, target: Node, value: Node) -> None:
    options = child(target, "options")
    creates = value if text_of(child(options, "create")) == "true" else None
    paths = [text_of(path) for path in items(child(target, "fieldPaths"))] or [_NAME]
    for path in paths:
        places = list(_places(piece.root, steps(path), creates))
        if not places:
            raise CannotBuild(f"{path} is missing in the target of a replacement")
        for node, put_back in places:
            put_back(_new_value(node, value, options))


def _new_value(node: Node, value: Node, options: Node | None) -> Node:
    delimiter = text_of(child(options, "delimiter"))
    text = text_of(value)
    if delimiter:
        parts, index = text_of(node).split(delimiter), _index(options)
        if index < 0:
            parts.insert(0, text)
        elif index >= len(parts):
            parts.append(text)
        else:
            parts[index] = text
        text = delimiter.join(parts)
    if isinstance(node, ScalarNode):
        # The type stays that of the target: a number becomes a text there (kustomize: setFieldValue).
        return scalar(text, value, node.style or ('"' if is_text(node) else None))
    return copied(value)


def _index(options: Node | None) -> int:
    text = text_of(child(options, "index"))
    return int(text) if text.removeprefix("-").isdigit() else 0


def steps(path: str) -> list[str]:
    """The steps of a path with dots; a dot of a name stands in brackets or behind a backslash."""
    return [step.replace("\\.", ".") for step in _STEP.findall(path)]


def _places(node: Node, path: list[str], creates: Node | None) -> Iterator[Place]:
    yield from _walk(node, path, creates, lambda _: None)


def _walk(
    node: Node, path: list[str], creates: Node | None, put_back: Callable[[Node], None]
) -> Iterator[Place]:
    if not path:
        yield node, put_back
        return
    step, rest = path[0], path[1:]
    if isinstance(node, SequenceNode):
        for index in _indexes(node, step, creates):
            yield from _walk(node.value[index], rest, creates, _at(node, index))
    elif isinstance(node, MappingNode):
        for key in _keys(node, step, rest, creates):
            value = child(node, text_of(key))
            if value is not None:
                yield from _walk(value, rest, creates, _in(node, key))


def _keys(node: MappingNode, step: str, rest: list[str], creates: Node | None) -> list[Node]:
    if step == "*":
        return [key for key, _ in node.value]
    name = step[1:-1] if step.startswith("[") and step.endswith("]") and "=" not in step else step
    found = pair_at(node, name)
    if found is not None:
        return [found[0]]
    if creates is None:
        return []
    key = scalar(name, creates)
    put(node, key, _made(rest, creates))
    return [key]


def _made(rest: list[str], creates: Node) -> Node:
    if not rest:
        return scalar("", creates, None) if isinstance(creates, ScalarNode) else copied(creates)
    is_list = _MATCH.fullmatch(rest[0]) or rest[0] == "-" or rest[0].isdigit()
    return sequence(creates) if is_list else mapping(creates)


def _indexes(node: SequenceNode, step: str, creates: Node | None) -> list[int]:
    if step == "*":
        return list(range(len(node.value)))
    if step == "-":
        node.value.append(mapping(creates or node))
        return [len(node.value) - 1]
    if step.isdigit():
        return [int(step)] if int(step) < len(node.value) else []
    match = _MATCH.fullmatch(step)
    if match is None:
        return [index for index, item in enumerate(node.value) if child(item, step) is not None]
    found = [
        index
        for index, item in enumerate(node.value)
        if re.search(f"^(?:{match[2]})$", text_of(child(item, match[1])) if match[1] else text_of(item))
    ]
    if not found and creates is not None:
        made = mapping(creates)
        put(made, scalar(match[1], creates), scalar(match[2], creates))
        node.value.append(made)
        return [len(node.value) - 1]
    return found


def _at(node: SequenceNode, index: int) -> Callable[[Node], None]:
    def put_back(other: Node) -> None:
        node.value[index] = other

    return put_back


def _in(node: MappingNode, key: Node) -> Callable[[Node], None]:
    return lambda other: put(node, key, other)
