"""What HTTPRoutes do to themselves and to each other at the Gateways of Istio."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import leave_off
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.matches import HttpMatch
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.rewriting import replaced_prefix
from meshlint.traffic.reach.tables import EntryReach, table_reach
from meshlint.traffic.status.statuses import Statuses
from meshlint.traffic.tables.entries import Entry, Layer
from meshlint.traffic.tables.gateway_api.routes import ranked_table
from meshlint.values import frozen

_EVERY_HOST = "*"
_KINDS = ("HTTPRoute", "GRPCRoute")
_TLS = ("HTTPS", "TLS")
Group = tuple[str, str, str | None, int | None, str]


@frozen(eq=False, repr=False)
class Unreached:
    """A match of a route that others, tried before it, leave nothing to.

    `by` are those, of the same route or of another; `is_certain` tells whether the files show their order.
    """

    entry: Entry
    by: tuple[Entry, ...]
    is_certain: bool


def unreached(mesh: Mesh) -> Iterator[Unreached]:
    """Matches of routes at Gateways of Istio that get no request.

    Istio merges the routes of a listener for one host, and ranks their matches: exact paths, prefixes by
    their length, and regular expressions after them (istiod: sortHTTPRoutes).
    """
    told: set[int] = set()
    for (_, _, _, _, host), routes in _groups(mesh).items():
        table = ranked_table(mesh, host, routes, Layer.HTTP, at_gateway=True)
        reaches = table_reach(table)
        if not all(one.is_known for one in reaches):
            leave_off(mesh, "matches of routes for one listener and host")
        for one in reaches:
            by = [table.entries[number].owner for number in one.taken_by]
            meant = all(_go_together(one.entry.owner, taker) for taker in by)
            if by and meant and id(one.entry.at.value) not in told:
                told.add(id(one.entry.at.value))
                yield _unreached(one, table.entries, table.is_certain)


def _go_together(one: Resource, other: Resource) -> bool:
    """Whether two routes are in one cluster: not as two versions that are written of one, or apart."""
    return one is other or (one.id != other.id and belong_together(one, other))


def _unreached(one: EntryReach, entries: tuple[Entry, ...], is_certain: bool) -> Unreached:
    by = tuple(entries[number] for number in one.taken_by)
    own = all(taker.owner.id == one.entry.owner.id for taker in by)
    return Unreached(one.entry, by, own or is_certain)


def _groups(mesh: Mesh) -> dict[Group, list[AnyRoute]]:
    """The routes that one listener takes for one host, by what they say of it themselves."""
    found: dict[Group, list[AnyRoute]] = {}
    for route, gateway, parent in _attached(mesh):
        for host in dict.fromkeys(name.lower() for name in route.hostnames or (_EVERY_HOST,)):
            section = None if parent.section_name is None else str(parent.section_name)
            key = (gateway.namespace, gateway.name, section, parent.port, host)
            held = found.setdefault(key, [])
            if all(one is not route for one in held):
                held.append(route)
    return found


def _attached(mesh: Mesh) -> Iterator[tuple[AnyRoute, Gateway, ParentRef]]:
    gateways = {(one.namespace, one.name): one for one in mesh.kubernetes_gateways}
    for route in mesh.routes:
        for parent in route.parent_refs if route.kind in _KINDS else ():
            gateway = gateways.get((str(parent.namespace), str(parent.name)))
            if parent.kind == "Gateway" and gateway is not None and gateway.gateway_class_name == "istio":
                yield route, gateway, parent


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


def glued(mesh: Mesh) -> Iterator[Glued]:
    """Rewrites of routes at Gateways of Istio that glue the rest of the path to what they put in."""
    told: set[int] = set()
    for route, _, _ in _attached(mesh):
        for rule in route.rules:
            for one in rule.filters if id(rule.field.value) not in told else ():
                told.add(id(rule.field.value))
                text = (one.field / "urlRewrite" / "path").text("replacePrefixMatch")
                prefixes = [str(m.path.value) for m in rule.matches if _is_prefix(m)]
                if one.type == "URLRewrite" and text is not None and "/" in prefixes and text.rstrip("/"):
                    yield Glued(route.resource, text.field, "/", str(text))


def _is_prefix(match: object) -> bool:
    return isinstance(match, HttpMatch) and match.path.type == "PathPrefix"


def https_loops(mesh: Mesh, statuses: Statuses) -> Iterator[tuple[Resource, Field, str]]:
    """Redirects to HTTPS of routes that an HTTPS listener takes as well, with the name of that listener.

    A request that came encrypted is sent to where it came from, for ever.
    """
    for route, _, parent in _attached(mesh):
        status = statuses.at_parent(route, parent)
        takers = () if status is None or status.taking is None else status.taking.takers
        secure = next((one.listener for one in takers if str(one.listener.protocol) in _TLS), None)
        redirects = (
            one.field / "requestRedirect"
            for rule in route.rules
            for one in rule.filters
            if one.type == "RequestRedirect"
        )
        for redirect in redirects if secure is not None else ():
            if secure is not None and _changes_scheme_alone(redirect, secure.port):
                yield route.resource, redirect, str(secure.name or "")


def _changes_scheme_alone(redirect: Field, port: int | None) -> bool:
    to_https = redirect.text("scheme") == "https" and not redirect.text("hostname")
    target = redirect.integer("port")
    return to_https and not (redirect / "path") and (target is None or target == port) and port == 443
