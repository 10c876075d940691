"""What is in force for the requests that an entry of a route table takes, whichever mesh holds the table."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.linkerd.service_profile import service_profile
from meshlint.traffic.effects.effect import Effect
from meshlint.traffic.effects.gateway_api import rule_effects
from meshlint.traffic.effects.istio import route_effects
from meshlint.traffic.effects.linkerd import linkerd_effects, profile_effects
from meshlint.traffic.tables.entries import Entry, Forward, Layer, RouteTable


def effects_in_force(mesh: Mesh, table: RouteTable, entry: Entry, *, by_linkerd: bool) -> Iterator[Effect]:
    """What a proxy does to requests that `entry` of its table takes; nothing to connections and answers."""
    if not isinstance(entry.action, Forward) or table.layer is not Layer.HTTP:
        return
    if by_linkerd:
        yield from _linkerd(mesh, table, entry)
    elif isinstance(entry.route, RouteRule):
        yield from rule_effects(mesh, entry.owner.namespace, entry.route)
    else:
        route = entry.route if isinstance(entry.route, HttpRoute) else None
        yield from route_effects(mesh, entry.owner, route, entry.root)


def _linkerd(mesh: Mesh, table: RouteTable, entry: Entry) -> Iterator[Effect]:
    if entry.owner.kind == "ServiceProfile":
        profile = service_profile(entry.owner)
        chosen = next((one for one in profile.routes if one.field.path == entry.rule.path), None)
        budget = None if profile.retry_budget is None else profile.retry_budget.field
        yield from profile_effects(chosen, budget)
        return
    rule = entry.route if isinstance(entry.route, RouteRule) else None
    yield from linkerd_effects(mesh, entry.owner, rule, table.parent)
