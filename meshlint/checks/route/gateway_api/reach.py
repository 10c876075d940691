"""Rules of HTTPRoutes that no request reaches, or that send requests astray."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def unreachable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match gets no request, as others that are tried before it take them all."""
    from meshlint.traffic.reach.kubernetes import unreached

    for found in unreached(world.mesh, world.traffic.status):
        owner, other = found.entry.owner, found.by[0].owner
        taker = "another of its matches" if other.id == owner.id else str(other)
        effect = "so it is never reached" if found.is_certain else "so only the older of the two is reached"
        yield Hit(
            found.entry.at,
            f"{owner}: {taker} takes all that this match would, {effect}",
            resource=owner,
            hint="Tried first are exact paths, then prefixes, the longer before the shorter, then regular "
            "expressions: make this match the narrower one of its kind.",
            related=tuple(Related(one.at, "taken here") for one in found.by[:3]),
            about=str(found.entry.at.path),
        )


def rewrite_glues(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A rewrite of the prefix `/` loses the slash before the rest of the path."""
    from meshlint.traffic.reach.kubernetes import glued

    for found in glued(world.mesh, world.traffic.status):
        yield Hit(
            found.at,
            f"{found.owner} rewrites prefix '/' to {found.replacement!r}, so '/x' becomes {found.example!r}",
            resource=found.owner,
            hint="Istio drops the slash at the end: match a prefix other than '/', or let the server do it.",
        )


def redirect_loop(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect leads to what the same rule takes again."""
    from meshlint.traffic.reach.loops import route_loops

    for loop in route_loops(world.mesh, world.traffic.status):
        scheme = loop.redirect / "scheme"
        yield Hit(
            scheme or loop.redirect,
            f"{loop.owner} redirects {loop.how}, so clients loop",
            resource=loop.owner,
            on_key=not scheme,
            hint="Attach it to the listener of what comes unencrypted alone, with `sectionName`."
            if scheme
            else "Let the rule match only what is to be redirected, or change host, scheme or path.",
        )


def unmerged(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Of two routes for one port of a Service sidecars follow the older alone."""
    from meshlint.traffic.reach.attached import unmerged_routes

    for one in unmerged_routes(world.mesh, world.traffic.status):
        service, port, other = (
            f"{one.parent.namespace}/{one.parent.name}",
            one.parent.port,
            one.other.resource,
        )
        yield Hit(
            one.parent.field / "port",
            f"{one.route.resource} names port {port} of Service {service} and {other} none, "
            "so sidecars follow only the older there",
            resource=one.route.resource,
            hint="Name the port in both or in neither: Istio merges only routes of one kind of reference.",
            related=(Related(one.other_parent.field, "for all ports"),),
            about=f"{service} {port}",
        )


def partly_taken(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match loses a part of what its text says to one that is tried before it."""
    from meshlint.traffic.reach.partly import partly_taken as found

    for one in found(world.mesh, world.traffic.status):
        owner, path = one.entry.owner, (one.by.match or one.by.rule) / "path"
        words = _LOST[one.part.name].format(path=path.text("value") or "/", other=one.by.owner)
        yield Hit(
            one.entry.at,
            f"{owner}: {words}",
            resource=owner,
            hint=_KEPT[one.part.name],
            related=(Related(one.by.at, "tried first" if one.part.name != "AGE" else "the wider match"),),
            about=str(one.entry.at.path),
        )


_LOST = {
    "SPELT": "the path {path!r} is tried before this pattern, so what the pattern takes of it goes there",
    "LONGER": "the longer path {path!r} is tried first, so its requests go there whatever is asked here",
    "AGE": "{other} matches all of this at the same rank, so it is reached only if it is the older",
}
_KEPT = {
    "SPELT": "Regular expressions come last: write this path as a prefix of its own.",
    "LONGER": "The order of the text does not count: add a match with that path beside these demands.",
    "AGE": "Put both rules into one route, the narrower one first.",
}
