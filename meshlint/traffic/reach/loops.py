"""Redirects of the Gateway API's routes that lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from meshlint.documents import Field, Place
from meshlint.matching import StringSet
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.rewriting import replaced_prefix
from meshlint.traffic.gateways.balanced import listens_behind
from meshlint.traffic.reach.attached import Merged, at_gateways, merged_routes
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Entry, Respond
from meshlint.traffic.tables.gateway_api.routes import ranked_entries
from meshlint.values import evolve, frozen

_HTTPS = 443


@frozen(eq=False, repr=False)
class Loop:
    """A redirect of a route that ends where it began, and why, in words that follow on the route."""

    owner: Resource
    redirect: Field
    how: str


def route_loops(mesh: Mesh, statuses: Statuses) -> Iterator[Loop]:
    """The redirects of routes that clients follow for ever, each once."""
    told: set[Place] = set()
    for loop in (*_to_https(mesh, statuses), *_to_themselves(mesh, statuses)):
        if loop.redirect.place not in told:
            told.add(loop.redirect.place)
            yield loop


def _to_https(mesh: Mesh, statuses: Statuses) -> Iterator[Loop]:
    """Redirects to HTTPS for which nothing changes: at a listener that is HTTPS, or to which a balancer sends
    what it has decrypted.
    """
    for route, gateway, parent in at_gateways(mesh, statuses):
        redirects = [
            (redirect, port)
            for rule in route.rules
            for redirect in (one.field / "requestRedirect" for one in rule.filters)
            if (port := _changes_scheme_alone(redirect)) is not None
        ]
        status = statuses.at_parent(route, parent) if redirects else None
        for redirect, port in redirects:
            for one in () if status is None else status.listeners:
                how = _nothing_changes(mesh, gateway, one.listener, port)
                if how is not None:
                    yield Loop(route.resource, redirect, f"to https on listener '{one.listener.name}', {how}")


def _nothing_changes(mesh: Mesh, gateway: Gateway, listener: Listener, port: int) -> str | None:
    """Why what comes encrypted to a port comes to a listener; None if it does not."""
    if listener.takes_tls and listener.port == port:
        return "which is HTTPS"
    behind = listens_behind(mesh, gateway, listener, port)
    return "behind a load balancer that ends TLS" if behind else None


def _changes_scheme_alone(redirect: Field) -> int | None:
    """The port that a redirect to HTTPS leads to where it changes neither host nor path; None otherwise."""
    to_https = redirect.text("scheme") == "https" and not redirect.text("hostname")
    return (redirect.integer("port") or _HTTPS) if to_https and not redirect / "path" else None


def _to_themselves(mesh: Mesh, statuses: Statuses) -> Iterator[Loop]:
    """Redirects to a path of the same host that the same rule takes again."""
    by_place: dict[tuple[str, str], list[Merged]] = {}
    for merged in merged_routes(mesh, statuses):
        by_place.setdefault((merged.place, merged.host), []).append(merged)
    for (_, host), groups in by_place.items():
        routes = list(dict.fromkeys(route for one in groups for route in one.routes))
        if not any(map(_redirects, routes)):
            continue
        entries = [one for _, one in ranked_entries(mesh, routes, at_gateway=groups[0].at_gateway)]
        for entry in entries:
            if isinstance(entry.action, Respond) and _comes_back(mesh, entry, entries, host):
                yield Loop(entry.owner, entry.action.field or entry.rule, "to what the same rule takes again")


def _redirects(route: AnyRoute) -> bool:
    return any(one.type == "RequestRedirect" for rule in route.rules for one in rule.filters)


def _comes_back(mesh: Mesh, entry: Entry, entries: Sequence[Entry], host: str) -> bool:
    """Whether a request for the path of a match is redirected by it, and twice more after that."""
    redirect = entry.action.field if isinstance(entry.action, Respond) else None
    if redirect is None or redirect.path[-1] != "requestRedirect" or redirect.text("scheme"):
        return False
    if redirect.integer("port") or str(redirect.text("hostname") or host).lower() != host:
        return False
    path = _written(entry)
    for _ in range(3):
        if path is None or not _takes_first(mesh, entry, entries, path):
            return False
        path = _redirected(entry, redirect, path)
    return True


def _takes_first(mesh: Mesh, entry: Entry, entries: Sequence[Entry], path: str) -> bool:
    """Whether a request for a path is surely the entry's, and nobody's before it."""
    asked = evolve(entry.condition, path=StringSet.exact(path), is_catch_all=False)
    for one in entries:
        if one is entry:
            return decided(mesh, partial(asked.is_subset, entry.condition)) is True
        if decided(mesh, partial(asked.overlaps, one.condition)) is not False:
            return False
    return False


def _redirected(entry: Entry, redirect: Field, path: str) -> str | None:
    """The path that a redirect makes of one; None where it cannot be told."""
    change = redirect / "path"
    if not change:
        return path
    full, prefix = change.text("replaceFullPath"), change.text("replacePrefixMatch")
    if full is not None:
        return str(full).partition("?")[0]
    matched = _written(entry)
    return None if prefix is None or matched is None else replaced_prefix(matched, prefix, path)


def _written(entry: Entry) -> str | None:
    """The path that a match writes out; None for a pattern and for gRPC."""
    if entry.match is None or entry.owner.kind != "HTTPRoute":
        return None
    path = entry.match / "path"
    return None if path.text("type") == "RegularExpression" else str(path.text("value") or "/")
