"""The path that a server sees after a route has rewritten it."""

from __future__ import annotations

from typing import Any

from meshlint.resources.gateway_api.matches import HttpMatch as GatewayMatch
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.traffic.tables.entries import Entry


def rewritten_path(entry: Entry, path: str) -> str | None:
    """What a route of Istio or of the Gateway API makes of `path`, without a query; None if it leaves it.

    A regular expression that rewrites is not followed.
    """
    if isinstance(entry.route, HttpRoute):
        match = next((one for one in entry.route.match if one.field == entry.match), None)
        return _of_virtual_service(entry.route, match, path)
    if isinstance(entry.route, RouteRule):
        matches = (one for one in entry.route.matches if isinstance(one, GatewayMatch))
        chosen = next((one for one in matches if one.field == entry.match), None)
        return _of_rule(entry.route, chosen, path)
    return None


def _of_virtual_service(route: HttpRoute, match: HttpMatch | None, path: str) -> str | None:
    """Of a prefix only that is replaced, letter by letter (Istio: HTTPRewrite)."""
    rewrite = route.rewrite
    if rewrite is None or not rewrite.uri:
        return None
    uri = match.uri if match is not None else None
    if uri is not None and uri.kind == "prefix":
        return str(rewrite.uri) + path[len(uri.value) :]
    whole = uri is not None and uri.kind == "exact"
    return str(rewrite.uri) + ("" if whole else path.removeprefix("/"))


def _of_rule(rule: RouteRule[Any], match: GatewayMatch | None, path: str) -> str | None:
    """What a filter URLRewrite does (Gateway API: HTTPURLRewriteFilter; istiod: createURLRewriteFilter)."""
    for one in rule.filters:
        change = one.field / "urlRewrite" / "path"
        whole, prefix = change.text("replaceFullPath"), change.text("replacePrefixMatch")
        if one.type == "URLRewrite" and whole is not None:
            return str(whole)
        if one.type == "URLRewrite" and prefix is not None and match is not None:
            return replaced_prefix(str(match.path.value), str(prefix), path)
    return None


def replaced_prefix(prefix: str, replacement: str, path: str) -> str:
    """`path` with the matched prefix replaced, as Istio has Envoy do it.

    The slash at the end of either does not count. The prefix `/` is a slash alone, so that what follows is
    put right behind the replacement (istiod: createURLRewriteFilter; Envoy: prefix_rewrite).
    """
    stem = replacement.rstrip("/")
    if not stem:
        return f"/{path[len(prefix.rstrip('/')) :].lstrip('/')}"
    return stem + path[len(prefix.rstrip("/") or "/") :]
