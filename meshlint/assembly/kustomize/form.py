"""Files of kustomize in the form that its types give them, however their letters are written.

kustomize turns the file into JSON and reads that as Go does: a field is known by its name in letters of any
case, and one that nobody knows is refused, as is a value of another type (kustomize: Kustomization.Unmarshal;
Go: encoding/json with DisallowUnknownFields).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.nodes import is_null, list_node, mapping_node, scalar, text_of
from meshlint.documents.scalars import key_text, plain_scalar, tagged_scalar
from meshlint.values import frozen

_SAID: Final = {str: "a text", bool: "true or false", int: "a whole number"}


@frozen(eq=False, repr=False)
class Plain:
    """A text, a truth value or a whole number; with None whatever stands there."""

    type: type | None = None


@frozen(eq=False, repr=False)
class ListOf:
    """A list whose entries have one form."""

    item: Shape


@frozen(eq=False, repr=False)
class MapOf:
    """A mapping with any keys, whose values have one form."""

    value: Shape


@frozen(eq=False, repr=False)
class Fields:
    """A mapping with the fields of `shapes`, by their names."""

    shapes: Mapping[str, Shape]

    def spelt(self, written: str) -> str | None:
        """The name of the field that is meant; None if there is none."""
        lower = written.lower()
        return next((name for name in self.shapes if name.lower() == lower), None)


Shape = Plain | ListOf | MapOf | Fields


def formed(node: Node | None, shape: Shape, at: str) -> Node | None:
    """`node`, which stands at the field `at`, with its fields spelt as kustomize does and its values plain.

    None where it says nothing; raises `CannotBuild` where kustomize would not take it.
    """
    if isinstance(shape, Plain) and shape.type is None:
        return node
    if node is None or is_null(node):
        return None
    if isinstance(shape, Plain):
        return _plain(node, shape.type or str, at)
    if isinstance(shape, ListOf):
        return _list(node, shape, at)
    if not isinstance(node, MappingNode):
        raise CannotBuild(f"{at} is no mapping")
    return _mapping(node, shape, at) if isinstance(shape, MapOf) else _fields(node, shape, at)


def _plain(node: Node, wanted: type, at: str) -> Node:
    value = _value(node)
    if wanted is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not wanted:
        raise CannotBuild(f"{at} is not {_SAID[wanted]}")
    if isinstance(value, str):
        return node
    return scalar(str(value).lower(), node, None)


def _value(node: Node) -> object:
    if not isinstance(node, ScalarNode):
        return None
    if node.tag:
        return tagged_scalar(node.tag, node.value)
    return node.value if node.style in {"'", '"', "|", ">"} else plain_scalar(node.value)


def _list(node: Node, shape: ListOf, at: str) -> Node:
    if not isinstance(node, SequenceNode):
        raise CannotBuild(f"{at} is no list")
    found = [formed(item, shape.item, at) or _nothing(item) for item in node.value]
    return list_node(found, node.start_mark, node.end_mark, node.flow_style)


def _mapping(node: MappingNode, shape: MapOf, at: str) -> Node:
    pairs = [
        (_key(key), formed(value, shape.value, f"{at}.{text_of(key)}") or _nothing(value))
        for key, value in node.value
    ]
    return mapping_node(pairs, node.start_mark, node.end_mark, node.flow_style)


def _key(node: Node) -> Node:
    """A key as JSON writes it: `on` without quotes is "true"."""
    if not isinstance(node, ScalarNode) or isinstance(_value(node), str):
        return node
    return scalar(key_text(plain_scalar(node.value)), node)


def _nothing(node: Node) -> Node:
    """What an entry without a value holds."""
    return scalar("", node)


def _fields(node: MappingNode, shape: Fields, at: str) -> Node:
    """Of fields that differ in the case of their letters alone each is laid over those before it."""
    found: dict[str, tuple[Node, Node]] = {}
    for key, value in sorted(node.value, key=lambda pair: text_of(pair[0])):
        name = shape.spelt(text_of(key))
        if name is None:
            raise CannotBuild(f'{at or "a kustomization"} has no field "{text_of(key)}"')
        made = formed(value, shape.shapes[name], f"{at}.{name}" if at else name)
        if made is not None:
            old = found.get(name)
            found[name] = (scalar(name, key), made if old is None else _over(old[1], made))
    written = [name for name in dict.fromkeys(_spelt(node, shape)) if name in found]
    return mapping_node([found[name] for name in written], node.start_mark, node.end_mark, node.flow_style)


def _spelt(node: MappingNode, shape: Fields) -> Iterable[str]:
    return (shape.spelt(text_of(key)) or "" for key, _ in node.value)


def _over(old: Node, new: Node) -> Node:
    """`new` where `old` stood: what a mapping or an entry of a list does not say stays as it was."""
    if isinstance(old, SequenceNode) and isinstance(new, SequenceNode):
        shared = [_over(*pair) for pair in zip(old.value, new.value, strict=False)]
        return list_node(shared + new.value[len(shared) :], new.start_mark, new.end_mark)
    if isinstance(old, MappingNode) and isinstance(new, MappingNode):
        said = {text_of(key): (key, value) for key, value in new.value}
        kept = [pair for pair in old.value if text_of(pair[0]) not in said]
        return mapping_node([*kept, *said.values()], new.start_mark, new.end_mark)
    return new
