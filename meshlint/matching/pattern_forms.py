"""Patterns as string forms: read into syntax, and kept as plain affixes where they amount to no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import affixes, intervals
from .patterns import Pattern
from .regular import charsets, syntax
from .regular.parser import parse
from .regular.syntax import Chars, Node, Repeat
from .templates import SEGMENT_CHARACTERS, segments, template_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from .affixes import Affixes
    from .forms import Form
    from .regular.reader import Dialect

# How many words a pattern may plainly list before it is better run as an automaton.
_MOST_WORDS = 64

_SOMETHING = Repeat(Chars(charsets.EVERY), 1, None)
_NO_SLASH = Repeat(Chars(charsets.negate(charsets.of("/"))), 0, None)
_SEGMENT_CHARS = charsets.of(SEGMENT_CHARACTERS)
_SEGMENT = Repeat(Chars(_SEGMENT_CHARS), 1, None)
_REST = Repeat(Chars(intervals.union(_SEGMENT_CHARS, charsets.of("/"))), 0, None)


def expression(pattern: str, dialect: Dialect) -> Form:
    """Return what a regular expression matches as a whole; nothing when it is refused."""
    parsed = parse(pattern, dialect)
    if parsed.problem is not None:
        return affixes.NOTHING
    return _form("regular expression", pattern, parsed.node, parsed.beyond)


def wildcard(text: str) -> Form:
    """Return what fits the text when each `*` stands for any characters."""
    return _form("wildcard", text, syntax.chain(_starred(text)))


def template(text: str) -> Form:
    """Return the paths that fit a URI template: `*` is one non-empty segment, `**` any characters.

    Envoy leaves a `*` within a literal as it is when it makes a regular expression of the template: there it
    repeats the character before it, and where it cannot repeat, nothing matches (seen of Envoy 1.40).
    """
    if template_problem(text) is not None:
        return affixes.NOTHING
    parts: list[Node] = []
    for segment in segments(text):
        literal = _repeating(segment.literal)
        if literal is None or (segment.operator and segment.literal.startswith("*")):
            return affixes.NOTHING
        operator = {"*": [_SEGMENT], "**": [_REST]}.get(segment.operator, [])
        parts += [syntax.literal("/"), *operator, *literal]
    return _form("path template", text, syntax.chain(parts))


def _repeating(literal: str) -> list[Node] | None:
    if "**" in literal:
        return None
    nodes: list[Node] = []
    for char in literal:
        if char != "*":
            nodes.append(syntax.literal(char))
        elif nodes:
            nodes[-1] = Repeat(nodes[-1], 0, None)
    return nodes


def namespace(value: str) -> Form:
    """Return the identities with `ns/<value>/` after a `/` or at the start, each `*` for any characters."""
    before = Repeat(syntax.chain([syntax.ANY_TEXT, syntax.literal("/")]), 0, 1)
    nodes = [before, syntax.literal("ns/"), *_starred(value), syntax.literal("/"), syntax.ANY_TEXT]
    shortcut = None if "*" in value else _namespace_test(value)
    return Pattern("namespace", value, syntax.chain(nodes), shortcut=shortcut)


def _namespace_test(name: str) -> Callable[[str], bool]:
    start, within = f"ns/{name}/", f"/ns/{name}/"
    return lambda identity: within in identity or identity.startswith(start)


def service_account(namespace: str, name: str) -> Form:
    """Return the identities of the account in any trust domain, with any segments between and after."""
    between = Repeat(syntax.chain([_SOMETHING, syntax.literal("/")]), 0, 1)
    after = Repeat(syntax.chain([syntax.literal("/"), _SOMETHING]), 0, 1)
    nodes = [_SOMETHING, syntax.literal(f"/ns/{namespace}/"), between, syntax.literal(f"sa/{name}"), after]
    return _form("service account", f"{namespace}/{name}", syntax.chain(nodes))


def trust_domain(value: str) -> Form:
    """Return the identities whose text before the first `/` fits, one `*` at either end for any but `/`."""
    named = [syntax.literal(value)]
    if value.startswith("*"):
        named = [_NO_SLASH, syntax.literal(value[1:])]
    elif value.endswith("*"):
        named = [syntax.literal(value[:-1]), _NO_SLASH]
    return _form("trust domain", value, syntax.chain([*named, syntax.literal("/"), syntax.ANY_TEXT]))


def _starred(text: str) -> list[Node]:
    pairs = ((syntax.ANY_TEXT, syntax.literal(part)) for part in text.split("*"))
    return [node for pair in pairs for node in pair][1:]


def _form(language: str, text: str, node: Node, beyond: str | None = None) -> Form:
    plain = None if beyond else _plainly(node)
    return plain if plain is not None else Pattern(language, text, node, beyond)


def _plainly(node: Node) -> Affixes | None:
    """Recognise a list of words, `prefix.*`, `.*suffix`, `.*`, `.+`, and choices among them."""
    if isinstance(node, syntax.Choice):
        found: Affixes | None = affixes.NOTHING
        for part in node.parts:
            plain = _plainly(part)
            found = None if plain is None or found is None else affixes.union(found, plain)
        return found
    parts = _without_ends(node.parts if isinstance(node, syntax.Chain) else (node,))
    if len(parts) == 1 and syntax.is_any_nonempty(parts[0]):
        return affixes.NONEMPTY
    return _plain_chain(parts)


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
