"""Rules of HTTPRoutes that no request reaches, or that send requests astray."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def unreachable(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match gets no request, as others that are tried before it take them all."""
    from meshlint.traffic.reach.kubernetes import unreached

    for found in unreached(world.mesh):
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

    for found in glued(world.mesh):
        yield Hit(
            found.at,
            f"{found.owner} rewrites prefix '/' to {found.replacement!r}, so '/x' becomes {found.example!r}",
            resource=found.owner,
            hint="Istio drops the slash at the end: match a prefix other than '/', or let the server do it.",
        )


def https_loop(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect to HTTPS is taken by an HTTPS listener as well."""
    from meshlint.traffic.reach.kubernetes import https_loops

    told: set[int] = set()
    for owner, redirect, listener in https_loops(world.mesh, world.traffic.status):
        if id(redirect.value) not in told:
            told.add(id(redirect.value))
            yield Hit(
                redirect / "scheme",
                f"{owner} redirects to https on listener {listener!r}, which is HTTPS, so clients loop",
                resource=owner,
                hint="Attach it to the HTTP listener alone, with `sectionName`.",
            )
