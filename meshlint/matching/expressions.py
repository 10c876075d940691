"""Why a regular expression is refused, by the dialect of the mesh that reads it."""

from __future__ import annotations

# The length that Istio's admission allows a regular expression of a route.
ISTIO_LONGEST_REGEX = 1024


def re2_problem(pattern: str) -> str | None:
    """Say why RE2 refuses the pattern, in words to follow "the pattern"; None when it is sound.

    RE2 has no look-around, back-references or possessive repetitions, and counts to at most 1000 (Istio:
    regex matches are RE2). Istio's limit of `ISTIO_LONGEST_REGEX` characters is a question of its own.
    """
    from .regular.parser import parse
    from .regular.reader import Dialect

    return parse(pattern, Dialect.RE2).problem


def rust_regex_problem(pattern: str) -> str | None:
    """Say why Rust's `regex` refuses the pattern, to follow "the pattern"; None when it is sound.

    (Linkerd: admission of header and path regexes.)
    """
    from .regular.parser import parse
    from .regular.reader import Dialect

    return parse(pattern, Dialect.RUST).problem
