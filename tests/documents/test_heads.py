"""The place of a name that is told from the head of an object is the one that nodes tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import pytest

from meshlint.documents import Document, read
from meshlint.documents.document import Stretch
from meshlint.documents.heads import NAME, name_span
from meshlint.documents.places import shown
from meshlint.documents.values import node_span
from tests.shared import SHARED, needs_shared

_BEGINS = ("", "---\n", "---\n# c\n", "# c\n\n", "--- # c\n", "\n")
_VERSIONS = ("apiVersion: v1\n", "apiVersion: a.b/v1\n", "apiVersion: 'v1'\n", "apiVersion: v1 # c\n")
_METADATA = ("metadata:\n", "metadata:\n", "metadata: # c\n", "metadata: &x\n")
_BESIDE = (
    "namespace: a\n",
    "a: b:c\n",
    "a: 'b'\n",
    "a:\n",
    "  b: c\n",
    "# c\n",
    "a: b\n   c\n",
    "a: |\n",
    "\n",
)
_NAMES = ("name: a\n", "name: a", "name: a.b-c\n", "name: 1\n", "name: a # c\n", "name: 'a'\n", "name:\n", "")
_AFTER = (
    "",
    "spec: {}\n",
    "  spec: {}\n",
    "    more\n",
    "\n    more\n",
    "   more\n",
    "# c\n",
    "labels:\n",
    "\n",
)


def _mostly_first(chance: Random, options: Sequence[str]) -> str:
    return options[0] if chance.random() < 0.6 else chance.choice(options)


def _texts(chance: Random) -> Iterator[str]:
    while True:
        indent = " " * chance.choice((2, 2, 2, 4, 1))
        kinds = [_mostly_first(chance, _VERSIONS), "kind: A\n"]
        chance.shuffle(kinds)
        beside = [indent + _mostly_first(chance, _BESIDE) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
        after = [chance.choice(("", indent)) + chance.choice(_AFTER) for _ in range(2)]
        named = indent + _mostly_first(chance, _NAMES)
        yield "".join(
            [_mostly_first(chance, _BEGINS), *kinds, _mostly_first(chance, _METADATA), *beside, named, *after]
        )


def _told(document: Document) -> bool:
    """Whether the place is told from the head: then the nodes tell the same one."""
    written = document.written
    if not isinstance(written, Stretch):
        return False
    found = name_span(document.text.content, written.start, written.end)
    if found is not None:
        assert found == node_span(shown(document.node, NAME, on_key=False))
    return found is not None


@pytest.mark.parametrize("seed", range(8))
def test_random_heads(seed: int) -> None:
    texts = _texts(Random(seed))
    documents = [one for _ in range(1200) for one in read("a.yaml", next(texts).encode()).documents]
    assert sum(map(_told, documents)) > 30


@needs_shared
def test_most_objects_begin_so() -> None:
    files = sorted((SHARED / "corpus").rglob("*.y*ml"))[::10]
    documents = [one for file in files for one in read(file.name, file.read_bytes()).documents]
    assert sum(map(_told, documents)) * 2 > len(documents)
