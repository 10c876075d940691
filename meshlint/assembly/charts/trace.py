"""From places in what Helm wrote to places in git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from yaml.nodes import Node, ScalarNode

from meshlint.assembly.nodes import Mark, child, entries, items, text_of
from meshlint.values import frozen, regex

_TOKEN: Final = regex(r"[\"']?([\w./@*$:-]*[\w/*])")
_ACTION: Final = regex(r"\{\{-?\s*(.*?)\s*-?\}\}")
_PLAIN: Final = regex(
    r"(?:toYaml\s+)?\.Values((?:\.\w+)+)(?:\s*\|\s*(?:quote|squote|int|toString|n?indent \d+))*"
)


@frozen(eq=False, repr=False)
class Trace:
    """How places in the output are places in files; it stands in for a `Shift` where nodes are copied.

    `places` has the file and the line of each line of the output, `texts` the lines of those files, `values`
    the roots of the values that were given, those that count most first.
    """

    output: Sequence[str]
    places: Sequence[tuple[str, int]]
    texts: Mapping[str, Sequence[str]]
    values: Sequence[Node]

    def mark(self, mark: Any) -> Mark:
        """The line of a value where it is certain that it came from there, else that of the template."""
        file, number = self.places[min(mark.line, len(self.places) - 1)]
        match = _TOKEN.match(self.output[mark.line], mark.column) if mark.line < len(self.output) else None
        lines = self.texts.get(file, ())
        written = lines[number] if number < len(lines) else ""
        if match is None:
            return Mark(file, number, 0)
        column = _ACTION.sub(_blank, written).find(match[1])
        if column >= 0:
            return Mark(file, number, column)
        value = self._value(written, match[1])
        return value or Mark(file, number, len(written) - len(written.lstrip()))

    def block(self, mark: Any) -> Mark:
        """The place of a block of text."""
        return self.mark(mark)

    def _value(self, written: str, token: str) -> Mark | None:
        """Where `token` stands in the values, if the line takes a single one of them and changes nothing."""
        actions = _ACTION.findall(written)
        plain = _PLAIN.fullmatch(actions[0]) if len(actions) == 1 else None
        path = plain[1][1:].split(".") if plain is not None else []
        node = next((one for root in self.values if (one := child(root, *path)) is not None), None)
        if not path or node is None:
            return None
        found = [one for one in _scalars(node) if text_of(one) == token]
        mark = found[0].start_mark if len(found) == 1 else None
        return mark if isinstance(mark, Mark) else None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """The texts at and below a node, keys included."""
    if isinstance(node, ScalarNode):
        yield node
    for _, key, value in entries(node):
        if isinstance(key, ScalarNode):
            yield key
        yield from _scalars(value)
    for item in items(node):
        yield from _scalars(item)
