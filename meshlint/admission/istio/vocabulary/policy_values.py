"""Values and keys of policies (Istio: pkg/config/security)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from meshlint.admission.istio.vocabulary import texts
from meshlint.values import regex

MOST_ACCOUNTS: Final = 16
LONGEST_ACCOUNT: Final = 320
LARGEST_PORT: Final = 65535
TEMPLATES: Final = ("{*}", "{**}")
SEGMENT: Final = regex(r"[a-zA-Z0-9\-._~%!$&'()+,;:@=]+")
BRACKETED: Final = ("request.headers", "request.auth.claims", "experimental.envoy.filters.")
PLAIN: Final = frozenset(
    (
        "source.ip",
        "remote.ip",
        "source.namespace",
        "source.serviceAccount",
        "source.principal",
        "source.trustDomain",
        "request.auth.principal",
        "request.auth.audiences",
        "request.auth.presenter",
        "destination.ip",
        "destination.port",
        "connection.sni",
    )
)


def empty_problem(value: str) -> str:
    """An empty value."""
    return "" if value else "is empty"


def address_problem(value: str) -> str:
    """What is no address and no block of them."""
    if not value:
        return "is empty"
    if "/" in value:
        return "" if texts.is_block(value) else "is no block of addresses"
    return "" if texts.is_address(value) else "is no IP address"


def port_problem(value: str) -> str:
    """What is no port number."""
    if not value:
        return "is empty"
    sound = value.isascii() and value.isdecimal() and int(value[-20:]) <= LARGEST_PORT
    return "" if sound else "is no port"


def account_problem(value: str) -> str:
    """What is neither `account` nor `namespace/account`."""
    if not value:
        return "is empty"
    if "*" in value:
        return "has a wildcard"
    parts = value.split("/")
    if len(parts) > 2 or "" in parts:
        return "is neither `account` nor `namespace/account`"
    return f"has more than {LONGEST_ACCOUNT} characters" if len(value.encode()) > LONGEST_ACCOUNT else ""


def wildcard_problem(value: str) -> str:
    """A star that is neither at the start nor at the end, or a second one."""
    if not value:
        return "is empty"
    if value.count("*") > 1:
        return "has more than one wildcard"
    inside = "*" in value and not value.startswith("*") and not value.endswith("*")
    return "has a wildcard in its middle" if inside else ""


def domain_problem(value: str) -> str:
    """What is no trust domain."""
    return wildcard_problem(value) or ("is no trust domain, which has no slash" if "/" in value else "")


def path_problem(value: str) -> str:
    """A template of a path that Envoy would not take."""
    if not value:
        return "is empty"
    if "{" not in value and "}" not in value:
        return ""
    template = any(mark in value for mark in TEMPLATES)
    open_end = False
    for segment in value.strip("/").split("/"):
        if segment in TEMPLATES:
            if open_end:
                return "has a template after `{**}`"
            open_end = segment == "{**}"
        elif "{" in segment or "}" in segment:
            return "has a brace that is part of no template"
        elif template and not SEGMENT.fullmatch(segment):
            return "has a part that no path template may have"
    return ""


def key_problem(key: str) -> str:
    """What keeps `key` from being an attribute that policies may ask for."""
    if key.startswith(BRACKETED):
        start = key.find("[")
        return "" if key.endswith("]") and 0 < start < len(key) - 2 else "names nothing in brackets"
    if key in PLAIN:
        return ""
    if key == "destination.namespace":
        return "metadata.namespace says already"
    if key.startswith("destination.labels"):
        return "the selector says already"
    return "is no longer supported" if key in ("destination.name", "destination.user") else "is unknown"


def of_key(key: str) -> Callable[[str], str]:
    """What judges the values of a condition on `key`."""
    known: dict[str, Callable[[str], str]] = {
        "source.ip": address_problem,
        "remote.ip": address_problem,
        "destination.ip": address_problem,
        "destination.port": port_problem,
        "source.serviceAccount": account_problem,
        "source.trustDomain": wildcard_problem,
    }
    return known.get(key, empty_problem)
