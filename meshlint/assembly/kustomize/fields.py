"""Fields by path, as the configuration of kustomize's transformers names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.piece import Gvk, Piece
from meshlint.assembly.nodes import is_null, mapping, pair_at, put, scalar
from meshlint.documents.scalars import plain_scalar
from meshlint.values import frozen, regex

_SEPARATOR: Final = regex(r"(?<!\\)/")
_ANY: Final = Gvk()
_NOT_KEPT: Final = frozenset({"true", "false", "null", "~"})


@frozen
class FieldSpec:
    """A field of the kinds that `gvk` selects; with `create` it is made where it is missing."""

    path: str
    gvk: Gvk = _ANY
    create: bool = False


def check_key(name: str) -> None:
    """Raises `CannotBuild` for a key that kustomize writes without quotes and can then not read as a text."""
    value = plain_scalar(name)
    if (isinstance(value, int | float) and not isinstance(value, bool)) or name.lower() in _NOT_KEPT:
        raise CannotBuild(f'"{name}" is no text, which the name of an entry has to be')


@frozen(eq=False, repr=False)
class Setter:
    """What is done at a field: `change` gets the node and a way to put another in its place.

    `creates` says what a missing last field is made as: "mapping", "text", or nothing at all.
    """

    change: Callable[[Node, Callable[[Node], None]], None]
    origin: Node
    creates: str = ""


def apply(piece: Piece, specs: Iterable[FieldSpec], setter: Setter) -> None:
    """Do what `setter` does at each field of `piece` that `specs` name."""
    gvk = piece.id.gvk
    for spec in specs:
        if gvk.selected_by(spec.gvk):
            _visit(piece.root, steps(spec.path), spec, setter, _no_parent)


@cache
def steps(path: str) -> tuple[str, ...]:
    """The steps of a path; a slash of a name is written with a backslash."""
    return tuple(step.replace("\\/", "/") for step in _SEPARATOR.split(path))


def _no_parent(_: Node) -> None:
    raise CannotBuild("the root of an object cannot be replaced")


def _visit(
    node: Node, path: tuple[str, ...], spec: FieldSpec, setter: Setter, replace: Callable[[Node], None]
) -> None:
    if not path:
        setter.change(node, replace)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            _visit(item, path, spec, setter, _at_index(node, index))
    elif isinstance(node, MappingNode):
        _enter(node, path, spec, setter)
    elif not is_null(node):
        raise CannotBuild(f"{spec.path}: a list or a mapping is expected")


def _enter(node: MappingNode, path: tuple[str, ...], spec: FieldSpec, setter: Setter) -> None:
    name = path[0].removesuffix("[]")
    makes = spec.create and setter.creates and name == path[0]
    found = pair_at(node, name)
    inner = found[1] if found is not None else None
    if makes and (inner is None or is_null(inner)):
        inner = _made(path, setter)
        put(node, scalar(name, setter.origin), inner)
    if inner is not None:
        key = found[0] if found is not None else scalar(name, setter.origin)
        _visit(inner, path[1:], spec, setter, _at_key(node, key))


def _made(path: tuple[str, ...], setter: Setter) -> Node:
    if len(path) > 1 or setter.creates == "mapping":
        return mapping(setter.origin)
    return scalar("", setter.origin)


def _at_index(node: SequenceNode, index: int) -> Callable[[Node], None]:
    def replace(other: Node) -> None:
        node.value[index] = other

    return replace


def _at_key(node: MappingNode, key: Node) -> Callable[[Node], None]:
    return lambda other: put(node, key, other)
