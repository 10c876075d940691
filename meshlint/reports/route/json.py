"""The way of a request for programs: the shape is `schemas/route.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from meshlint import __version__
from meshlint.engine.finding import Location
from meshlint.reports.route.answer import (
    Asked,
    Destination,
    InForce,
    RouteAnswer,
    RouteTableAnswer,
    Row,
    Rule,
    Sender,
    Transport,
)
from meshlint.reports.shared.json_places import stretch

VERSION = "1"


def route_json(answer: RouteAnswer | RouteTableAnswer) -> Iterator[str]:
    """The lines of the report."""
    data = table_data(answer) if isinstance(answer, RouteTableAnswer) else route_data(answer)
    yield json.dumps(data, indent=2, ensure_ascii=False)


def table_data(answer: RouteTableAnswer) -> dict[str, Any]:
    """The rules for a host as plain data."""
    return {
        **_common(answer),
        "table": {
            "pattern": answer.pattern,
            "otherwise": answer.otherwise,
            "rows": [_row(one) for one in answer.rows],
        },
    }


def _row(one: Row) -> dict[str, Any]:
    return {
        "rule": rule_data(one.rule),
        "goes_to": [{"name": name, "share": share(part)} for name, part in one.goes_to],
        "answers": one.answers,
        "reach": one.reach,
        "taken_by": list(one.taken_by),
        "shadowed_by": list(one.shadowed_by),
        "rivals": list(one.rivals),
    }


def route_data(answer: RouteAnswer) -> dict[str, Any]:
    """The way of a request as plain data."""
    return {
        **_common(answer),
        "outcome": answer.outcome.value,
        "status": answer.status,
        "reason": answer.reason or None,
        "rule": None if answer.rule is None else rule_data(answer.rule),
        "passed_over": [{"rule": rule_data(one.rule), "misses": one.misses} for one in answer.passed_over],
        "destinations": [_destination(one) for one in answer.destinations],
        "in_force": [_in_force(one) for one in answer.in_force],
    }


def _common(answer: RouteAnswer | RouteTableAnswer) -> dict[str, Any]:
    entrance, sidecar = answer.entrance, answer.sidecar
    return {
        **_head(answer.request, answer.sender, answer.host),
        "layer": answer.layer,
        "reaches": answer.reaches,
        "hint": answer.hint,
        "entrance": None
        if entrance is None
        else {"object": entrance.object, "text": entrance.text, "location": place(entrance.location)},
        "sidecar": None if sidecar is None else {"object": sidecar[0], "location": place(sidecar[1])},
        "waypoint": answer.waypoint,
        "left_out": [
            {
                "object": one.object,
                "path": one.path,
                "reason": one.reason,
                "location": place(one.location),
            }
            for one in answer.left_out
        ],
        "undecided": list(answer.undecided),
    }


def _head(request: Asked, sender: Sender, host: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "request": {
            "url": request.url,
            "host": request.host,
            "port": request.port,
            "path": request.path,
            "method": request.method,
            "scheme": request.scheme,
            "headers": [{"name": name, "value": value} for name, value in request.headers],
            "sni": request.sni,
            "address": request.address,
            "seen_path": request.seen_path,
        },
        "sender": {
            "kind": sender.kind,
            "namespace": sender.namespace,
            "name": sender.name,
            "mesh": sender.mesh,
            "because": sender.because,
        },
        "host": host,
    }


def rule_data(rule: Rule) -> dict[str, Any]:
    """A line of a route table."""
    return {
        "number": rule.number,
        "object": rule.object,
        "path": rule.path,
        "name": rule.name,
        "match": rule.match,
        "location": place(rule.location),
        "outer": place(rule.outer),
    }


def place(location: Location | None) -> dict[str, Any] | None:
    """A stretch of text, if there is one."""
    return None if location is None else stretch(location)


def _destination(one: Destination) -> dict[str, Any]:
    return {
        "host": one.host,
        "port": one.port,
        "subset": one.subset,
        "share": share(one.share),
        "location": place(one.location),
        "status": one.status,
        "problem": one.problem or None,
        "transport": _transport(one.transport),
        "pods": None
        if one.pods is None
        else [
            {
                "object": each.object,
                "location": place(each.location),
                "transport": _transport(each.transport),
            }
            for each in one.pods
        ],
        "onward": None if one.onward is None else route_data(one.onward),
        "called_port": one.called_port,
        "policies": [{"name": each.name, "location": place(each.location)} for each in one.policies],
    }


def share(part: Fraction) -> dict[str, Any]:
    """A share, as an exact fraction and as a percentage for reading."""
    return {
        "numerator": part.numerator,
        "denominator": part.denominator,
        "percent": round(float(part * 100), 4),
    }


def _transport(one: Transport | None) -> dict[str, Any] | None:
    if one is None:
        return None
    deciding = [{"object": name, "location": place(where)} for name, where in one.deciding]
    return {"kind": one.text, "reason": one.reason, "deciding": deciding}


def _in_force(one: InForce) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "text": one.text,
        "settings": dict(one.settings),
        "location": place(one.location),
    }
