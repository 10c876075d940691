"""Single values that take libyaml, each put to it as a document of its own."""

from __future__ import annotations

from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents.compose import compose
from meshlint.documents.nesting import has_deep_brackets
from meshlint.documents.values import Builder, scalar_value
from meshlint.values import NamedTuple, regex

_QUOTED: Final = regex(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_TIES: Final = regex(r"[&*!]|<<")


class Enclosed(NamedTuple):
    """A value, and whether it is a collection in brackets."""

    value: Any
    is_collection: bool


def text_or_brackets(text: str) -> Enclosed | None:
    """The value that `text` is, with a comment perhaps; None if it is more, or speaks of other places."""
    node = _only(text)
    return None if node is None else _of_node(node, text)


def entry_value(text: str) -> Enclosed | None:
    """The value of a key, `text` being the key and all lines that the value takes; None if it is unclear."""
    node = _only(text)
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        return None
    _key_node, value = node.value[0]
    return _of_node(value, text)


def _only(text: str) -> Node | None:
    if has_deep_brackets(text):
        return None
    try:
        nodes = compose(text)
    except yaml.YAMLError:
        return None
    return nodes[0] if len(nodes) == 1 else None


def _of_node(node: Node, text: str) -> Enclosed | None:
    """The value of a scalar or of brackets that speak of no other place."""
    if isinstance(node, ScalarNode):
        return Enclosed(scalar_value(node), False) if not node.tag and node.style not in {"|", ">"} else None
    is_flow = isinstance(node, SequenceNode | MappingNode) and node.flow_style
    if not is_flow or node.tag or _TIES.search(_QUOTED.sub("", text)):
        return None
    builder = Builder("")
    value = builder.build(node)
    return None if builder.problems else Enclosed(value, True)
