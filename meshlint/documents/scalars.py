"""YAML 1.1 scalars as Kubernetes reads them.

kubectl and the API server read YAML through sigs.k8s.io/yaml, a fork of go-yaml v2: `yes`, `on` and `y`
are booleans, `0777` is octal, `1_000` is a thousand, and neither `12:30` nor a date is anything but text.
"""

from __future__ import annotations

from typing import Final

from meshlint.values import regex

type_tags: Final = "tag:yaml.org,2002:"

Scalar = str | int | float | bool | None

_CONSTANTS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBER_START: Final = frozenset("+-.0123456789")
_INTEGER = regex(r"([-+]?)(0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)")
_FLOAT = regex(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?|[-+]?[0-9]+\.([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER: Final = 128


def plain_scalar(text: str) -> Scalar:
    """The value of a scalar written without quotes."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in _NUMBER_START and len(text) <= _LONGEST_NUMBER:
        return _number(text)
    return text


def tagged_scalar(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag such as `!!str`; a foreign tag leaves the text."""
    if tag in (f"{type_tags}int", f"{type_tags}float", f"{type_tags}bool", f"{type_tags}null"):
        return plain_scalar(text)
    return _decoded(text) if tag == f"{type_tags}binary" else text


def _decoded(text: str) -> str:
    from binascii import a2b_base64

    try:
        return a2b_base64(text).decode()
    except ValueError:
        return text


def key_text(value: Scalar) -> str:
    """A mapping key as JSON holds it: `on:` becomes "true", `8080:` becomes "8080"."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _number(text: str) -> Scalar:
    digits = text.replace("_", "")
    match = _INTEGER.fullmatch(digits)
    if match is not None:
        return _integer(match.group(1), match.group(2))
    if _FLOAT.fullmatch(digits):
        return float(digits)
    return text


def _integer(sign: str, digits: str) -> int:
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        digits = "0o" + digits[1:]
    value = int(digits, 0)
    return -value if sign == "-" else value
