"""From the kinds of calls that policies tell apart to calls that can be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.api.differing import asked_at_ports as asked_for
from meshlint.api.differing.parts import Asked, Cell, Kind, Part, parts_of, values_of
from meshlint.matching import StringSet, request_path
from meshlint.security.access import AccessRequest

_WORD = StringSet.regex("[A-Za-z0-9][A-Za-z0-9._-]*")
_PATHS = StringSet.prefix("/")
_PLAIN_PATH = StringSet.regex("(/[A-Za-z0-9._~-]+)*/?") & _PATHS
_METHODS = StringSet.regex("[A-Z]+")
_HOSTS = StringSet.regex("[a-z0-9][a-z0-9.-]*(:[0-9]+)?")
_SENT = StringSet.regex("[!-~]+")
_IDENTITIES = StringSet.regex("[^/]+/ns/[^/]+/sa/[^/]+") | StringSet.regex("[a-z0-9-]+([.][a-z0-9-]+)+")
_MACHINES = StringSet.prefix("spiffe://")
_FIRST_METHODS = StringSet.exact("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_OPTIONAL = (asked_for.HEADER, asked_for.CLAIM, asked_for.METADATA, asked_for.QUERY)
_TEXTS = StringSet.prefix("=") | StringSet.prefix("[")


def kind_of(part: str) -> Kind:
    """How the values of a part look."""
    if part == asked_for.PATH:
        return Kind(_PATHS, plain=_PLAIN_PATH, fits=lambda value: request_path(value) == value)
    if part == asked_for.METHOD:
        return Kind(StringSet.regex("[!-~]+"), plain=_METHODS & _FIRST_METHODS)
    if part == asked_for.HOST:
        return Kind(_SENT, plain=_HOSTS)
    if part == asked_for.IDENTITY:
        return Kind(_IDENTITIES | _MACHINES, plain=_IDENTITIES)
    if part in (asked_for.SNI, asked_for.ISSUER, asked_for.SUBJECT):
        return Kind(_SENT, may_be_absent=True, plain=_WORD)
    if part.startswith(asked_for.METADATA):
        return Kind(_TEXTS, may_be_absent=True)
    return Kind(_SENT, may_be_absent=part.startswith(_OPTIONAL), plain=_WORD)


def without_identity(asked: Asked) -> Asked:
    """What is asked of requests, whoever sends them."""
    return Asked({part: held for part, held in asked.texts.items() if part != asked_for.IDENTITY})


def identity_part(asked: Asked) -> Part | None:
    """The kinds of callers that are told apart by their identity; None where nothing asks for one."""
    held = {part: sets for part, sets in asked.texts.items() if part == asked_for.IDENTITY}
    found = parts_of(Asked(held), kind_of)
    return found[0] if found else None


def request_with(parts: Sequence[Part], cell: Cell, destination: str, port: int) -> AccessRequest:
    """The call of a cell."""
    values = values_of(parts, cell)
    return AccessRequest(
        destination,
        port,
        source_ip=values.get(asked_for.SOURCE_IP),
        remote_ip=values.get(asked_for.REMOTE_IP),
        destination_ip=values.get(asked_for.DESTINATION_IP),
        sni=values.get(asked_for.SNI),
        method=values.get(asked_for.METHOD) or ("GET" if _asks_requests(values) else None),
        path=target_of(values),
        host=values.get(asked_for.HOST),
        headers=headers_of(values),
        claims=_claims(values),
        metadata=_metadata(values),
    )


def _named(values: dict[str, str | None], prefix: str) -> dict[str, str]:
    return {
        part.removeprefix(prefix): value
        for part, value in values.items()
        if part.startswith(prefix) and value is not None
    }


def _asks_requests(values: dict[str, str | None]) -> bool:
    """Whether policies ask for what only requests have: then a bare connection is not what is meant."""
    whole = (asked_for.PATH, asked_for.HOST, asked_for.ISSUER, asked_for.SUBJECT)
    return any(part in whole or part.startswith(_OPTIONAL) for part in values)


def headers_of(values: dict[str, str | None]) -> dict[str, str]:
    """The headers among the values of parts."""
    return _named(values, asked_for.HEADER)


def target_of(values: dict[str, str | None]) -> str | None:
    """The path with its query, as a request names them; None where neither is told."""
    from urllib.parse import urlencode

    path, query = values.get(asked_for.PATH), urlencode(_named(values, asked_for.QUERY))
    return f"{path or '/'}?{query}" if query else path


def _claims(values: dict[str, str | None]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for name, value in _named(values, asked_for.CLAIM).items():
        *outer, last = name.split("/")
        place = found
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = value
    for part, claim in ((asked_for.ISSUER, "iss"), (asked_for.SUBJECT, "sub")):
        if values.get(part) is not None:
            found[claim] = values[part]
    return found or None


def _metadata(values: dict[str, str | None]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, value in _named(values, asked_for.METADATA).items():
        space, _, key = name.partition("/")
        found.setdefault(space, {})[key] = value[1:] if value.startswith("=") else [value[1:]]
    return found
