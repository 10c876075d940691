"""Redirects as Linkerd's proxy answers them, or passes over where they lead back to the same place."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.gateway_api.matches import HttpMatch
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import Respond

_FOUND = 302
_FAILS = 500
_USUAL = {"http": 80, "https": 443}


def redirected(redirect: Field, match: HttpMatch | None, request: Request | None) -> Respond | None:
    """What a redirect answers; None where it would lead to the very place that was asked for.

    Then the request goes on to the backends. A prefix can be replaced only where a prefix matched: elsewhere
    the request fails (Linkerd: the proxy's redirects).
    """
    path = redirect / "path"
    if path.text("type") == "ReplacePrefixMatch" and not (
        match is not None and match.path.type == "PathPrefix"
    ):
        return Respond(path, _FAILS, "a redirect replaces a prefix, and none was matched")
    status = redirect.integer("statusCode") or _FOUND
    if request is not None and _location(redirect, match, request) == _asked(request):
        return None
    return Respond(redirect, status, "redirect")


def _asked(request: Request) -> tuple[str, str, str]:
    return request.scheme, request.authority.lower(), request.path


def _location(redirect: Field, match: HttpMatch | None, request: Request) -> tuple[str, str, str]:
    scheme = str(redirect.text("scheme") or request.scheme)
    return scheme, _authority(redirect, scheme, request).lower(), _path(redirect / "path", match, request)


def _authority(redirect: Field, scheme: str, request: Request) -> str:
    """The authority of the place: a port is written unless it is the usual one, and kept as it was sent."""
    asked, sent = _split(request.authority)
    named, number = redirect.text("hostname"), redirect.integer("port")
    if named and number:
        return f"{named}:{number}"
    if named:
        return str(named) if sent in (None, _USUAL.get(scheme)) else f"{named}:{sent}"
    if not number or number == sent:
        return request.authority
    return asked if number == _USUAL.get(scheme) else f"{asked}:{number}"


def _path(change: Field, match: HttpMatch | None, request: Request) -> str:
    whole, prefix = change.text("replaceFullPath"), change.text("replacePrefixMatch")
    if whole is not None:
        return str(whole)
    if prefix is None or match is None:
        return request.path
    matched = 1 if match.path.value == "/" else len(match.path.value.rstrip("/"))
    rest, mark, query = request.path[matched:].partition("?")
    between = "/" if rest and not rest.startswith("/") else ""
    return f"{prefix}{between}{rest}{mark}{query}"


def _split(authority: str) -> tuple[str, int | None]:
    host, _, port = authority.rpartition(":")
    return (host, int(port)) if host and port.isdecimal() else (authority, None)
