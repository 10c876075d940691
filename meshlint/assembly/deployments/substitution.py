"""`${NAME}` in the objects of a Flux Kustomization (Flux: post build variable substitution; envsubst).

Flux writes each object as YAML, fills in, and reads it again: a text without quotes that has become a number
is one, whatever it was before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.deployments.envsubst import expanded
from meshlint.assembly.kustomize import Piece
from meshlint.assembly.nodes import child, entries, scalar, text_of
from meshlint.values import regex

_VARIABLE: Final = regex(r"\$\{(\w+)", re.ASCII)
_SWITCH: Final = "kustomize.toolkit.fluxcd.io/substitute"


def substitute(pieces: Sequence[Piece], values: Mapping[str, Node], *, complete: bool) -> None:
    """Fill `values` in; where they are `complete`, a name that has none stands for an empty text.

    Without any value Flux fills in nothing at all.
    """
    if complete and not values:
        return
    for piece in pieces:
        metadata = child(piece.root, "metadata")
        marks = [text_of(child(metadata, part, _SWITCH)) for part in ("annotations", "labels")]
        if "disabled" not in marks:
            _fill(piece.root, values, complete)


def _fill(node: Node, values: Mapping[str, Node], complete: bool) -> None:
    if isinstance(node, MappingNode):
        node.value[:] = [(key, _filled(value, values, complete)) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        node.value[:] = [_filled(item, values, complete) for item in node.value]


def _filled(node: Node, values: Mapping[str, Node], complete: bool) -> Node:
    if not isinstance(node, ScalarNode):
        _fill(node, values, complete)
        return node
    if "$" not in node.value:
        return node
    texts = {name: text_of(value) for name, value in values.items()}
    text = expanded(node.value, texts, complete=complete)
    if text == node.value:
        return node
    named = [match[1] for match in _VARIABLE.finditer(node.value) if match[1] in values]
    return scalar(text, values[named[0]] if len(named) == 1 and text == texts[named[0]] else node, None)


def values_of(node: Node | None) -> dict[str, Node]:
    """The values of a mapping of texts."""
    return {name: value for name, _, value in entries(node) if isinstance(value, ScalarNode)}
