"""YAML text to nodes with marks, through libyaml.

PyYAML's binding composes the same bytes in about 0.6 of the time of ruamel.yaml's C extension once tag
resolution is left out, and the tags are not needed here: `scalars` reads values as Kubernetes does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.nodes import Node


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


def compose(text: str) -> Iterator[Node]:
    """The root node of each document in `text`; raises `yaml.YAMLError` at the first thing it cannot read."""
    parser = _Composer(text)
    try:
        while parser.check_node():
            node = parser.get_node()
            if node is not None:
                yield node
    finally:
        parser.dispose()
