"""Rewrites of paths that policies further on do not know of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World


def policy_before(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A policy at a server is for a path that routes rewrite before it gets there."""
    from meshlint.traffic.followers.rewritten_paths import paths_before_rewrites

    for found in paths_before_rewrites(world.mesh):
        owner, route = found.policy.resource, found.rewriting
        effect = "so it denies nothing" if found.policy.action == "DENY" else "so it never matches"
        yield Hit(
            found.path.field,
            f"{owner} is for path {str(found.path)!r}, which {route.owner} rewrites to {found.seen!r}, "
            f"{effect}",
            resource=owner,
            hint="Name the path as the server sees it, after the rewrite.",
            related=(Related(route.at, "rewritten here"),),
            about=str(found.path),
        )
