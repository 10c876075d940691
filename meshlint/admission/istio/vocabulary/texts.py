"""The forms of texts that istiod's webhook knows: names, hosts, labels, addresses.

Sources: Istio, pkg/config/labels (labels, names), pkg/config/validation/agent (hosts, addresses, ports), and
net/netip of Go, which reads the addresses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from meshlint.values import regex

_REMEMBERED: Final = 1 << 10
"""How many hosts, none of them long, are judged once: each is named in several places."""
LONGEST_LABEL: Final = 63
LONGEST_HOST: Final = 255
LONGEST_PREFIX: Final = 253
_LABEL: Final = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_QUALIFIED: Final = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
LABEL: Final = regex(_LABEL)
WILDCARD_LABEL: Final = regex(rf"\*|(?:\*-?)?{_LABEL}")
KEY: Final = regex(rf"((?:{_LABEL})(?:\.{_LABEL})*/)?({_QUALIFIED})")
VALUE: Final = regex(rf"(?:{_QUALIFIED})?")
NUMBER: Final = regex(r"[-+]?[0-9]+")
UNIX: Final = "unix://"
PREFIX_LENGTH: Final = regex(r"0|[1-9][0-9]{0,2}")
GENERATED: Final = "outbound_"


def is_label(text: str) -> bool:
    """Whether `text` is one label of a host name."""
    return len(text.encode()) <= LONGEST_LABEL and LABEL.fullmatch(text) is not None


def is_wildcard_label(text: str) -> bool:
    """Whether `text` is the first label of a host, which may be or start with a star."""
    return len(text.encode()) <= LONGEST_LABEL and WILDCARD_LABEL.fullmatch(text) is not None


def host_problem(text: str) -> str:
    """What keeps `text` from being a full host name without a wildcard; empty if nothing does."""
    return _length_problem(text) or _labels_problem(text)


def wildcard_problem(text: str) -> str:
    """What keeps `text` from being a host name that may start with a wildcard; empty if nothing does."""
    return _length_problem(text) or _wildcard_labels_problem(text)


@lru_cache(maxsize=_REMEMBERED)
def _wildcard_labels_problem(text: str) -> str:
    first, dot, rest = text.partition(".")
    if not is_wildcard_label(first):
        return _label_problem(first)
    return _labels_problem(rest) if dot else ""


def _length_problem(text: str) -> str:
    if not text:
        return "is empty"
    return "has more than 255 characters" if len(text.encode()) > LONGEST_HOST else ""


@lru_cache(maxsize=_REMEMBERED)
def _labels_problem(text: str) -> str:
    parts = text.split(".")
    if NUMBER.fullmatch(parts[-1]):
        return "ends in a number"
    last = len(parts) - 1
    for index, part in enumerate(parts):
        if index == last and not part:
            return ""
        if not is_label(part):
            return _label_problem(part)
    return ""


def _label_problem(part: str) -> str:
    if not part:
        return "has an empty part"
    if len(part.encode()) > LONGEST_LABEL:
        return "has a part of more than 63 characters"
    if "*" in part:
        return "has a wildcard where none may stand"
    shown = part if len(part) <= 20 else f"{part[:19]}…"
    return f'has "{shown}" for a part'


def generated_problem(text: str) -> str:
    """What keeps `text` from being a server name that AUTO_PASSTHROUGH gateways make."""
    parts = text.split("_")
    if len(parts) < 4:
        return "does not follow outbound_.PORT_._.HOST"
    port, host = parts[1].strip("."), parts[3].strip(".")
    if parts[0] != "outbound" or not re.search("[0-9]", port) or not re.search("[a-zA-Z]", host):
        return "does not follow outbound_.PORT_._.HOST"
    return ""


def is_partial_wildcard(text: str) -> bool:
    """Whether a wildcard stands for less than whole labels at the start."""
    return "*" in text and text != "*" and not text.startswith("*.")


def key_problem(text: str) -> str:
    """What keeps `text` from being the key of a label; empty if nothing does."""
    found = KEY.fullmatch(text)
    if found is None:
        return "is no key of a label"
    if len(found[1] or "") - 1 > LONGEST_PREFIX:
        return "has more than 253 characters before the slash"
    return "has more than 63 characters" if len(found[2]) > LONGEST_LABEL else ""


def is_value(text: str) -> bool:
    """Whether `text` may be the value of a label."""
    return VALUE.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether Go reads `text` as an IP address; one of version 6 may have a zone."""
    address, mark, zone = text.partition("%")
    if mark and (not zone or ":" not in address):
        return False
    try:
        IPv6Address(address) if ":" in address else IPv4Address(address)
    except ValueError:
        return False
    return address.isascii()


def is_block(text: str) -> bool:
    """Whether Go reads `text` as a block of addresses: an address without zone and the length of a prefix."""
    address, _, length = text.rpartition("/")
    if "%" in address or not is_address(address) or PREFIX_LENGTH.fullmatch(length) is None:
        return False
    return int(length) <= (128 if ":" in address else 32)


def is_subnet(text: str) -> bool:
    """Whether `text` is an address, or a block of addresses."""
    return is_block(text) if text.count("/") == 1 else is_address(text)


def is_socket_path(path: str) -> bool:
    """Whether `path` names a Unix socket: an absolute path to a file, or an abstract name."""
    return path.startswith("@") or (path.startswith("/") and not path.endswith("/"))


def covers(host: str, other: str) -> bool:
    """Whether `host` stands for all that `other` stands for, as Istio's `SubsetOf` compares names."""
    if host.startswith("*"):
        if other.startswith("*"):
            return len(other) >= len(host) and other[1:].endswith(host[1:])
        return other.endswith(host[1:])
    return not other.startswith("*") and host == other


def overlap(host: str, other: str) -> bool:
    """Whether one of two hosts covers the other, as Istio's `Matches` compares names."""
    return covers(host, other) or covers(other, host)
