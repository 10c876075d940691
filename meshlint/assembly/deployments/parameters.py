"""Parameters in the template of an ApplicationSet, in both of its languages.

Argo CD: without `goTemplate` a parameter is `{{name}}`, with it `{{ .name }}`, an entry of a list, or a value
passed through a function; what is not understood stays, and is then unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode

from meshlint.assembly.nodes import copied
from meshlint.values import regex

Parameters = Mapping[str, str]
_EXPRESSION: Final = regex(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_NAME: Final = regex(r"\.?([\w.\[\]/-]+)")
_INDEX: Final = regex(r"index\s+\.([\w.]+)\s+(?:(\d+)|\"([^\"]*)\")")
_DEFAULT: Final = regex(r"default\s+\"([^\"]*)\"(?:\s+\.([\w.]+))?")
_NOT_OF_NAMES: Final = regex(r"[^a-z0-9.-]+")
_LONGEST: Final = 253


def filled_in(template: Node, parameters: Parameters) -> Node:
    """A copy of `template` with `parameters` in the places that ask for them."""
    result = copied(template)
    waiting: list[Node] = [result]
    while waiting:
        node = waiting.pop()
        inner = (
            [part for pair in node.value for part in pair] if isinstance(node, MappingNode) else node.value
        )
        if isinstance(node, ScalarNode):
            _fill(node, parameters)
        else:
            waiting += inner
    return result


def _fill(node: ScalarNode, parameters: Parameters) -> None:
    if "{{" in node.value:
        node.value = text_filled_in(node.value, parameters)


def text_filled_in(text: str, parameters: Parameters) -> str:
    """`text` with what is known of its parameters."""

    def found(match: re.Match[str]) -> str:
        value = _value(match[1], parameters)
        return match[0] if value is None else value

    return _EXPRESSION.sub(found, text)


def normalized(text: str) -> str:
    """`text` as the name of an object can be (Argo CD: basenameNormalized)."""
    return _NOT_OF_NAMES.sub("-", text.lower())[:_LONGEST].strip("-.")


def _value(expression: str, parameters: Parameters) -> str | None:
    first, *functions = (part.strip() for part in expression.split("|"))
    value = _first(first, parameters)
    for function in functions:
        default = _DEFAULT.fullmatch(function)
        if default is not None:
            value = value or default[1]
        elif value is None or function not in _FUNCTIONS:
            return None
        else:
            value = _FUNCTIONS[function](value)
    return value


def _first(expression: str, parameters: Parameters) -> str | None:
    index, default = _INDEX.fullmatch(expression), _DEFAULT.fullmatch(expression)
    if index is not None:
        inner = f"{index[1]}[{index[2]}]" if index[2] is not None else f"{index[1]}.{index[3]}"
        return parameters.get(inner)
    if default is not None and default[2]:
        return parameters.get(default[2]) or default[1]
    name = _NAME.fullmatch(expression)
    return parameters.get(name[1]) if name is not None else None


_FUNCTIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "normalize": normalized,
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "toString": str,
    "quote": lambda text: f'"{text}"',
}
