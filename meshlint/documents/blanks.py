"""Where a document holds what is filled in later, and the document once something is filled in there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from meshlint.documents.document import Document, Stretch
from meshlint.documents.placeholders import (
    Placeholder,
    filled_at,
    is_unknown,
    may_hold,
    placeholders,
    sign_among,
)
from meshlint.documents.scalars import plain_scalar
from meshlint.documents.span import Path, Step
from meshlint.values import evolve, frozen, once

MayBe = Callable[[str], bool]

_CONTAINERS: Final = frozenset({"containers", "initContainers", "ephemeralContainers"})
_LONGEST: Final = 1 << 14
"""How long a text may be that is filled in: beyond, it is a program or a dashboard on one line, in which a
mesh reads nothing, and which takes long to search.
"""
_SOPS: Final = "sops"
_OF_SOPS: Final = frozenset({"mac", "lastmodified", "version"})


@frozen(eq=False, repr=False)
class Blank:
    """A text with something to fill in, and its place; `plain` if it stands without quotes."""

    path: Path
    text: str
    plain: bool

    def read(self, text: str) -> Any:
        """What stands here once `text` has replaced the whole: without quotes, `5` is a number."""
        return plain_scalar(text) if self.plain and len(text) < 256 else text

    @once
    def placeholders(self) -> tuple[Placeholder, ...]:
        """What is filled in within the text: found once, as some hold all that a dashboard shows."""
        return placeholders(self.text)

    def filled(self, fill: Callable[[Placeholder], str]) -> str:
        """The text with `fill`'s answer in the place of each placeholder."""
        return filled_at(self.text, self.placeholders, fill)

    def by_default(self) -> str | None:
        """The text if every placeholder in it has a default."""
        if any(one.default is None for one in self.placeholders):
            return None
        return self.filled(lambda one: one.default or "")


def blanks(document: Document) -> tuple[Blank, ...]:
    """The texts of `document` that are filled in later, apart from what Kubernetes expands in containers."""
    written = document.written
    may_be = sign_among(written.says) if isinstance(written, Stretch) else may_hold
    found = _unknown_texts(document.value, (), may_be)
    return tuple(Blank(path, text, _is_plain(document, path)) for path, text in found)


def without_sops(document: Document) -> Document:
    """The document as SOPS decrypts it: less the block that says how it was encrypted."""
    value = document.value
    if not isinstance(value, dict) or not _is_sops(value.get(_SOPS)):
        return document
    return evolve(document, value={key: inner for key, inner in value.items() if key != _SOPS})


def with_values(document: Document, values: Mapping[Path, Any]) -> Document:
    """The document as if `values` were written at their paths."""
    return evolve(document, value=_replaced(document.value, (), values)) if values else document


def _is_sops(block: Any) -> bool:
    return isinstance(block, dict) and len(_OF_SOPS & block.keys()) > 1


def _unknown_texts(value: Any, path: Path, may_be: MayBe) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if may_be(value) and _is_blank(value, path):
            yield path, value
    elif isinstance(value, dict | list):
        entries: Iterable[tuple[Step, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in entries:
            if isinstance(inner, str):  # Not asked for its texts: most are texts without any.
                if may_be(inner) and _is_blank(inner, (*path, step)):
                    yield (*path, step), inner
            elif isinstance(inner, dict | list):
                yield from _unknown_texts(inner, (*path, step), may_be)


def _is_blank(text: str, path: Path) -> bool:
    is_short = len(text) < _LONGEST and "\n" not in text.strip()
    return is_short and is_unknown(text) and not _is_expanded_in_pod(text, path)


def _is_expanded_in_pod(text: str, path: Path) -> bool:
    """Whether Kubernetes itself fills `text` in: `$(VAR)` in a container's command or environment."""
    return "$(" in text and not _CONTAINERS.isdisjoint(path)


def _is_plain(document: Document, path: Path) -> bool:
    from yaml.nodes import ScalarNode

    node = document.node_at(path)
    return isinstance(node, ScalarNode) and not node.style


def _replaced(value: Any, path: Path, values: Mapping[Path, Any]) -> Any:
    if path in values:
        return values[path]
    if not any(known[: len(path)] == path for known in values):
        return value
    if isinstance(value, dict):
        return {key: _replaced(inner, (*path, key), values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, (*path, index), values) for index, inner in enumerate(value)]
    return value
