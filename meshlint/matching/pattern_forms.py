"""Patterns as string forms: read into syntax, and kept as plain affixes where they amount to no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import affixes, intervals
from .patterns import Pattern
from .regular import charsets, syntax
from .regular.octets import from_octets, is_text, to_octets
from .regular.parser import parse
from .regular.reader import Dialect
from .regular.syntax import Chars, Node, Repeat
from .templates import SEGMENT_CHARACTERS, segments, template_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from .affixes import Affixes
    from .forms import Form

# How many words a pattern may plainly list before it is better run as an automaton.
_MOST_WORDS = 64

_SOMETHING = Repeat(Chars(charsets.EVERY), 1, None)
_NO_SLASH = Repeat(Chars(charsets.negate(charsets.of("/"))), 0, None)
_ANY_SEGMENT = Repeat(Chars(charsets.negate(charsets.of("/"))), 1, None)
_SLASH = syntax.literal("/")
_BEFORE_NAMESPACE = (Repeat(syntax.chain([syntax.ANY_TEXT, _SLASH]), 0, 1), syntax.literal("ns/"))
_SEGMENT_CHARS = charsets.of(SEGMENT_CHARACTERS)
_SEGMENT = Repeat(Chars(_SEGMENT_CHARS), 1, None)
_REST = Repeat(Chars(intervals.union(_SEGMENT_CHARS, charsets.of("/"))), 0, None)


def expression(pattern: str, dialect: Dialect) -> Form:
    """Return what a regular expression matches as a whole; nothing when it is refused."""
    parsed = parse(pattern, dialect)
    if parsed.problem is not None:
        return affixes.NOTHING
    octets = dialect is Dialect.RE2
    return _form(Pattern("regular expression", pattern, parsed.node, parsed.beyond, octets=octets))


def first_match(pattern: str) -> Form:
    """Return the texts that are as a whole what Rust finds first of a regular expression."""
    from .regular.first_match import is_first_match

    parsed = parse(pattern, Dialect.RUST)
    if parsed.problem is not None or parsed.beyond is not None or is_first_match(parsed.node):
        return expression(pattern, Dialect.RUST)
    return Pattern("regular expression", pattern, parsed.node, octets=False, first=True)


def wildcard(text: str) -> Form:
    """Return what fits the text when each `*` stands for any characters."""
    return _form(Pattern("wildcard", text, syntax.chain(_starred(text))))


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
        parts += [_literal("/"), *operator, *literal]
    return _form(Pattern("path template", text, syntax.chain(parts)))


def _repeating(literal: str) -> list[Node] | None:
    if "**" in literal:
        return None
    nodes: list[Node] = []
    for char in literal:
        if char != "*":
            nodes.append(_literal(char))
        elif nodes:
            nodes[-1] = Repeat(nodes[-1], 0, None)
    return nodes


def namespace(value: str) -> Form:
    """Return the identities with `ns/<value>/` after a `/` or at the start, each `*` for any characters."""
    nodes = [*_BEFORE_NAMESPACE, *_starred(value), _SLASH, syntax.ANY_TEXT]
    shortcut = None if "*" in value else _namespace_test(value)
    return Pattern("namespace", value, syntax.chain(nodes), shortcut=shortcut)


def _namespace_test(name: str) -> Callable[[str], bool]:
    start, within = f"ns/{name}/", f"/ns/{name}/"
    return lambda identity: within in identity or identity.startswith(start)


def namespace_alone(value: str) -> Form:
    """Return the identities of five segments whose namespace fits; a star is one at either end only."""
    if "/" in value or not value:
        return affixes.NOTHING
    named = [_literal(value)]
    if value == "*":
        named = [_ANY_SEGMENT]
    elif value.startswith("*"):
        named = [_NO_SLASH, _literal(value[1:])]
    elif value.endswith("*"):
        named = [_literal(value[:-1]), _NO_SLASH]
    nodes = [_ANY_SEGMENT, _literal("/ns/"), *named, _literal("/sa/"), _ANY_SEGMENT]
    return Pattern("whole namespace", value, syntax.chain(nodes), shortcut=_whole_namespace_test(value))


def _whole_namespace_test(value: str) -> Callable[[str], bool]:
    def fits(name: str) -> bool:
        if value.startswith("*"):
            return name.endswith(value[1:])
        return name.startswith(value[:-1]) if value.endswith("*") else name == value

    def test(identity: str) -> bool:
        parts = identity.split("/")
        return len(parts) == 5 and parts[1::2] == ["ns", "sa"] and all(parts) and fits(parts[2])

    return test


def service_account(namespace: str, name: str) -> Form:
    """Return the identities of the account in any trust domain, with any segments between and after."""
    between = Repeat(syntax.chain([_SOMETHING, _literal("/")]), 0, 1)
    after = Repeat(syntax.chain([_literal("/"), _SOMETHING]), 0, 1)
    nodes = [_SOMETHING, _literal(f"/ns/{namespace}/"), between, _literal(f"sa/{name}"), after]
    return _form(Pattern("service account", f"{namespace}/{name}", syntax.chain(nodes)))


def trust_domain(value: str) -> Form:
    """Return the identities whose text before the first `/` fits, one `*` at either end for any but `/`."""
    named = [_literal(value)]
    if value.startswith("*"):
        named = [_NO_SLASH, _literal(value[1:])]
    elif value.endswith("*"):
        named = [_literal(value[:-1]), _NO_SLASH]
    nodes = [*named, _literal("/"), syntax.ANY_TEXT]
    return _form(Pattern("trust domain", value, syntax.chain(nodes)))


def _starred(text: str) -> list[Node]:
    pairs = ((syntax.ANY_TEXT, _literal(part)) for part in text.split("*"))
    return [node for pair in pairs for node in pair][1:]


def _literal(text: str) -> Node:
    return syntax.literal(to_octets(text))


def _form(pattern: Pattern) -> Form:
    """Return the plain affixes that the pattern amounts to, or the pattern itself."""
    plain = None if pattern.beyond else _plainly(pattern.node)
    if plain is not None and pattern.octets:
        plain = _as_text(plain)
    return pattern if plain is None else plain


def _as_text(plain: Affixes) -> Affixes | None:
    """Read affixes back from bytes; None where one of them ends within a character."""
    parts = (plain.words, plain.prefixes, plain.suffixes)
    if not all(is_text(octets) for part in parts for octets in part):
        return None
    words, prefixes, suffixes = (map(from_octets, part) for part in parts)
    return affixes.affixes(words, prefixes, suffixes, nonempty=plain.nonempty)


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
