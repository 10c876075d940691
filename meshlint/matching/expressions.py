"""Regular expressions and wildcards as string forms, and why a regular expression is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import affixes
from .patterns import Pattern
from .regular import syntax
from .regular.parser import parse
from .regular.reader import Dialect

if TYPE_CHECKING:
    from .affixes import Affixes
    from .forms import Form
    from .regular.syntax import Node

# How many words a pattern may plainly list before it is better run as an automaton.
_MOST_WORDS = 64

# The length that Istio's admission allows a regular expression of a route.
ISTIO_LONGEST_REGEX = 1024


def re2_problem(pattern: str) -> str | None:
    """Say why RE2 refuses the pattern, in words to follow "the pattern"; None when it is sound.

    RE2 has no look-around, back-references or possessive repetitions, and counts to at most 1000 (Istio:
    regex matches are RE2). Istio's limit of `ISTIO_LONGEST_REGEX` characters is a question of its own.
    """
    return parse(pattern, Dialect.RE2).problem


def rust_regex_problem(pattern: str) -> str | None:
    """Say why Rust's `regex` refuses the pattern, to follow "the pattern"; None when it is sound.

    (Linkerd: admission of header and path regexes.)
    """
    return parse(pattern, Dialect.RUST).problem


def re2(pattern: str) -> Form:
    """Return what an RE2 pattern matches as a whole."""
    return _expression(pattern, Dialect.RE2)


def rust(pattern: str) -> Form:
    """Return what a pattern of Rust's `regex` matches as a whole."""
    return _expression(pattern, Dialect.RUST)


def wildcard(text: str) -> Form:
    """Return what fits the text when each `*` stands for any characters."""
    if "*" not in text:
        return affixes.affixes(words=(text,))
    parts: list[Node] = [syntax.literal(text.split("*")[0])]
    for literal in text.split("*")[1:]:
        parts += [syntax.ANY_TEXT, syntax.literal(literal)]
    return pattern_of("wildcard", text, syntax.chain(parts))


def pattern_of(language: str, text: str, node: Node, beyond: str | None = None) -> Form:
    """Return the pattern, or the plain affixes that it amounts to."""
    plain = None if beyond else _plainly(node)
    return plain if plain is not None else Pattern(language, text, node, beyond)


def _expression(pattern: str, dialect: Dialect) -> Form:
    parsed = parse(pattern, dialect)
    if parsed.problem is not None:
        return affixes.NOTHING
    return pattern_of("regular expression", pattern, parsed.node, parsed.beyond)


def _plainly(node: Node) -> Affixes | None:
    """Recognise a list of words, `prefix.*`, `.*suffix`, `.*`, `.+`, and choices among them."""
    if isinstance(node, syntax.Choice):
        found: Affixes | None = affixes.NOTHING
        for part in node.parts:
            plain = _plainly(part)
            found = None if plain is None or found is None else affixes.union(found, plain)
        return found
    parts = node.parts if isinstance(node, syntax.Chain) else (node,)
    if len(parts) == 1 and syntax.is_any_nonempty(parts[0]):
        return affixes.NONEMPTY
    return _plain_chain(_without_ends(parts))


def _plain_chain(parts: tuple[Node, ...]) -> Affixes | None:
    listed = syntax.words(syntax.Chain(parts), _MOST_WORDS)
    if listed is not None:
        return affixes.affixes(words=listed)
    if syntax.is_any_text(parts[-1]):
        heads = syntax.words(syntax.Chain(parts[:-1]), _MOST_WORDS)
        return None if heads is None else affixes.affixes(prefixes=heads)
    if syntax.is_any_text(parts[0]):
        tails = syntax.words(syntax.Chain(parts[1:]), _MOST_WORDS)
        return None if tails is None else affixes.affixes(suffixes=tails)
    return None


def _without_ends(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Drop `^` at the start and `$` at the end: the pattern is matched against the whole text anyway."""
    while parts and parts[0] == syntax.Place(syntax.Look.START):
        parts = parts[1:]
    while parts and parts[-1] == syntax.Place(syntax.Look.END):
        parts = parts[:-1]
    return parts
