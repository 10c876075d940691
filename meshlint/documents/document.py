"""One YAML document: its value, and the place of every key and value in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from attrs import frozen
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents.compose import compose
from meshlint.documents.span import Span
from meshlint.documents.values import node_key, node_span

Step = str | int
Path = tuple[Step, ...]


@frozen(eq=False, slots=False, repr=False)
class Text:
    """The text of one file, shared by the documents in it."""

    path: str
    content: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; line n of a span is at index n - 1."""
        return self.content.splitlines()


@frozen(repr=False)
class Stretch:
    """The part of a file's text that holds one document: its first character, and the one after its last."""

    start: int
    end: int


@frozen(eq=False, slots=False, repr=False)
class Document:
    """A document: which file it is from, its number there, and its plain value.

    `written` is what its places are told from: its nodes, or the part of the text of which they are made.
    """

    text: Text
    index: int
    value: Any
    written: Node | Stretch
    first_line: int = 0

    @cached_property
    def node(self) -> Node:
        """The root of its nodes, with marks that count lines from `first_line`; made when asked for."""
        if isinstance(self.written, Stretch):
            return compose(self.text.content[self.written.start : self.written.end])[0]
        return self.written

    @property
    def file(self) -> str:
        """The display path of the file."""
        return self.text.path

    def span(self, path: Path, *, on_key: bool = False) -> Span:
        """Where the value at `path` stands, or its key if asked or if the value is a block.

        A path that is absent gives the place of the nearest thing around it that is there.
        """
        return node_span(self._shown(path, on_key=on_key)).down(self.first_line)

    def file_at(self, path: Path, *, on_key: bool = False) -> str:
        """The display path of the file that `span` is in: tools put documents together from several."""
        return getattr(self._shown(path, on_key=on_key).start_mark, "file", "") or self.file

    def _shown(self, path: Path, *, on_key: bool) -> Node:
        key, value = self._nodes(path)
        if key is not None and (on_key or value is None or not _is_inline(value)):
            return key
        return _first_key(value if value is not None else self.node)

    def node_at(self, path: Path) -> Node | None:
        """The node of the value at `path`, if something is written there."""
        walked = [value for _key, value in self._walk(path)]
        return None if len(walked) < len(path) else walked[-1] if walked else self.node

    def has(self, path: Path) -> bool:
        """Whether something is written at `path`."""
        found = 0
        for _key, _value in self._walk(path):
            found += 1
        return found == len(path)

    def _nodes(self, path: Path) -> tuple[Node | None, Node | None]:
        key: Node | None = None
        value: Node | None = self.node
        for key, value in self._walk(path):  # noqa: B007
            pass
        return key, value

    def _walk(self, path: Path) -> Iterator[tuple[Node | None, Node]]:
        node: Node = self.node
        for step in path:
            pair = _child(node, step)
            if pair is None:
                return
            node = pair[1]
            yield pair


def _child(node: Node, step: Step) -> tuple[Node | None, Node] | None:
    if isinstance(node, SequenceNode):
        if isinstance(step, int) and step < len(node.value):
            return None, node.value[step]
        return None
    if not isinstance(node, MappingNode):
        return None
    for key, value in reversed(node.value):
        if isinstance(key, ScalarNode) and node_key(key) == step:
            return key, value
    return _merged_child(node, step)


def _merged_child(node: Node, step: Step) -> tuple[Node | None, Node] | None:
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == "<<" and not key.style:
            sources = value.value if isinstance(value, SequenceNode) else [value]
            for source in sources:
                found = _child(source, step)
                if found is not None:
                    return found
    return None


def _is_inline(value: Node) -> bool:
    return isinstance(value, ScalarNode) and bool(value.value or value.style)


def _first_key(node: Node) -> Node:
    while isinstance(node, SequenceNode | MappingNode) and node.value and not node.flow_style:
        first = node.value[0]
        node = first[0] if isinstance(first, tuple) else first
    return node
