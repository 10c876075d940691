"""Redirects, rewrites and destinations that are rejected, or not what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.http_routes import http_routes
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.documents import Field

_EFFECTIVE_CODES = frozenset({301, 302, 303, 307, 308})


def conflict(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route has no action, several, or one that excludes what stands beside it."""
    return told(world, Mistake.ROUTE_ACTION)


def redirect_code(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect has a status that clients do not follow."""
    for owner, route in http_routes(world):
        redirect = route.redirect
        code = None if redirect is None else redirect.field.integer("redirectCode")
        if redirect is not None and code is not None and code and code not in _EFFECTIVE_CODES:
            yield Hit(
                redirect.field / "redirectCode",
                f"{owner} redirects with status {code}, so Istio sends 301 or rejects it",
                resource=owner,
                hint="Use 301, 302, 303, 307 or 308.",
            )


def redirect_loop(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A redirect leads to a request that the same route takes again."""
    from meshlint.traffic.reach.redirects import redirect_loops

    for owner, route in redirect_loops(world.mesh):
        yield Hit(
            route.field / "redirect",
            f"{owner} redirects to what the same route takes again, so clients loop",
            resource=owner,
            on_key=True,
            hint="Let the route match only what is to be redirected, or change scheme, authority or path.",
        )


def rewrite_slash(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A prefix ends in a slash and its rewrite does not, or the other way round."""
    for owner, route in http_routes(world):
        rewrite = None if route.rewrite is None else route.rewrite.uri
        for match in route.match:
            prefix = match.uri.value if match.uri is not None and match.uri.kind == "prefix" else None
            example = _rewritten(prefix, rewrite) if prefix and rewrite is not None else None
            if example is not None and rewrite is not None:
                yield Hit(
                    rewrite.field,
                    f"{owner} rewrites prefix {str(prefix)!r} to {str(rewrite)!r}, "
                    f"so {example[0]!r} becomes {example[1]!r}",
                    resource=owner,
                    hint="Let both end in a slash, or neither.",
                    about=str(prefix),
                )
                break


def _rewritten(prefix: str, rewrite: str) -> tuple[str, str] | None:
    if prefix.endswith("/") and not rewrite.endswith("/"):
        return f"{prefix}x", f"{rewrite}x"
    return None


def duplicate_destination(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route names one destination twice."""
    for owner, route in http_routes(world):
        first: dict[tuple[str, str | None, int | None], Field] = {}
        for entry in route.route:
            place = entry.destination
            key = (str(place.host or ""), place.subset and str(place.subset), place.port)
            # Without a weight it gets nothing, which another rule tells.
            if key in first and entry.weight is not None:
                yield Hit(
                    entry.field,
                    f"{owner} names destination {key[0]!r} twice in one route, so the two weights add up",
                    resource=owner,
                    hint="Merge the two, or correct the subset of one.",
                    related=(Related(first[key], "named here first"),),
                )
            first.setdefault(key, entry.field)
