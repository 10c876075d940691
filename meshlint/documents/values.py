"""Plain values from nodes: dicts with text keys, lists, and scalars as Kubernetes reads them."""

from __future__ import annotations

from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.documents.problem import Problem, ProblemKind
from meshlint.documents.scalars import key_text, plain_scalar, tagged_scalar
from meshlint.documents.span import Span
from meshlint.values import define, field

MOST_VALUES: Final = 2_000_000
"""Values that one document may hold once its aliases are written out."""

_MERGE: Final = "<<"
_NO_MAPPING: Final = "What << takes in here is no mapping, so kubectl cannot read the document"
_MERGED: Final = "Let it name the anchor of a mapping, or a list of such."
Pair = tuple[Node, Node]


def scalar_value(node: ScalarNode) -> str | int | float | bool | None:
    """The value of one scalar node."""
    tag: str | None = node.tag
    if tag is not None:
        return tagged_scalar(tag, node.value)
    text: str = node.value
    return text if node.style else plain_scalar(text)


def node_key(node: Node) -> str:
    """The key that a key node stands for; a key that is no scalar has no name."""
    return key_text(scalar_value(node)) if isinstance(node, ScalarNode) else ""


def node_span(node: Node) -> Span:
    """Where a node stands; of a block or a list only its first character, its end is not the author's."""
    start, end = node.start_mark, node.end_mark
    if isinstance(node, ScalarNode) and (end.line, end.column) > (start.line, start.column):
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    return Span.at(start.line + 1, start.column + 1)


@define
class Builder:
    """Builds the value of one document and collects what is wrong with its keys."""

    file: str
    first_line: int = 0
    problems: list[Problem] = field(factory=list)
    _seen: dict[int, Any] = field(factory=dict)

    def build(self, node: Node) -> Any:
        """The plain value of `node`. Aliased nodes give one shared value."""
        if type(node) is ScalarNode:
            return scalar_value(node)
        known = self._seen.get(id(node), self)
        if known is not self:
            return known
        if type(node) is MappingNode:
            return self._mapping(node)
        return self._sequence(node)

    def _sequence(self, node: Node) -> list[Any]:
        result: list[Any] = []
        self._seen[id(node)] = result
        build = self.build
        result.extend([build(item) for item in node.value])
        return result

    def _mapping(self, node: Node) -> dict[str, Any]:
        result: dict[str, Any] = {}
        self._seen[id(node)] = result
        merges: list[Node] = []
        for key_node, value_node in node.value:
            if type(key_node) is not ScalarNode:
                self._unusable(key_node)
                continue
            text = key_node.value
            if text == _MERGE and not key_node.style:
                merges.append(value_node)
                continue
            key = text if key_node.style else key_text(plain_scalar(text))
            value = self.build(value_node)
            if key in result:
                self._again(node, key_node, key, result[key], value)
            result[key] = value
        for merged in merges:
            self._merge(result, merged)
        return result

    def _merge(self, result: dict[str, Any], node: Node) -> None:
        for source in node.value if isinstance(node, SequenceNode) else [node]:
            value = self.build(source)
            if isinstance(value, dict):
                for key, item in value.items():
                    result.setdefault(key, item)
            else:
                self.problems.append(
                    Problem(ProblemKind.SYNTAX, self.file, self._span(source), _NO_MAPPING, hint=_MERGED)
                )

    def _again(self, node: Node, key_node: Node, key: str, before: Any, value: Any) -> None:
        first = next(k for k, _ in node.value if node_key(k) == key)
        is_lost = before is not None and before != value
        how = "with the same value" if before == value else "first without a value"
        refused = f"{how}: kubectl takes that, kustomize refuses the file"
        self.problems.append(
            Problem(
                ProblemKind.DUPLICATE_KEY if is_lost else ProblemKind.REPEATED_KEY,
                self.file,
                self._span(key_node),
                f'The key "{key}" stands twice in one mapping, '
                f"{'so its first value is lost' if is_lost else refused}",
                hint="Keep one. If two objects were meant, a line with --- is missing between them.",
                related=self._span(first),
            )
        )

    def _span(self, node: Node) -> Span:
        return node_span(node).down(self.first_line)

    def _unusable(self, key_node: Node) -> None:
        self.problems.append(
            Problem(
                ProblemKind.UNUSABLE_KEY,
                self.file,
                self._span(key_node),
                "A list or a mapping is used as a key here, which Kubernetes cannot read",
                hint="If this is a template, render it first; if not, put the key in quotes.",
            )
        )


def written_out(node: Node, limit: int = MOST_VALUES) -> int:
    """How many values `node` holds with its aliases written out, counted to just past `limit`."""
    sizes: dict[int, int] = {}

    def size(current: Node) -> int:
        if type(current) is ScalarNode:
            return 1
        known = sizes.get(id(current))
        if known is not None:
            return known
        sizes[id(current)] = limit + 1
        total = 1
        for child in current.value:
            parts = child if isinstance(child, tuple) else (child,)
            total += sum(size(part) for part in parts)
            if total > limit:
                break
        sizes[id(current)] = min(total, limit + 1)
        return sizes[id(current)]

    return size(node)
