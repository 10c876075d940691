"""What HTTPRoutes do to themselves and to each other at the Gateways of Istio."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field, Place
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import leave_off
from meshlint.resources.age import are_known
from meshlint.resources.gateway_api.matches import HttpMatch
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.rewriting import replaced_prefix
from meshlint.traffic.reach.attached import at_gateways, go_together, merged_routes
from meshlint.traffic.reach.tables import table_reach
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Entry, RouteTable
from meshlint.traffic.tables.gateway_api.routes import Ranked, ranked_entries
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Unreached:
    """A match of a route that others, tried before it, leave nothing to.

    `by` are those, of the same route or of another; `is_certain` tells whether the files show their order.
    """

    entry: Entry
    by: tuple[Entry, ...]
    is_certain: bool


def unreached(mesh: Mesh, statuses: Statuses) -> Iterator[Unreached]:
    """Matches of routes that get no request at Gateways of Istio, or from clients of a Service.

    Istio merges the routes of a listener for one host, and those of a Service, and ranks their matches: exact
    paths, prefixes by their length, and regular expressions after them (istiod: sortHTTPRoutes).
    """
    told: set[Place | None] = set()
    for one in merged_routes(mesh, statuses):
        ranked = ranked_entries(mesh, one.routes, at_gateway=one.at_gateway)
        table = RouteTable(one.host, tuple(entry for _, entry in ranked))
        reaches = table_reach(table, shadows=False)
        if not all(reach.is_known for reach in reaches):
            leave_off(mesh, "matches of routes for one listener and host")
        for place, reach in enumerate(reaches):
            by = [ranked[number] for number in reach.taken_by]
            meant = all(go_together(reach.entry.owner, taker.owner) for _, taker in by)
            # Of the rules without a match one is told.
            at = reach.entry.at.place if reach.entry.at else None
            if by and meant and at not in told:
                told.add(at)
                is_certain = all(_comes_first(taker, ranked[place]) for taker in by)
                yield Unreached(reach.entry, tuple(taker for _, taker in by), is_certain)


def _comes_first(taker: Ranked, taken: Ranked) -> bool:
    """Whether the files show that one match is tried before another, by rank, text or age."""
    (rank, entry), (other_rank, other) = taker, taken
    own = entry.owner.id == other.owner.id
    return own or rank != other_rank or are_known((entry.owner, other.owner))


@frozen(eq=False, repr=False)
class Glued:
    """A rewrite of the prefix `/` by which the slash before the rest of the path is lost."""

    owner: Resource
    at: Field
    prefix: str
    replacement: str

    @property
    def example(self) -> str:
        """What `/x` becomes."""
        return replaced_prefix(self.prefix, self.replacement, f"{self.prefix.rstrip('/')}/x")


def glued(mesh: Mesh, statuses: Statuses) -> Iterator[Glued]:
    """Rewrites of routes at Gateways of Istio that glue the rest of the path to what they put in."""
    told: set[Place] = set()
    for route, _, _ in at_gateways(mesh, statuses):
        for rule in route.rules:
            for one in rule.filters if rule.field.place not in told else ():
                told.add(rule.field.place)
                text = (one.field / "urlRewrite" / "path").text("replacePrefixMatch")
                prefixes = [str(m.path.value) for m in rule.matches if _is_prefix(m)]
                if one.type == "URLRewrite" and text is not None and "/" in prefixes and text.rstrip("/"):
                    yield Glued(route.resource, text.field, "/", str(text))


def _is_prefix(match: object) -> bool:
    return isinstance(match, HttpMatch) and match.path.type == "PathPrefix"
