"""Texts that a tool or a person fills in before the cluster sees them.

Flux and envsubst write `${VAR}` and `${VAR:=default}` (Flux: Kustomization, post build variable
substitution), kustomize and Kubernetes `$(VAR)`, Helm and its like `{{ }}`, SOPS `ENC[…]`; hand-made scripts
replace words such as `CHANGEME`, `__NAME__`, `[NAME]` and `%%NAME%%`, and parts of hosts such as
`MY_SERVICE.MY_NAMESPACE`. What stands there in the end nobody can tell from the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from meshlint.values import frozen, regex

_FORMS: Final = regex(
    r"\$?\$\{(?P<name>[^{}]*)\}"
    r"|\$\((?P<call>[A-Za-z_][\w.-]*)\)"
    r"|\{\{(?:(?!\}\}).)*\}\}"
    r"|ENC\[[A-Z0-9_]+,[^\]]*\]"
    r"|<<[A-Za-z][\w .-]*>>"
    r"|%%[A-Za-z][\w .-]*%%"
    r"|(?<![A-Za-z0-9_])__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__(?![A-Za-z0-9_])"
    r"|\[[A-Z]{2,}(?:[ _-][A-Z0-9]+)*\]"
    r"|(?i:(?<![a-z])(?:change|replace)[_-]?(?:me|this)(?![a-z]))"
    r"|(?<![A-Za-z])(?<![A-Za-z]_)REPLACE_[A-Z_]+(?![A-Za-z])"
    r"|(?<![A-Za-z])[A-Z_]*PLACEHOLDER[A-Z_]*(?![A-Za-z])"
    r"|(?:(?<![\w.-])(?=\w+\.\w)|(?<=[a-zA-Z0-9]\.))(?P<label>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w-])"
)
_MOST_KEPT: Final = 256
_CAPITALS: Final = regex(r"[A-Z0-9]_[A-Z0-9]+\.\w|\w\.[A-Z][A-Z0-9]*_[A-Z0-9]")
_BEFORE_DOT: Final = regex(r"_[A-Z0-9]+\.\w")
_BEHIND_DOT: Final = regex(r"\.[A-Z][A-Z0-9]*_[A-Z0-9]")
"""Of these one stands wherever such capitals do; they are found in a tenth of the time."""
_HOST: Final = regex(r"(?:[\w*-]+/)?[\w*-]+(?:\.[\w-]+)+(?::\d+)?")
_DEFAULT: Final = regex(r"[A-Za-z_]\w*:?[=-](?P<default>.*)", re.DOTALL)
_SIGNS: Final = (
    *(("$", "${"), ("$", "$("), ("{", "{{"), ("[", "ENC["), ("<", "<<"), ("%", "%%"), ("_", "__")),
    *(("P", "PLACEHOLDER"), ("h", "hange"), ("e", "eplace"), ("H", "HANGE"), ("E", "EPLACE")),
)
"""One of these stands wherever something is filled in; each with its first character, which most texts do not
hold, and which is found much faster than two.
"""
_EXPRESSION: Final = regex(r"[\\^|+*]|\(\[|\]\)")
_BRACKET: Final = regex(r"\[[A-Z]{2}")
_PERSON: Final = regex(r"(?<![<?:P(])<(?!<)[A-Za-z][\w .:/-]*>(?!>)|‹[^›\n]*›")


_NAMES: Final = regex(
    r"\$?\$\{(?P<variable>[A-Za-z_][\w.-]*)(?:[:=#%/^,+?-].*)?\}"
    r"|\$\((?P<call>[^)]*)\)"
    r"|\{\{-?\s*(?:\$?\.)?(?:Values\.)?(?P<path>[A-Za-z_][\w.-]*)\s*-?\}\}"
    r"|<<(?P<angles>[^>]*)>>|%%(?P<percent>[^%]*)%%|__(?P<lines>\w+)__|\[(?P<brackets>[^\],]*)\]"
    r"|(?P<word>[\w-]+)",
    re.DOTALL,
)


@frozen(repr=False)
class Placeholder:
    """A stretch of a text that is filled in: where it stands, how it is written, and its default."""

    start: int
    end: int
    text: str
    default: str | None = None

    @property
    def name(self) -> str | None:
        """What the value that comes here is called; None where an expression, or nothing, says it."""
        match = _NAMES.fullmatch(self.text)
        return next((name.strip() for name in match.groups() if name), None) if match else None


def may_hold(text: str) -> bool:
    """Whether a placeholder could be in `text`, found out quickly; most texts hold no sign of one."""
    for first, sign in _SIGNS:  # A loop, since this is asked of every text of a set.
        if first in text and sign in text:
            return True
    if "[" in text and _BRACKET.search(text):
        return True
    near = _BEFORE_DOT.search(text) or _BEHIND_DOT.search(text)
    return bool(near and _CAPITALS.search(text))


def sign_among(whole: str) -> Callable[[str], bool]:
    """`may_hold` for the texts that are read of `whole`, most of which hold few of all signs."""
    if "\\" in whole or _BRACKET.search(whole) or _BEFORE_DOT.search(whole) or _BEHIND_DOT.search(whole):
        return may_hold
    signs = [sign for _, sign in _SIGNS if sign in whole]
    if len(signs) == 1:
        return lambda text: signs[0] in text
    return lambda text: any(sign in text for sign in signs)


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """What a tool fills in within `text`, from left to right."""
    if not may_hold(text):
        return ()
    return _found(text)


@lru_cache(_MOST_KEPT)
def _found(text: str) -> tuple[Placeholder, ...]:
    """Kept, since the same few texts are asked about for every way to fill them in, and some are long."""
    return tuple(_placeholder(match) for match in _FORMS.finditer(text) if _is_meant(match, text))


@lru_cache(_MOST_KEPT)
def _holds(text: str) -> bool:
    """Whether there is a placeholder in `text`: a long one is read no further than to the first."""
    return any(_is_meant(match, text) for match in _FORMS.finditer(text))


def is_unknown(value: object) -> bool:
    """Whether `value` is a text of which some part is filled in later."""
    return isinstance(value, str) and may_hold(value) and _holds(value)


def filled(text: str, fill: Callable[[Placeholder], str]) -> str:
    """`text` with `fill`'s answer in the place of each placeholder."""
    return filled_at(text, placeholders(text), fill)


def filled_at(text: str, found: Iterable[Placeholder], fill: Callable[[Placeholder], str]) -> str:
    """`text` with `fill`'s answer in the place of each of the placeholders that were found in it."""
    return "".join(_parts(text, found, fill))


def left_for_a_person(text: str) -> str | None:
    """The first stretch of `text` that no tool replaces and a person should have: `<name>` or `‹name›`."""
    if is_unknown(text):
        return None
    match = _PERSON.search(text)
    return match.group() if match else None


def _parts(text: str, found: Iterable[Placeholder], fill: Callable[[Placeholder], str]) -> Iterator[str]:
    done = 0
    for one in found:
        yield text[done : one.start]
        yield fill(one)
        done = one.end
    yield text[done:]


def _is_meant(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a placeholder is one.

    Letters in brackets may be a class of characters in a regular expression, and words in capitals stand for
    a value only as parts of a host, which can have none such (kustomize: replacements with a delimiter).
    """
    if match["label"]:
        return _HOST.fullmatch(text) is not None
    return not (match.group().startswith("[") and _EXPRESSION.search(text))


def _placeholder(match: re.Match[str]) -> Placeholder:
    name = match["name"]
    default = _DEFAULT.fullmatch(name) if name else None
    return Placeholder(
        match.start(), match.end(), match.group(), default["default"] if default is not None else None
    )
