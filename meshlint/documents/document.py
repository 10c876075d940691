"""One YAML document: its value, and the place of every key and value in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshlint.documents.heads import NAME, name_span
from meshlint.documents.span import Path, Span
from meshlint.values import frozen

if TYPE_CHECKING:
    from yaml.nodes import Node

    from meshlint.documents.block_places import Block


@frozen(eq=False, slots=False, repr=False)
class Text:
    """The text of one file, shared by the documents in it."""

    path: str
    content: str
    twin: Text | None = None
    """The text of another file with the same characters, which tells what they tell."""

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; line n of a span is at index n - 1."""
        return self.content.splitlines()

    @cached_property
    def may_be_filled(self) -> bool:
        """Whether anything in it could be filled in by a tool or a person."""
        if self.twin is not None:
            return self.twin.may_be_filled
        from meshlint.documents.placeholders import may_hold

        return may_hold(self.content)

    @cached_property
    def is_literal(self) -> bool:
        """Whether words of its values are words of its characters: nothing is escaped or filled in."""
        return "\\" not in self.content and not self.may_be_filled

    @cached_property
    def _said(self) -> dict[str, bool]:
        return {} if self.twin is None else self.twin._said

    def may_say(self, word: str) -> bool:
        """Whether one of its values could hold `word`, which has no blank and no quote in it."""
        known = self._said.get(word)
        if known is None:
            known = self._said[word] = not self.is_literal or word in self.content
        return known

    @cached_property
    def _heard(self) -> dict[str, bool]:
        return {} if self.twin is None else self.twin._heard

    def may_say_folded(self, word: str) -> bool:
        """The same of a word in small letters, whichever the case of those in the text."""
        known = self._heard.get(word)
        if known is None:
            known = self._heard[word] = not self.is_literal or word in self.content.lower()
        return known


@frozen(eq=False, slots=False, repr=False)
class Stretch:
    """The part of a file's text that holds one document: its first character, and the one after its last.

    What is made of the document with other values stands at the same places, and shares their nodes with it.
    """

    text: Text
    start: int
    end: int

    @cached_property
    def node(self) -> Node:
        """The root of the nodes in it; made when asked for."""
        from meshlint.documents.compose import compose

        return compose(self.says)[0]

    @cached_property
    def block(self) -> Block | None:
        """Its keys and dashes, where its lines tell them."""
        from meshlint.documents.block_places import block_of

        return block_of(self.says)

    def span(self, path: Path, *, on_key: bool) -> Span | None:
        """Where the value at `path` stands, or its key; None where only nodes tell."""
        named = name_span(self.text.content, self.start, self.end) if path == NAME and not on_key else None
        if named is not None or self.block is None:
            return named
        from meshlint.documents.block_places import span_in

        return span_in(self.block, path, on_key=on_key)

    def has(self, word: str) -> bool:
        """Whether it has these characters."""
        return self.text.content.find(word, self.start, self.end) >= 0

    @property
    def says(self) -> str:
        """Its characters."""
        return self.text.content[self.start : self.end]


@frozen(eq=False, slots=False, repr=False)
class Document:
    """A document: which file it is from, its number there, and its plain value.

    `written` is what its places are told from: its nodes, or the part of the text of which they are made.
    `former_names` are those that tools on the way to the cluster have taken from its object.
    """

    text: Text
    index: int
    value: Any
    written: Node | Stretch
    first_line: int = 0
    former_names: tuple[str, ...] = ()

    @property
    def node(self) -> Node:
        """The root of its nodes, with marks that count lines from `first_line`; made when asked for."""
        return self.written.node if isinstance(self.written, Stretch) else self.written

    @property
    def is_text(self) -> bool:
        """Whether it is a part of a text, of which no node has to be made before a place is asked for."""
        return isinstance(self.written, Stretch)

    def may_say(self, *words: str) -> bool:
        """Whether a key or a text in it could hold one of some words, which have no blanks and no quotes.

        Told from the whole file: much faster than to look through the values of its documents, most of which
        hold nothing that is rare.
        """
        return not self.is_text or any(map(self.text.may_say, words))

    def may_hold(self, word: str) -> bool:
        """The same of one word, told from no more than its own characters."""
        written = self.written
        return not isinstance(written, Stretch) or not written.text.is_literal or written.has(word)

    @property
    def file(self) -> str:
        """The display path of the file."""
        return self.text.path

    def span(self, path: Path, *, on_key: bool = False) -> Span:
        """Where the value at `path` stands, or its key if asked or if the value is a block.

        A path that is absent gives the place of the nearest thing around it that is there.
        """
        written = self.written
        if isinstance(written, Stretch) and "node" not in vars(written):
            found = written.span(path, on_key=on_key)
            if found is not None:
                return found.down(self.first_line)
        from meshlint.documents.places import shown
        from meshlint.documents.values import node_span

        return node_span(shown(self.node, path, on_key=on_key)).down(self.first_line)

    def file_at(self, path: Path, *, on_key: bool = False) -> str:
        """The display path of the file that `span` is in: tools put documents together from several."""
        if self.is_text:
            return self.file
        from meshlint.documents.places import shown

        return getattr(shown(self.node, path, on_key=on_key).start_mark, "file", "") or self.file

    def node_at(self, path: Path) -> Node | None:
        """The node of the value at `path`, if something is written there."""
        from meshlint.documents.places import walked

        nodes = [value for _key, value in walked(self.node, path)]
        return None if len(nodes) < len(path) else nodes[-1] if nodes else self.node

    def has(self, path: Path) -> bool:
        """Whether something is written at `path`."""
        from meshlint.documents.places import walked

        return sum(1 for _ in walked(self.node, path)) == len(path)
