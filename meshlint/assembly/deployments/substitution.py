"""`${NAME}` in the objects of a Flux Kustomization (Flux: post build variable substitution; envsubst).

Flux writes each object as YAML, fills in, and reads it again: a text without quotes that has become a number
is one, whatever it was before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.assembly.kustomize import Piece
from meshlint.assembly.nodes import child, entries, scalar, text_of

_VARIABLE: Final = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)([^{}]*)\}")
_SLICE: Final = re.compile(r":(\d+)(?::(\d+))?")
_REPLACE: Final = re.compile(r"(//?)((?:[^/\\]|\\.)+)/?(.*)", re.DOTALL)
_SWITCH: Final = "kustomize.toolkit.fluxcd.io/substitute"
_CASES: Final[Mapping[str, Callable[[str], str]]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}


def substitute(pieces: Sequence[Piece], values: Mapping[str, Node], *, complete: bool) -> None:
    """Fill `values` in; where they are `complete`, a name that has none stands for an empty text."""
    for piece in pieces:
        metadata = child(piece.root, "metadata")
        marks = [text_of(child(metadata, part, _SWITCH)) for part in ("annotations", "labels")]
        if "disabled" not in marks:
            _fill(piece.root, values, complete)


def expanded(text: str, values: Mapping[str, str], *, complete: bool = True) -> str:
    """`text` as envsubst writes it; a form that is not known stays as it is."""

    def found(match: re.Match[str]) -> str:
        if match[1] is None:
            return "${"
        result = _expanded(match[1], match[2], values, complete=complete)
        return match[0] if result is None else result

    return _VARIABLE.sub(found, text)


def _fill(node: Node, values: Mapping[str, Node], complete: bool) -> None:
    if isinstance(node, MappingNode):
        node.value[:] = [(key, _filled(value, values, complete)) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        node.value[:] = [_filled(item, values, complete) for item in node.value]


def _filled(node: Node, values: Mapping[str, Node], complete: bool) -> Node:
    if not isinstance(node, ScalarNode):
        _fill(node, values, complete)
        return node
    if "${" not in node.value:
        return node
    texts = {name: text_of(value) for name, value in values.items()}
    text = expanded(node.value, texts, complete=complete)
    if text == node.value:
        return node
    named = [match[1] for match in _VARIABLE.finditer(node.value) if match[1] in values]
    return scalar(text, values[named[0]] if len(named) == 1 and text == texts[named[0]] else node, None)


def _expanded(name: str, form: str, values: Mapping[str, str], *, complete: bool) -> str | None:
    value = values.get(name)
    known = value if value is not None else "" if complete else None
    if not form:
        return known
    if form.startswith((":-", ":=", "-", "=")):
        default = form.lstrip(":")[1:]
        return (value or default) if form[0] == ":" else default if value is None else value
    if form.startswith((":+", "+")):
        return form.lstrip(":")[1:] if value else "" if complete or value is not None else None
    return None if known is None else _changed(known, form)


def _changed(text: str, form: str) -> str | None:
    if form in _CASES:
        return _CASES[form](text)
    cut = _SLICE.fullmatch(form)
    if cut is not None:
        start = int(cut[1])
        return text[start : start + int(cut[2])] if cut[2] else text[start:]
    if form[0] in "#%" and not any(sign in form for sign in "*?["):
        affix = form.lstrip(form[0])
        return text.removeprefix(affix) if form[0] == "#" else text.removesuffix(affix)
    replaced = _REPLACE.fullmatch(form)
    if replaced is not None:
        return text.replace(replaced[2], replaced[3], -1 if replaced[1] == "//" else 1)
    return None


def values_of(node: Node | None) -> dict[str, Node]:
    """The values of a mapping of texts."""
    return {name: value for name, _, value in entries(node) if isinstance(value, ScalarNode)}
