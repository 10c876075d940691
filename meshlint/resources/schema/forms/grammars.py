"""The forms that values of annotations and labels have."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from meshlint.resources.schema.forms.formats import go_duration
from meshlint.values import regex

BOOL: Final = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))
QUANTITY: Final = regex(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+|m|[kKMGTPE]i?|[nu])?|\.\d+[a-zA-Z]{0,2}", re.ASCII)
LINKERD_DURATION: Final = regex(r"\d+(?:ms|s|m|h|d)|0", re.ASCII)
PORT_NAME: Final = regex(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def is_port(text: str) -> bool:
    """A number from 0 to 65535."""
    return text.isascii() and text.isdigit() and int(text[:6]) <= 65535


def is_port_range(text: str) -> bool:
    """A port, or two with a hyphen, the lower first."""
    low, hyphen, high = text.partition("-")
    if not hyphen:
        return is_port(text)
    return is_port(low) and is_port(high) and int(low) <= int(high)


def is_cidr(text: str) -> bool:
    """An address block, or an address alone."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_json(text: str) -> bool:
    """A JSON text."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _each(holds: Callable[[str], bool], *also: str) -> Callable[[str], bool]:
    """A list with commas, each item of which holds; empty is fine, and so is one of `also` alone."""

    def check(text: str) -> bool:
        parts = [part.strip() for part in text.split(",")]
        return text.strip() in ("", *also) or all(holds(part) for part in parts if part)

    return check


def _is_int(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+", text, re.ASCII) is not None


def _is_ratio(text: str) -> bool:
    return re.fullmatch(r"0?\.\d+|0|1(?:\.0*)?", text) is not None


GRAMMARS: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "bool": ("true or false", lambda text: text in BOOL),
    "cidr-list": ("a list of address blocks", _each(is_cidr)),
    "cidr-list-or-all": ('a list of address blocks, or "*"', _each(is_cidr, "*")),
    "duration": ("a duration such as 10s", lambda text: go_duration(text) is not None),
    "int": ("a whole number", _is_int),
    "json": ("JSON", is_json),
    "linkerd-duration": (
        "a whole number and a unit, such as 10s",
        lambda t: bool(LINKERD_DURATION.fullmatch(t)),
    ),
    "port": ("a port number", is_port),
    "port-list": ("a list of port numbers", _each(is_port)),
    "port-list-or-all": ('a list of port numbers, or "*"', _each(is_port, "*")),
    "port-ranges": ("a list of ports and ranges such as 8000-8080", _each(is_port_range)),
    "port-ranges-or-names": (
        "a list of ports, ranges and port names",
        _each(lambda text: is_port_range(text) or (not text.isdigit() and bool(PORT_NAME.fullmatch(text)))),
    ),
    "quantity": ("a quantity such as 100m or 64Mi", lambda text: bool(QUANTITY.fullmatch(text))),
    "ratio": ("a number between 0 and 1", _is_ratio),
    "uint": ("a whole number that is not negative", lambda text: text.isascii() and text.isdigit()),
}
"""By name: what the value is, in words, and whether a text is one."""
