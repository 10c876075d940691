"""Routes of a VirtualService that no request reaches, as the webhook finds them.

It compares matches by their text, and prefixes with what they cover (Istio: `analyzeUnreachableHTTPRules`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint.admission.istio.mistake import Mistake
from meshlint.admission.istio.said import Said, Scene, Steps
from meshlint.admission.istio.values import items, mapping, number, text


def unreached(value: Any, _: Scene) -> Iterator[Said]:
    """Routes after one without matches, and matches that stand before already."""
    for protocol in ("http", "tcp", "tls"):
        yield from _routes(protocol, items(value, protocol))
    yield from _prefixes(items(value, "http"))


def _routes(protocol: str, routes: list[Any]) -> Iterator[Said]:
    seen: dict[str, Steps] = {}
    open_route: int | None = None
    for index, route in enumerate(routes):
        at: Steps = (protocol, index)
        matches = items(route, "match")
        if open_route is not None:
            words = "has a route after one that takes all requests"
            yield _said(words, at, (protocol, open_route))
            continue
        if not matches:
            open_route = index
            continue
        for number_, match in enumerate(matches):
            key, place = _key(match), (*at, "match", number_)
            if key in seen:
                yield _said("has a match that stands before already", place, seen[key])
            seen.setdefault(key, place)


def _said(words: str, at: Steps, other: Steps) -> Said:
    return Said(
        Mistake.UNREACHED, words, at, "Remove it, or move it before.", refuses=False, related=(other,)
    )


def _key(match: Any) -> str:
    if isinstance(match, dict):
        match = {key: inner for key, inner in match.items() if key != "name" and inner not in (None, "", [])}
    return json.dumps(match, sort_keys=True, default=str)


def _prefixes(routes: list[Any]) -> Iterator[Said]:
    known: list[tuple[Steps, dict[str, Any]]] = []
    open_before = False
    seen: set[str] = set()
    for index, route in enumerate(routes):
        matches = items(route, "match")
        for place, match in enumerate(matches if not open_before else ()):
            if not text(mapping(match, "uri"), "prefix") or _key(match) in seen:
                continue
            seen.add(_key(match))
            at: Steps = ("http", index, "match", place)
            wider = next((other for other, one in known if _covers(one, match)), None)
            if wider is not None:
                yield _said("has a match that a wider prefix before it takes", at, wider)
            known.append((at, match))
        open_before = open_before or not matches


def _covers(wide: dict[str, Any], narrow: dict[str, Any]) -> bool:
    one, other = text(wide["uri"], "prefix"), text(narrow["uri"], "prefix")
    if one == other or not other.startswith(one) or number(wide, "port") != number(narrow, "port"):
        return False
    if not all(_test(wide, name).startswith(_test(narrow, name)) for name in ("method", "authority")):
        return False
    return all(_same(wide, narrow, name) for name in ("headers", "queryParams", "withoutHeaders"))


def _test(match: dict[str, Any], name: str) -> str:
    return _form(match.get(name)) or ("exact:GET" if name == "method" else "")


def _form(test: Any) -> str:
    exact, prefix = text(test, "exact"), text(test, "prefix")
    return f"exact:{exact}" if exact else f"prefix:{prefix}" if prefix else ""


def _same(wide: dict[str, Any], narrow: dict[str, Any], name: str) -> bool:
    one, other = mapping(wide, name), mapping(narrow, name)
    return one.keys() == other.keys() and all(_form(one[k]).startswith(_form(other[k])) for k in one)
