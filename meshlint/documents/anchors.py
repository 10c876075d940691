"""Nodes of a text in which an anchor is defined twice, which go-yaml reads and libyaml's composer refuses."""

from __future__ import annotations

from typing import Any, Final

from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import AliasEvent
from yaml.nodes import Node

DEFINED_TWICE: Final = "second occurrence"
"""What PyYAML says of an anchor that is defined twice."""


class _Again(Composer, CParser):
    """PyYAML's composer over libyaml's events; an alias means the anchor that was defined last before it.

    YAML 1.1, 3.2.2.2: anchors need not be unique within a document.
    """

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, whose anchor takes the name from an earlier one."""
        if not self.check_event(AliasEvent):
            self.anchors.pop(getattr(self.peek_event(), "anchor", None), None)
        return super().compose_node(parent, index)

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Nothing to resolve."""

    def ascend_resolver(self) -> None:
        """Nothing to resolve."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
        """No tag: only explicit tags stay on the nodes."""


def composed_again(text: str) -> list[Node]:
    """The root node of each document; raises `yaml.YAMLError`."""
    parser = _Again(text)
    found: list[Node] = []
    try:
        while parser.check_node():
            node = parser.get_node()
            found += [] if node is None else [node]
    finally:
        parser.dispose()
    return found
