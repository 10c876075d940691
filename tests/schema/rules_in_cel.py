"""Evaluates a CEL rule of a definition with cel-python, with the functions that Kubernetes adds to CEL."""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import Any

import celpy
from celpy import adapter, celtypes
from celpy.evaluation import CELEvalError

PARTS = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
HOST = re.compile(r"(?:\[[^\]]*\]|[^\s:/?#\[\]\\^`{|}]*)(?::[0-9]*)?")


# The library gives an error for `true || <error>` inside a macro, where CEL gives true.
UNSET_OR = re.compile(r"self\.all\((\w+), !has\(([\w.]+)\) \|\| (.*)\)$")


class Url(celtypes.StringType):
    """The scheme of a URL."""


def rule_holds(rule: str, schema: Any, value: Any) -> bool:
    """Whether the rule holds; a rule that fails to evaluate does not, as in the API server."""
    try:
        return bool(_program(rule).evaluate({"self": _typed(value)}))
    except CELEvalError:
        return False


@functools.cache
def _program(rule: str) -> Any:
    text = " ".join(rule.split()).replace("duration(", "goDuration(")
    text = text.replace("format.dns1123Label().validate(self) == null", "isLabel(self)")
    text = UNSET_OR.sub(r"self.all(\1, has(\2) ? (\3) : true)", text)
    environment = celpy.Environment()
    return environment.program(environment.compile(text), functions=FUNCTIONS)


def _typed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return adapter.json_to_cel(value)
    if isinstance(value, dict):
        return celtypes.MapType(
            {celtypes.StringType(_escaped(key)): _typed(inner) for key, inner in value.items()}
        )
    if isinstance(value, list):
        return celtypes.ListType([_typed(item) for item in value])
    return adapter.json_to_cel(value)


def _escaped(key: str) -> str:
    return "__namespace__" if key == "namespace" else key


def _duration(value: Any) -> Any:
    text = str(value)
    body = text.lstrip("+-")
    if body == "0":
        return celtypes.IntType(0)
    parts = PARTS.findall(body)
    if not parts or "".join(number + unit for number, unit in parts) != body:
        raise ValueError(f"{text} is not a duration")
    total = sum(float(number) * NANOSECONDS[unit] for number, unit in parts)
    return celtypes.IntType(round(-total if text.startswith("-") else total))


def _parsed(text: str) -> str | None:
    if not text or re.search(r"[\x00-\x1f\x7f]", text):
        return None
    scheme, colon, rest = text.partition(":")
    if not colon or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme):
        if text.startswith(":"):
            return None
        scheme, rest = "", text
    path = rest.split("?")[0]
    if not path.startswith("/"):
        return scheme.lower() or None
    if re.search(r"%(?![0-9a-fA-F]{2})", path):
        return None
    if scheme and path.startswith("//") and not HOST.fullmatch(path[2:].split("/")[0].rpartition("@")[2]):
        return None
    return scheme.lower()


def _url(value: Any) -> Any:
    scheme = _parsed(str(value))
    if scheme is None:
        raise ValueError(f"{value} is not a URL")
    return Url(scheme)


def _is_ip(value: Any) -> Any:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return celtypes.BoolType(False)
    return celtypes.BoolType(True)


FUNCTIONS: dict[str, Any] = {
    "goDuration": _duration,
    "url": _url,
    "isURL": lambda value: celtypes.BoolType(_parsed(str(value)) is not None),
    "getScheme": lambda value: celtypes.StringType(str(value)),
    "isIP": _is_ip,
    "isLabel": lambda value: celtypes.BoolType(len(value) <= 63 and bool(DNS_LABEL.fullmatch(str(value)))),
    "substring": lambda value, start, end=None: celtypes.StringType(
        str(value)[int(start) : None if end is None else int(end)]
    ),
    "split": lambda value, by: celtypes.ListType(
        [celtypes.StringType(part) for part in str(value).split(str(by))]
    ),
}
