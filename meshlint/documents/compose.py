"""YAML text to nodes with marks, through libyaml.

PyYAML's binding composes the same bytes in about 0.6 of the time of ruamel.yaml's C extension once tag
resolution is left out, and the tags are not needed here: `scalars` reads values as Kubernetes does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.nodes import MappingNode, Node, ScalarNode

from meshlint.documents.anchors import DEFINED_TWICE, composed_again
from meshlint.values import regex

_STUMBLED = "found unexpected ':'"
_LAST_COLON = regex(r"""(?<=[^\s,?\[\]{}"']):(?=[,?\[\]{}])""")
_UNUSED = [chr(number) for number in range(0xE000, 0xE010)]
"""Characters for private use, one of which no manifest has."""


class _Composer(CParser):
    """libyaml's parser with the tag resolver that it asks for cut out."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Nothing to resolve."""

    def ascend_resolver(self) -> None:
        """Nothing to resolve."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
        """No tag: only explicit tags stay on the nodes."""


def compose(text: str) -> list[Node]:
    """The root node of each document in `text`; raises `yaml.YAMLError` at the first thing it cannot read.

    kubectl reads a colon at the end of a plain text in a flow, `[2001:db8::]`, and libyaml does not (go-yaml:
    the scanner of plain scalars). Where it stumbles, another character of the same width stands in for such
    colons.
    """
    try:
        return list(_composed(text))
    except yaml.YAMLError as error:
        if getattr(error, "problem", None) == DEFINED_TWICE:
            return composed_again(text)
        if getattr(error, "problem", None) != _STUMBLED:
            raise
        stand_in = next((char for char in _UNUSED if char not in text), "")
        lenient = _LAST_COLON.sub(stand_in, text)
        if not stand_in or lenient == text:
            raise
        try:
            found = list(_composed(lenient))
        except yaml.YAMLError:
            raise error from None
        _restore(found, stand_in)
        return found


def _restore(nodes: list[Node], stand_in: str) -> None:
    """Put the colons back into every scalar; nodes that an alias repeats are met once."""
    waiting, seen = list(nodes), set(map(id, nodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            node.value = node.value.replace(stand_in, ":")
            continue
        pairs = isinstance(node, MappingNode)
        inner = [one for pair in node.value for one in pair] if pairs else node.value
        fresh = [one for one in inner if id(one) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)


def _composed(text: str) -> Iterator[Node]:
    parser = _Composer(text)
    try:
        while parser.check_node():
            node = parser.get_node()
            if node is not None:
                yield node
    finally:
        parser.dispose()
