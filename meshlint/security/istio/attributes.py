"""The attributes that policies ask for, and their values in a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from meshlint.matching import request_path
from meshlint.security.istio.request import Request
from meshlint.values import regex

Attribute = tuple[str, ...]
"""Names what is asked for, such as `("method",)` or `("header", "x-role")`."""
Values = tuple[Any, ...]

IDENTITY: Attribute = ("identity",)
SOURCE_IP: Attribute = ("source_ip",)
REMOTE_IP: Attribute = ("remote_ip",)
DESTINATION_IP: Attribute = ("destination_ip",)
PORT: Attribute = ("destination_port",)
SNI: Attribute = ("sni",)
HOST: Attribute = ("host",)
METHOD: Attribute = ("method",)
PATH: Attribute = ("path",)
TOKEN: Attribute = ("claims",)
"""Issuer and subject of the request's token, as a pair."""

TEXT_MARK, LIST_MARK = "=", "["
"""What tells the text of metadata from the members of a list in it."""

_PATH_HEADER: Attribute = ("header", ":path")
_SLASHES = regex(r"//+")
_ENCODED_SLASH = regex(r"%2[fF]|%5[cC]")


class Facts(dict[Attribute, "Values | None"]):
    """The values of a request's attributes: none for what is missing, None for what was left open."""

    def __init__(self, request: Request, normalization: str = "BASE") -> None:
        super().__init__()
        self._request = request
        self._normalization = normalization

    def __missing__(self, attribute: Attribute) -> Values | None:
        part = part_of(attribute)
        values: Values | None
        if part not in self._request.left_open:
            values = self._read(attribute)
        else:
            # Of a collection that is left open, what is given is known.
            values = (self._read(attribute) or None) if part in _COLLECTIONS else None
        self[attribute] = values
        return values

    def unknown_parts(self) -> frozenset[str]:
        """The parts of the request that were asked for and left open."""
        return frozenset(part_of(attribute) for attribute, values in self.items() if values is None)

    def _read(self, attribute: Attribute) -> Values:
        if attribute == PATH:
            seen = seen_path(self._request.path, self._normalization)
            return () if seen is None else (seen,)
        if attribute == _PATH_HEADER:
            seen = seen_path(self._request.path, self._normalization)
            return () if seen is None else (seen + _query(self._request.path or ""),)
        read = _READERS.get(attribute[0])
        if read is not None:
            return read(self._request, attribute)
        value = getattr(self._request, attribute[0])
        return () if value is None else (value,)


def part_of(attribute: Attribute) -> str:
    """The field of a request that an attribute is read from."""
    if attribute[0] == "header" and attribute[1] in _PSEUDO_PARTS:
        return _PSEUDO_PARTS[attribute[1]]
    return _PARTS.get(attribute[0], attribute[0])


def seen_path(sent: str | None, normalization: str = "BASE") -> str | None:
    """The path that policies are matched against; None if there is none, or the proxy refuses it.

    `normalization` is the mesh's setting: NONE, BASE (also DEFAULT), MERGE_SLASHES or
    DECODE_AND_MERGE_SLASHES (Istio: normalization of paths).
    """
    if sent is None:
        return None
    if normalization == "NONE":
        return None if "#" in sent else sent.partition("?")[0]
    if normalization == "DECODE_AND_MERGE_SLASHES":
        path, mark, query = sent.partition("?")
        sent = _ENCODED_SLASH.sub("/", path) + mark + query
    seen = request_path(sent)
    if seen is not None and normalization in ("MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"):
        return _merged(seen)
    return seen


def _query(sent: str) -> str:
    """The query of a path as sent, with its mark; the header of the path keeps it (seen of Envoy 1.40)."""
    return "".join(sent.partition("?")[1:])


def _merged(path: str) -> str:
    """Several slashes as one; of a path that holds nothing else, two are left (seen of Envoy 1.40)."""
    merged = _SLASHES.sub("/", path)
    return "//" if merged == "/" != path else merged


def _remote_ip(request: Request, _: Attribute) -> Values:
    address = request.source_ip if request.remote_ip is None else request.remote_ip
    return () if address is None else (address,)


def _token(request: Request, _: Attribute) -> Values:
    claims = request.claims or {}
    issuer, subject = claims.get("iss"), claims.get("sub")
    return ((issuer, subject),) if isinstance(issuer, str) and isinstance(subject, str) else ()


def _claim(request: Request, attribute: Attribute) -> Values:
    found: Any = request.claims or {}
    for step in attribute[1:]:
        found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        spaced = len(attribute) == 2 and attribute[1] in request.space_delimited_claims
        return tuple(found.split(" ")) if spaced else (found,)
    return _texts(found)


def _header(request: Request, attribute: Attribute) -> Values:
    """Each value of a repeated header stands alone (seen of Envoy 1.40)."""
    wanted = attribute[1]
    if wanted in _PSEUDO:
        value = _PSEUDO[wanted](request)
        return () if value is None else (value,)
    found: list[str] = []
    for name, held in request.headers.items():
        if name.lower() == wanted:
            found.extend((held,) if isinstance(held, str) else held)
    return tuple(found)


def _metadata(request: Request, attribute: Attribute) -> Values:
    value = request.metadata.get(attribute[1], {}).get(attribute[2])
    if isinstance(value, str):
        return (TEXT_MARK + value,)
    return tuple(LIST_MARK + item for item in _texts(value))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


_PSEUDO: Mapping[str, Callable[[Request], str | None]] = {
    ":method": lambda request: request.method,
    ":authority": lambda request: request.host,
    "host": lambda request: request.host,
}
_READERS: Mapping[str, Callable[[Request, Attribute], Values]] = {
    "remote_ip": _remote_ip,
    "claims": _token,
    "claim": _claim,
    "header": _header,
    "metadata": _metadata,
}
_PSEUDO_PARTS = {":method": "method", ":authority": "host", "host": "host", ":path": "path"}
_COLLECTIONS = frozenset({"headers", "claims", "metadata"})
_PARTS = {"claim": "claims", "header": "headers"}
