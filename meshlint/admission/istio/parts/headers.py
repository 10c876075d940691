"""Names and values of headers (Istio: `ValidateHTTPHeaderName` and its variants, `validateHeaderValue`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene, Steps
from meshlint.admission.istio.vocabulary.values import mapping, text
from meshlint.resources.schema.words.writing import quoted
from meshlint.values import regex

NAME: Final = regex(r"[!#$%&'*+\-.^_`|~A-Za-z0-9]+")
STRICT: Final = regex(r"[-_A-Za-z0-9]+")
PROBE: Final = regex(r"[-A-Za-z0-9]+")
AUTHORITY: Final = regex(r"[^\s/?#@]+")
PSEUDO: Final = frozenset({":method", ":scheme", ":authority", ":path", ":status"})
CLAIMS: Final = "@request.auth.claims"
UNPRINTABLE: Final = regex("[\x00-\x08\x0a-\x1f\x7f]")


def header(form: re.Pattern[str]) -> Check:
    """A name of a header in `form`."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        if not isinstance(value, str) or form.fullmatch(value):
            return
        words = f"names {quoted(value)}, which is no header" if value else "names an empty header"
        yield Said(Mistake.HEADER, words)

    return check


def is_claim(name: str) -> bool:
    """Whether a header stands for a claim of the token: `@request.auth.claims.group` or `…[group]`."""
    if not name.lower().startswith(CLAIMS):
        return False
    rest = name[len(CLAIMS) :]
    dotted = rest.startswith(".") and len(rest) > 1
    return dotted or (rest.startswith("[") and rest.endswith("]") and len(rest) > 2)


def matched(value: Any, _: Scene) -> Iterator[Said]:
    """The name of a header in a match: a header, a pseudo header or a claim."""
    if isinstance(value, str) and not (is_claim(value) or value in PSEUDO or NAME.fullmatch(value)):
        words = f"matches {quoted(value)}, which is no header" if value else "matches an empty header"
        yield Said(Mistake.HEADER, words, on_key=True)


def _is_authority(name: str) -> bool:
    return name.lower() in (":authority", "host")


def _is_internal(name: str) -> bool:
    return name.startswith(":") or name.lower() == "host"


def _changed(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, str) and _is_internal(value):
        words = f"changes the header {quoted(value)}, which no route may"
        yield Said(Mistake.HEADER, words, hint="Use `rewrite.authority` for the host.", on_key=True)
    elif value == "":
        yield Said(Mistake.HEADER, "changes an empty header", on_key=True)


def _written(value: Any, scene: Scene) -> Iterator[Said]:
    if not (isinstance(value, str) and _is_authority(value)):
        yield from _changed(value, scene)


def _value(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, str):
        return
    if UNPRINTABLE.search(value):
        yield Said(
            Mistake.HEADER, f"gives a header the value {quoted(value)}, which holds control characters"
        )
    elif not is_template(value):
        hint = "A percent sign starts a variable such as %HOSTNAME%; write %% for the sign itself."
        yield Said(Mistake.HEADER, f"gives a header {quoted(value)}, whose variable does not end", hint=hint)


def is_template(value: str) -> bool:
    """Whether each variable of a value is closed, as Envoy's parser of headers reads it."""
    state, at = "text", 0
    while at < len(value):
        letter, after = value[at], value[at + 1 : at + 2]
        if state == "text" and letter == "%":
            if not after:
                return False
            at, state = (at + 1, state) if after == "%" else (at, "name")
        elif state == "string" and letter == "\\":
            if not after:
                return False
            at += 1
        elif state != "text":
            step = _STEPS[state](letter)
            if step is None:
                return False
            state = step
        at += 1
    return state == "text"


def _space(letter: str, state: str) -> str | None:
    return state if letter == " " else None


_STEPS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "name": lambda c: {"%": "text", "(": "array"}.get(c, "name"),
    "array": lambda c: {"[": "item", " ": "array"}.get(c, "string"),
    "item": lambda c: {'"': "string"}.get(c) or _space(c, "item"),
    "string": lambda c: {")": "end", '"': "comma"}.get(c, "string"),
    "comma": lambda c: {",": "item", "]": "close"}.get(c) or _space(c, "comma"),
    "close": lambda c: {")": "end"}.get(c) or _space(c, "close"),
    "end": lambda c: {"%": "text"}.get(c) or _space(c, "end"),
}

_WRITE: Declared = {"(key)": _written, "*": _value}
_ANSWER: Declared = {"(key)": _changed, "*": _value}
HEADERS: Declared = {
    "request.add": _WRITE,
    "request.set": _WRITE,
    "request.remove[]": _changed,
    "response.add": _ANSWER,
    "response.set": _ANSWER,
    "response.remove[]": _changed,
}


def authority_once(value: Any, _: Scene) -> Iterator[Said]:
    """The authority is set in one place of a route: its rewrite, or one header.

    The later one is what to take away, unless the rewrite is to something that no authority is.
    """
    if not isinstance(value, dict) or not ("rewrite" in value or "headers" in value):
        return
    rewritten = text(value.get("rewrite"), "authority")
    places: list[Steps] = [("rewrite", "authority")] if rewritten else []
    request = mapping(value.get("headers"), "request")
    for key in ("set", "add"):
        for name, inner in mapping(request, key).items():
            if not _is_authority(name):
                continue
            if inner or places:
                places.append(("headers", "request", key, name))
            if len(places) > 1:
                kept, at = places if not rewritten or AUTHORITY.fullmatch(rewritten) else places[::-1]
                words = "sets the authority in two places"
                yield Said(Mistake.EXCLUSIVE, words, at, "Keep one.", on_key=True, related=(kept,))
                return
