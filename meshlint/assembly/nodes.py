"""YAML nodes that may come from many files: copied before anyone changes them, each with its place in git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents import Document
from meshlint.documents.scalars import plain_scalar
from meshlint.values import evolve, frozen

MERGE: Final = "<<"
YAML_1_2: Final = "yaml 1.2"
"""The style of a text that stands without quotes and is one because kustomize reads YAML 1.2."""
_TEXT_TO_KUSTOMIZE: Final = frozenset(
    word
    for lower in ("y", "yes", "n", "no", "on", "off")
    for word in (lower, lower.upper(), lower.capitalize())
)


@frozen(repr=False)
class Mark:
    """A place in a file: `name` is its display path, `line` and `column` count from 0 as libyaml's do.

    `indent` is how far the text of a block that begins here is indented.
    """

    name: str
    line: int
    column: int
    indent: int = 0

    @property
    def file(self) -> str:
        """The display path: documents that are put together ask each node for its own."""
        return self.name


class Places(Protocol):
    """How places in a text are places in files."""

    def mark(self, mark: Any) -> Mark:
        """The place in its file."""
        ...

    def block(self, mark: Any) -> Mark:
        """The place of a block of text, with its indentation."""
        ...


@frozen(eq=False, repr=False)
class Shift:
    """How places in a text are places in a file: the text may be a block within another document."""

    file: str
    lines: int = 0
    columns: int = 0
    fixed: Mark | None = None
    text: Sequence[str] = ()

    def mark(self, mark: Any) -> Mark:
        """The place in the file."""
        return self.fixed or Mark(self.file, mark.line + self.lines, mark.column + self.columns)

    def block(self, mark: Any) -> Mark:
        """The place of a block of text, with its indentation."""
        below = (line for line in self.text[mark.line + self.lines + 1 :] if line.strip())
        first = next(below, "")
        return evolve(self.mark(mark), indent=len(first) - len(first.lstrip(" ")))


def text_node(value: str, start: Any, end: Any, style: Any = None, tag: Any = None) -> ScalarNode:
    """A scalar; its places may be of any form that has lines and columns."""
    return ScalarNode(tag, value, start, end, style)


def list_node(
    value: list[Node], start: Any, end: Any, flow_style: Any = False, tag: Any = None
) -> SequenceNode:
    """A list."""
    return SequenceNode(tag, value, start, end, flow_style)


def mapping_node(
    value: list[tuple[Node, Node]], start: Any, end: Any, flow_style: Any = False, tag: Any = None
) -> MappingNode:
    """A mapping."""
    return MappingNode(tag, value, start, end, flow_style)


def adopted(document: Document) -> Node:
    """A copy of the nodes of `document` that knows its file: aliases and merges written out."""
    return copied(document.node, Shift(document.file, document.first_line, text=document.text.lines))


def copied(node: Node, shift: Places | None = None) -> Node:
    """A copy of `node`, its places moved by `shift`, with aliases and merge keys written out."""
    start: Any = shift.mark(node.start_mark) if shift else node.start_mark
    end: Any = shift.mark(node.end_mark) if shift else node.end_mark
    if isinstance(node, ScalarNode):
        if shift and node.style == "|":
            start = shift.block(node.start_mark)
        return text_node(node.value, start, end, _style(node), node.tag)
    if isinstance(node, SequenceNode):
        items = [copied(item, shift) for item in node.value]
        return list_node(items, start, end, node.flow_style, node.tag)
    pairs = [(copied(key, shift), copied(value, shift)) for key, value in _pairs(node)]
    return mapping_node(pairs, start, end, getattr(node, "flow_style", False), node.tag)


def _style(node: ScalarNode) -> Any:
    """kustomize reads YAML 1.2: `yes` is a text, and is written with quotes that keep it one."""
    tag: Any = node.tag
    if not node.style and tag is None and node.value in _TEXT_TO_KUSTOMIZE:
        return YAML_1_2
    return node.style


def as_yaml_1_1(node: Node) -> Node:
    """A copy of `node` with its booleans and whole numbers as YAML 1.1 takes and JSON writes them."""
    result = copied(node)
    waiting = [result]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ScalarNode):
            _rewrite(one)
        elif isinstance(one, MappingNode):
            waiting += [part for pair in one.value for part in pair]
        else:
            waiting += one.value
    return result


def _rewrite(node: ScalarNode) -> None:
    value = plain_scalar(node.value) if not node.style or node.style == YAML_1_2 else None
    if isinstance(value, int):
        node.style, node.value = None, str(value).lower()


def is_text(node: ScalarNode) -> bool:
    """Whether a scalar is a text, with quotes or without."""
    return bool(node.style) or isinstance(plain_scalar(node.value), str)


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """The pairs of a mapping, those of its merge keys behind its own; of a repeated key the last one."""
    own: dict[str, tuple[Node, Node]] = {}
    merged: list[Node] = []
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == MERGE and not key.style:
            merged += value.value if isinstance(value, SequenceNode) else [value]
        else:
            own[text_of(key)] = (key, value)
    for source in merged:
        for key, value in _pairs(source) if isinstance(source, MappingNode) else ():
            own.setdefault(text_of(key), (key, value))
    return list(own.values())


def text_of(node: Node | None) -> str:
    """The text of a scalar; empty for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else ""


def is_null(node: Node | None) -> bool:
    """Whether nothing, or an explicit null, stands here."""
    if node is None:
        return True
    return isinstance(node, ScalarNode) and not node.style and plain_scalar(node.value) is None


def pair_at(node: Node | None, key: str) -> tuple[Node, Node] | None:
    """The key and the value of a mapping's entry."""
    if isinstance(node, MappingNode):
        for known, value in node.value:
            if text_of(known) == key:
                return known, value
    return None


def child(node: Node | None, *path: str) -> Node | None:
    """The value at `path` through mappings."""
    for key in path:
        found = pair_at(node, key)
        node = found[1] if found is not None else None
    return node


def items(node: Node | None) -> list[Node]:
    """The entries of a list."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """Name, key and value of the entries of a mapping."""
    if isinstance(node, MappingNode):
        for key, value in list(node.value):
            yield text_of(key), key, value


def put(node: MappingNode, key: Node, value: Node) -> None:
    """Let `value` stand at `key`, in the place of what stood there or behind all others."""
    name = text_of(key)
    for index, (known, _) in enumerate(node.value):
        if text_of(known) == name:
            node.value[index] = (known, value)
            return
    node.value.append((key, value))


def drop(node: Node | None, key: str) -> None:
    """Take an entry out of a mapping."""
    if isinstance(node, MappingNode):
        node.value[:] = [pair for pair in node.value if text_of(pair[0]) != key]


def scalar(value: str, at: Node, style: str | None = '"') -> ScalarNode:
    """A text that stands where `at` does."""
    return text_node(value, at.start_mark, at.end_mark, style)


def mapping(at: Node) -> MappingNode:
    """An empty mapping that stands where `at` does."""
    return mapping_node([], at.start_mark, at.end_mark)


def sequence(at: Node) -> SequenceNode:
    """An empty list that stands where `at` does."""
    return list_node([], at.start_mark, at.end_mark)
