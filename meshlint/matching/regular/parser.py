"""Read a regular expression of RE2 or of Rust into syntax, or say in plain words why it is refused.

Greedy and lazy repetitions mean the same set of texts; which of them it is counts only where it matters which
match is found first (`first_match`).
"""

from __future__ import annotations

from meshlint.values import frozen, regex

from . import charsets, syntax
from .brackets import read_brackets
from .escapes import read_character, read_class
from .groups import Flags, open_group
from .octets import from_octets, to_octets
from .reader import Dialect, Reader, Refused
from .syntax import Chars, Look, Node, Place, Repeat

_DEEPEST = 1000
_DEEPEST_DECIDED = 80
_MOST_REPEATS = 1000
_LONGEST_DECIDED = 16_384
"""Far more than an automaton is made of: reading on would end in giving up, and takes as long as the text."""
_RE2_COUNT = regex(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_RUST_COUNT = regex(r"\{\s*([0-9]*)\s*(,\s*([0-9]*)\s*)?\}")
_RUST_SIDES = ("{start}", "{end}", "{start-half}", "{end-half}")
_PLACES = {"A": Look.START, "z": Look.END, "b": Look.EDGE, "B": Look.NO_EDGE}


@frozen
class Parsed:
    """A pattern as read: its syntax, or why it is refused, or what in it goes beyond what is decided here."""

    node: Node = syntax.NEVER
    problem: str | None = None
    beyond: str | None = None


@frozen
class _Frame:
    """An open group: the finished alternatives, the parts of the current one, and the flags to return to."""

    choices: list[Node]
    parts: list[Node]
    flags: Flags


def parse(pattern: str, dialect: Dialect = Dialect.RE2) -> Parsed:
    """Read a pattern, never raising; what RE2's matches is over bytes, what Rust's is over characters."""
    if any(0xD800 <= ord(char) <= 0xDFFF for char in pattern):
        return Parsed(problem="is not valid Unicode text")
    if len(pattern) > _LONGEST_DECIDED:
        return Parsed(beyond=f"a pattern of more than {_LONGEST_DECIDED} characters")
    reader = Reader(pattern if dialect is Dialect.RUST else to_octets(pattern), dialect)
    try:
        node = _Parser(reader).read()
    except Refused as refusal:
        words = str(refusal)
        return Parsed(problem=words if dialect is Dialect.RUST else from_octets(words))
    return Parsed(node, beyond=reader.beyond)


class _Parser:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.flags = Flags()
        self.names: set[str] = set()
        self.stack = [_Frame([], [], self.flags)]

    def read(self) -> Node:
        while not self.reader.ended():
            self._read_next()
        if len(self.stack) > 1:
            raise Refused("has a `(` without its `)`")
        node = self._close()
        if not self.reader.rust and not _repeats_within(node, _MOST_REPEATS):
            raise Refused(f"repeats something more than {_MOST_REPEATS} times through nested counts")
        if _is_deeper(node, _DEEPEST_DECIDED):
            self.reader.go_beyond("nesting this deep")
        return node

    def _read_next(self) -> None:
        reader, frame = self.reader, self.stack[-1]
        char = reader.peek()
        if char == "(":
            self._open()
        elif char == ")":
            self._end_group()
        elif char == "|":
            reader.take()
            frame.choices.append(syntax.chain(frame.parts))
            frame.parts.clear()
        elif char in "*+?" or (char == "{" and self._starts_count()):
            self._repeat(frame.parts)
        elif reader.accept("\\Q") if not reader.rust else False:
            frame.parts.extend(self._character(ord(quoted)) for quoted in self._quoted())
        else:
            frame.parts.append(self._read_atom())

    def _open(self) -> None:
        before = self.flags
        self.flags, opened = open_group(self.reader, self.flags, self.names)
        if opened:
            self.stack.append(_Frame([], [], before))
        if len(self.stack) > _DEEPEST:
            raise Refused("nests groups too deeply")

    def _end_group(self) -> None:
        self.reader.take()
        if len(self.stack) == 1:
            raise Refused("has a `)` without its `(`")
        self.flags = self.stack[-1].flags
        node = self._close()
        self.stack[-1].parts.append(node)

    def _close(self) -> Node:
        frame = self.stack.pop()
        return syntax.choice([*frame.choices, syntax.chain(frame.parts)])

    def _quoted(self) -> str:
        quoted = self.reader.until("\\E")
        if quoted is None:
            quoted, self.reader.at = self.reader.text[self.reader.at :], len(self.reader.text)
        return quoted

    def _read_atom(self) -> Node:
        reader = self.reader
        char = reader.take()
        if char == "[":
            return Chars(read_brackets(reader, fold=self.flags.fold))
        if char == ".":
            return Chars(charsets.EVERY if self.flags.dot_all else charsets.negate(charsets.of("\n")))
        if char in "^$":
            return Place(Look.START if char == "^" else Look.END)
        if char == "\\":
            return self._read_escape()
        return self._character(ord(char))

    def _read_escape(self) -> Node:
        reader = self.reader
        name = reader.peek()
        if name in _PLACES:
            reader.take()
            if reader.rust and name in "bB":
                reader.go_beyond("word boundaries over all of Unicode")
                any(reader.accept(side) for side in _RUST_SIDES)
            return Place(_PLACES[name])
        if reader.rust and name and name in "<>":
            reader.take()
            reader.go_beyond("word boundaries over all of Unicode")
            return syntax.EMPTY
        named = read_class(reader, fold=self.flags.fold)
        if named is not None:
            return Chars(named)
        return self._character(read_character(reader))

    def _character(self, code: int) -> Node:
        single = ((code, code),)
        return Chars(self.reader.fold(single) if self.flags.fold else single)

    def _starts_count(self) -> bool:
        reader = self.reader
        if not reader.rust:
            return _RE2_COUNT.match(reader.text, reader.at) is not None
        found = _RUST_COUNT.match(reader.text, reader.at)
        if found is None or not (found[1] or found[3]):
            raise Refused("has a `{` that starts no count")
        return True

    def _repeat(self, parts: list[Node]) -> None:
        reader, start = self.reader, self.reader.at
        low, high = self._read_bounds()
        marked = reader.accept("?")
        operator = reader.text[start : reader.at]
        if not parts:
            raise Refused(f"has nothing for `{operator}` to repeat")
        after = reader.peek()
        if not reader.rust and after and (after in "*+?" or (after == "{" and self._starts_count())):
            words = "a possessive repetition" if after == "+" else "a repetition of a repetition"
            raise Refused(f"holds `{operator}{after}`, {words}, which RE2 does not support")
        parts[-1] = Repeat(parts[-1], low, high, marked != self.flags.lazy)

    def _read_bounds(self) -> tuple[int, int | None]:
        char = self.reader.peek()
        if char != "{":
            self.reader.take()
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        found = (_RUST_COUNT if self.reader.rust else _RE2_COUNT).match(self.reader.text, self.reader.at)
        if found is None:
            raise Refused("has a `{` that starts no count")
        self.reader.at = found.end()
        return self._bounds(found[1], found[2], found[3])

    def _bounds(self, least: str, comma: str | None, most: str | None) -> tuple[int, int | None]:
        if max(len(least), len(most or "")) > 9:
            raise Refused("counts a repetition beyond any limit")
        low = int(least or "0")
        high = (int(most) if most else None) if comma else low
        if high is not None and high < low:
            raise Refused(f"has the count `{{{low},{high}}}` the wrong way round")
        if max(low, high or 0) > _MOST_REPEATS:
            if not self.reader.rust:
                raise Refused(f"repeats something {max(low, high or 0)} times; RE2 allows {_MOST_REPEATS}")
            self.reader.go_beyond(f"more than {_MOST_REPEATS} repetitions")
            return 0, None
        return low, high


def _is_deeper(node: Node, depth: int) -> bool:
    level: list[Node] = [node]
    for _ in range(depth):
        level = [part for outer in level for part in _parts(outer)]
    return bool(level)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Repeat(part):
            return (part,)
        case syntax.Chain(parts) | syntax.Choice(parts):
            return parts
        case _:
            return ()


def _repeats_within(node: Node, allowed: int) -> bool:
    waiting = [(node, allowed)]
    while waiting:
        node, allowed = waiting.pop()
        match node:
            case Repeat(part, low, high):
                times = low if high is None else high
                if times > allowed:
                    return False
                waiting.append((part, allowed // max(times, 1)))
            case syntax.Chain(parts) | syntax.Choice(parts):
                waiting.extend((part, allowed) for part in parts)
    return True
