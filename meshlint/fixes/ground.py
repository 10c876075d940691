"""Where nodes stand in a text, by characters."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents import Document, Field
from meshlint.documents.values import node_key
from meshlint.values import frozen

BLOCK_STYLES = ("|", ">")


class Unfit(Exception):
    """An edit cannot be made here without touching what it must not touch."""


@frozen(eq=False, slots=False, repr=False)
class Ground:
    """A document in the text of its file. Offsets count characters from the start of the text."""

    document: Document

    @property
    def text(self) -> str:
        """The text of the whole file."""
        return self.document.text.content

    @cached_property
    def _starts(self) -> list[int]:
        lengths = accumulate(map(len, self.text.splitlines(keepends=True)))
        return [0, *lengths]

    @cached_property
    def _uses(self) -> Counter[int]:
        """How often each node stands in the document: more than once where aliases repeat it."""
        return Counter(map(id, _nodes(self.document.node)))

    def start(self, node: Node) -> int:
        """Where a node begins."""
        return self._offset(node.start_mark)

    def end(self, node: Node) -> int:
        """Where the last character of a node ends, comments and blank lines after it left out."""
        if isinstance(node, ScalarNode):
            start, end = self.start(node), self._offset(node.end_mark)
            return start + len(self.text[start:end].rstrip()) if node.style in BLOCK_STYLES else end
        if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
            return self._offset(node.end_mark)
        last = node.value[-1]
        return self.end_of_pair(*last) if isinstance(last, tuple) else self.end(last)

    def end_of_pair(self, key: Node, value: Node) -> int:
        """Where `key: value` ends; the colon is its end where no value is written."""
        end = self.end(value)
        if end > self.end(key):
            return end
        colon = self.text.find(":", self.end(key))
        if colon < 0 or self.text[self.end(key) : colon].strip():
            raise Unfit
        return colon + 1

    def line_start(self, offset: int) -> int:
        """Where the line of `offset` begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the next line begins, or the end of the text."""
        at = bisect_right(self._starts, offset)
        return self._starts[at] if at < len(self._starts) else len(self.text)

    def line_break(self, offset: int) -> str:
        """How lines end here: as the one of `offset`, or the first one of the text."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        ending = line[len(line.rstrip("\r\n")) :]
        return ending or ("\r\n" if "\r\n" in self.text else "\n")

    def _offset(self, mark: Any) -> int:
        if getattr(mark, "file", None) not in (None, "", self.document.file):
            raise Unfit
        line = mark.line + self.document.first_line
        if line >= len(self._starts):
            return len(self.text)
        return int(self._starts[line] + mark.column)

    def entry(self, field: Field) -> Entry:
        """The field as its parent node holds it; raises `Unfit` where an alias or a merge brought it."""
        parent: Node = self.document.node
        found: tuple[Node | None, Node, int] | None = None
        for step in field.path:
            if found is not None:
                parent = found[1]
            found = self._child(parent, step)
        if found is None:
            raise Unfit
        return Entry(self, parent, *found)

    def _child(self, parent: Node, step: str | int) -> tuple[Node | None, Node, int]:
        if isinstance(parent, SequenceNode) and isinstance(step, int) and step < len(parent.value):
            return self._own(None, parent.value[step], step)
        if isinstance(parent, MappingNode):
            same = [
                (key, value, index)
                for index, (key, value) in enumerate(parent.value)
                if isinstance(key, ScalarNode) and node_key(key) == step
            ]
            if len(same) == 1:
                return self._own(*same[0])
        raise Unfit

    def _own(self, key: Node | None, value: Node, index: int) -> tuple[Node | None, Node, int]:
        if self._uses[id(value)] > 1:
            raise Unfit
        return key, value, index

    def node(self, field: Field) -> Node:
        """The node of a field."""
        return self.entry(field).value if field.path else self.document.node


@frozen(eq=False, repr=False)
class Entry:
    """A value in the node that holds it: under `key` in a mapping, None in a list; the `index`-th there."""

    ground: Ground
    parent: Node
    key: Node | None
    value: Node
    index: int

    @property
    def start(self) -> int:
        """Where it begins: at its key, or at the value in a list."""
        return self.ground.start(self.key if self.key is not None else self.value)

    @property
    def end(self) -> int:
        """Where it ends."""
        if self.key is None:
            return self.ground.end(self.value)
        return self.ground.end_of_pair(self.key, self.value)

    @property
    def text(self) -> str:
        """As it is written."""
        return self.ground.text[self.start : self.end]

    def sibling(self, step: int) -> Entry | None:
        """The entry so many places further on in the same node."""
        at = self.index + step
        if not 0 <= at < len(self.parent.value):
            return None
        one = self.parent.value[at]
        key, value = one if isinstance(one, tuple) else (None, one)
        return Entry(self.ground, self.parent, key, value, at)


def _nodes(node: Node) -> Iterator[Node]:
    """Each node as often as another one holds it; what is inside a repeated one only once."""
    waiting, seen = [node], {id(node)}
    yield node
    while waiting:
        current = waiting.pop()
        if isinstance(current, ScalarNode):
            continue
        for child in current.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield part
                if id(part) not in seen:
                    seen.add(id(part))
                    waiting.append(part)
