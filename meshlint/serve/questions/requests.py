"""The questions of single requests, from parameters to what the api asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.overviews.matrix import AccessQuestion
from meshlint.engine.usage import Mistake, UsageError
from meshlint.security.access import AccessRequest

_OPEN = frozenset({"headers", "claims", "metadata", "sni"})
_DEEPEST = 8


def access_question(told: Mapping[str, Any]) -> AccessQuestion:
    """Who may call whom; raises `UsageError` for what contradicts itself."""
    to, port = _with_port(told.get("to"), told.get("port"))
    if told.get("through") and to is None:
        raise UsageError(Mistake('"through" needs a destination: name it with "to"'))
    if told.get("any") and not told.get("through"):
        raise UsageError(Mistake('"any" goes with "through"'))
    left_open = frozenset() if told.get("exact") else _OPEN
    request = AccessRequest(
        to or "",
        port=port,
        method=told.get("method"),
        path=told.get("path"),
        host=told.get("host"),
        headers=_by_name(pairs(told.get("header", ()))),
        claims=_claims(told.get("claims")),
        provider_allows=None if told.get("provider") is None else told["provider"] == "allow",
        left_open=left_open - {"sni"} if told.get("sni") is not None else left_open,
        sni=told.get("sni"),
        source_ip=_address(told, "source-ip"),
        remote_ip=_address(told, "remote-ip"),
        destination_ip=_address(told, "destination-ip"),
    )
    chains = {"through": bool(told.get("through")), "any_call": bool(told.get("any"))}
    return AccessQuestion(to, told.get("from"), request, told.get("mesh") or "", **chains)


def route_request(told: Mapping[str, Any]) -> RouteRequest:
    """The request of which the way is asked."""
    return RouteRequest(
        client=told["from"],
        host=told["host"],
        port=told.get("port"),
        path=told.get("path", "/"),
        method=told.get("method", "GET"),
        headers=pairs(told.get("header", ())),
        scheme=told.get("scheme"),
        sni=told.get("sni"),
        address=told.get("address"),
        mesh=told.get("mesh"),
    )


def pairs(headers: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Names and values; raises `UsageError` for a header without a colon."""
    found = []
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise UsageError(Mistake("a header must be written as NAME: VALUE"))
        found.append((name.strip(), value.strip()))
    return tuple(found)


def _by_name(headers: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        found[name.lower()] = (*found.get(name.lower(), ()), value)
    return found


def _with_port(to: str | None, port: str | None) -> tuple[str | None, int | str | None]:
    name, colon, own = (to or "").rpartition(":")
    if colon:
        if port is not None and own != port:
            raise UsageError(Mistake('"port" contradicts "to"'))
        to, port = name, own
    is_number = port is not None and port.isascii() and port.isdigit() and len(port) <= 5
    return to, int(port) if port is not None and is_number else port


def _address(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    if value is None:
        return None
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise UsageError(Mistake(f'"{name}" must be an IP address')) from error


def _claims(claims: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The claims as a token holds them: texts, lists of texts, and objects of these."""
    return None if claims is None else {str(key): _claim(one, _DEEPEST) for key, one in claims.items()}


def _claim(value: Any, depth: int) -> Any:
    if depth and isinstance(value, dict):
        return {str(key): _claim(one, depth - 1) for key, one in value.items()}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    if not isinstance(value, str):
        raise UsageError(Mistake('"claims" must hold texts, lists of texts and objects of them'))
    return value
