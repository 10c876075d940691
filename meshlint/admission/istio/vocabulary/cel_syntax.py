"""Whether a text is an expression of CEL, by its grammar alone (CEL: cel-spec, `langdef.md`)."""

from __future__ import annotations

import re
from typing import Final

from meshlint.values import regex

TOKENS: Final = regex(
    r"""(?P<space>[\s]+|//[^\n]*)
    |(?P<text>(?:[bB][rR]?|[rR][bB]?)?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<number>0x[0-9a-fA-F]+u?|(?:\d+\.\d+|\.\d+)(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+u?)
    |(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)
    |(?P<mark>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
RESERVED: Final = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let"),
        *("loop", "package", "namespace", "return", "var", "void", "while"),
    )
)
BINARY: Final = (
    ("||",),
    ("&&",),
    ("<", "<=", ">", ">=", "==", "!=", "in"),
    ("+", "-"),
    ("*", "/", "%"),
)
MACROS: Final = {"all": 2, "exists": 2, "exists_one": 2, "filter": 2}
DEEPEST: Final = 60
END: Final = ("end", "")


class _Broken(Exception):
    """The text is none."""


class _Deep(Exception):
    """The text is nested too deep to be read here, so nothing is said of it."""


def cel_problem(text: str) -> str:
    """What keeps `text` from being an expression of CEL; empty if nothing does."""
    if not text.strip():
        return "is empty"
    try:
        reader = _Reader(_tokens(text))
        reader.expression(0)
        if reader.here != END:
            raise _Broken
    except _Broken:
        return "is no CEL"
    except _Deep:
        return ""
    return ""


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = TOKENS.match(text, at)
        if match is None:
            raise _Broken
        if match.lastgroup != "space":
            found.append((match.lastgroup or "", match[0]))
        at = match.end()
    return [*found, END]


class _Reader:
    """Reads tokens along the grammar; each method takes one construct and says what it is, if it matters."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> tuple[str, str]:
        """The token that is next."""
        return self._tokens[self._at]

    def _takes(self, *marks: str) -> bool:
        kind, written = self.here
        found = kind in ("mark", "name") and written in marks
        self._at += found
        return found

    def _need(self, mark: str) -> None:
        if not self._takes(mark):
            raise _Broken

    def expression(self, depth: int) -> str:
        """A whole expression, with a condition where there is one."""
        if depth > DEEPEST:
            raise _Deep
        kind = self._binary(0, depth)
        if self._takes("?"):
            self._binary(0, depth + 1)
            self._need(":")
            self.expression(depth + 1)
            return "value"
        return kind

    def _binary(self, level: int, depth: int) -> str:
        if level == len(BINARY):
            return self._unary(depth)
        kind = self._binary(level + 1, depth)
        while self._takes(*BINARY[level]):
            self._binary(level + 1, depth)
            kind = "value"
        return kind

    def _unary(self, depth: int) -> str:
        for sign in ("!", "-"):
            if self._takes(sign):
                while self._takes(sign):
                    pass
                self._member(depth)
                return "value"
        return self._member(depth)

    def _member(self, depth: int) -> str:
        kind = self._primary(depth)
        while True:
            if self._takes("."):
                name = self._name(reserved=True)
                kind = "select"
                if self._takes("("):
                    self._arguments(depth, name, receiver=True)
                    kind = "value"
            elif self._takes("["):
                self.expression(depth + 1)
                self._need("]")
                kind = "value"
            elif kind in ("name", "select") and self._takes("{"):
                self._entries(depth)
                kind = "value"
            else:
                return kind

    def _name(self, *, reserved: bool = False) -> str:
        kind, written = self.here
        if kind != "name" or (written in RESERVED and not reserved) or written == "in":
            raise _Broken
        self._at += 1
        return written

    def _primary(self, depth: int) -> str:
        kind, _ = self.here
        if kind in ("text", "number"):
            self._at += 1
            return "value"
        if self._takes("("):
            found = self.expression(depth + 1)
            self._need(")")
            return found
        if self._takes("["):
            self._list("]", depth)
            return "value"
        if self._takes("{"):
            self._entries(depth)
            return "value"
        self._takes(".")
        name = self._name()
        if self._takes("("):
            self._arguments(depth, name, receiver=False)
            return "value"
        return "value" if name in ("true", "false", "null") else "name"

    def _list(self, end: str, depth: int) -> list[str]:
        kinds: list[str] = []
        while not self._takes(end):
            kinds.append(self.expression(depth + 1))
            if not self._takes(","):
                self._need(end)
                break
        return kinds

    def _arguments(self, depth: int, name: str, *, receiver: bool) -> None:
        kinds = self._list(")", depth)
        if name == "has" and not receiver and kinds != ["select"] and len(kinds) == 1:
            raise _Broken
        if receiver and len(kinds) == MACROS.get(name) and kinds[0] != "name":
            raise _Broken

    def _entries(self, depth: int) -> None:
        while not self._takes("}"):
            self.expression(depth + 1)
            self._need(":")
            self.expression(depth + 1)
            if not self._takes(","):
                self._need("}")
                break
