"""From a project and a host to the rules for it, in the order in which they are tried."""

from __future__ import annotations

from meshlint.api.answers.routing.entrances import entrance
from meshlint.api.answers.routing.parts import as_rule, asked_of, left_out_of, object_at, rival_definitions
from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.answers.routing.way import followed, outcome_of
from meshlint.api.answers.senders import Named
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import PASSES, Entrance, Outcome, RouteTableAnswer, Row
from meshlint.traffic.reach.tables import EntryReach, table_reach
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Forward, Target
from meshlint.traffic.ways.way import Way


def route_table(mesh: Mesh, asked: RouteRequest) -> RouteTableAnswer:
    """The rules for the host of a request, whatever its path, method and headers; raises like `route`."""
    named, request, found = followed(mesh, asked)
    entered = entrance(mesh, named, request) if named.client.is_gateway else None
    otherwise, hint = _otherwise(mesh, named, request, found, entered)
    reaches = () if found.table is None else table_reach(found.table)
    return RouteTableAnswer(
        request=asked_of(request, found.request),
        sender=named.sender,
        host=found.host,
        layer=found.layer.value,
        pattern=None if found.table is None else found.table.host,
        rows=tuple(_row(number, one) for number, one in enumerate(reaches, 1)),
        otherwise=otherwise,
        entrance=entered,
        sidecar=None if found.sidecar is None else object_at(found.sidecar.resource),
        waypoint=None if found.waypoint is None else str(found.waypoint),
        left_out=tuple(left_out_of(mesh, named, request, found)),
        undecided=(*named.assumed, *rival_definitions(mesh, found), *found.undecided),
        hint=hint,
    )


def _otherwise(
    mesh: Mesh, named: Named, request: Request, found: Way, entered: Entrance | None
) -> tuple[str | None, str | None]:
    """What becomes of what no rule takes (None if one takes everything), and what may have been meant."""
    if found.table is not None and found.table.entries:
        if any(entry.condition.is_catch_all for entry in found.table.entries):
            return None, None
        unmatched = found.table.unmatched
        if unmatched == CLOSED:
            return "the connection is closed", None
        return (PASSES, None) if unmatched is None else (f"it is answered with status {unmatched}", None)
    outcome, status, reason, hint = outcome_of(mesh, named, request, found, entered)
    if outcome is Outcome.ANSWERED:
        return f"it is answered with status {status}: {reason}", hint
    if outcome is Outcome.LOST:
        return f"it is lost: {reason}", hint
    return PASSES, hint


def _row(number: int, one: EntryReach) -> Row:
    action = one.entry.action
    targets = action.targets if isinstance(action, Forward) else ()
    return Row(
        as_rule(number, one.entry),
        tuple((_name(target), target.part) for target in targets),
        _answers(one.entry),
        _reach(one),
        _numbers(one.taken_by),
        _numbers(one.shadowed_by),
        _numbers(one.rivals),
    )


def _answers(entry: Entry) -> str | None:
    if isinstance(entry.action, Forward):
        return None if entry.action.targets else "status 503: the route has no destination"
    return f"status {entry.action.status}: {entry.action.reason}"


def _name(target: Target) -> str:
    port = f":{target.port}" if target.port is not None else ""
    return f"{target.host}{port}" + (f", subset {target.subset}" if target.subset else "")


def _reach(one: EntryReach) -> str:
    if not one.is_reached:
        return "none"
    if not one.is_known:
        return "unknown"
    return "part" if one.shadowed_by else "whole"


def _numbers(positions: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(position + 1 for position in positions)
