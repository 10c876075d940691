"""`$(NAME)` in the fields that kustomize looks at (kustomize: vars)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import FieldSpec, Setter, apply
from meshlint.assembly.kustomize.piece import Gvk, Id, Piece
from meshlint.assembly.kustomize.replacements import steps
from meshlint.assembly.nodes import child, is_text, scalar, text_of
from meshlint.values import frozen, regex

_REFERENCE: Final = regex(r"\$(?:\$|\(([^)]*)\))")


@frozen(eq=False, repr=False)
class Variable:
    """A name, the object that has the value, and the path to it."""

    name: str
    entry: Node
    piece: Piece | None = None

    def value(self) -> ScalarNode:
        """The value; raises `CannotBuild` where there is none."""
        path = text_of(child(self.entry, "fieldref", "fieldPath"))
        node: Node | None = self.piece.root if self.piece is not None else None
        for step in steps(path or "metadata.name"):
            name, _, index = step.partition("[")
            node = child(node, name)
            if index.rstrip("]").isdigit() and isinstance(node, SequenceNode):
                number = int(index.rstrip("]"))
                node = node.value[number] if number < len(node.value) else None
        if not isinstance(node, ScalarNode):
            raise CannotBuild(f'the variable "{self.name}" has no value')
        return node


def variable(pieces: Sequence[Piece], entry: Node) -> Variable:
    """A variable as a kustomization defines it, its object looked for among those there are so far."""
    reference = child(entry, "objref")
    group, _, version = text_of(child(reference, "apiVersion")).rpartition("/")
    group = group or text_of(child(reference, "group"))
    version = version or text_of(child(reference, "version"))
    gvk = Gvk(group, version, text_of(child(reference, "kind")))
    wanted = Id(gvk, text_of(child(reference, "name")), text_of(child(reference, "namespace")))
    found = [piece for piece in pieces if any(_is(one, wanted) for one in piece.ids)]
    if len(found) > 1:
        raise CannotBuild(f'the variable "{text_of(child(entry, "name"))}" means several objects')
    return Variable(text_of(child(entry, "name")), entry, found[0] if found else None)


def resolve(pieces: Sequence[Piece], known: Sequence[Variable], specs: Sequence[FieldSpec]) -> None:
    """Put the values in the places of the names."""
    if any(not any(one.piece is piece for piece in pieces) for one in known):
        raise CannotBuild("the object of a variable is missing")
    values = {one.name: one.value() for one in known}
    if not values:
        return
    for piece in pieces:
        setter = Setter(lambda node, replace: _change(node, replace, values), piece.root)
        apply(piece, specs, setter)


def _is(one: Id, wanted: Id) -> bool:
    if (one.gvk, one.name) != (wanted.gvk, wanted.name):
        return False
    return not wanted.namespace or one.in_namespace == wanted.in_namespace


def _change(node: Node, replace: Callable[[Node], None], values: Mapping[str, ScalarNode]) -> None:
    if isinstance(node, ScalarNode):
        replace(_resolved(node, values))
    elif isinstance(node, SequenceNode):
        node.value[:] = [_resolved(item, values) for item in node.value]
    elif isinstance(node, MappingNode):
        node.value[:] = [(key, _resolved(value, values)) for key, value in node.value]


def _resolved(node: Node, values: Mapping[str, ScalarNode]) -> Node:
    if not isinstance(node, ScalarNode) or not is_text(node):
        return node
    whole = _REFERENCE.fullmatch(node.value)
    if whole is not None and whole[1] in values:
        value = values[whole[1]]
        return scalar(value.value, value, value.style)

    def found(match: re.Match[str]) -> str:
        if match[1] is None:
            return "$"
        return str(values[match[1]].value) if match[1] in values else match[0]

    text = _REFERENCE.sub(found, node.value)
    return scalar(text, node) if text != node.value else node
