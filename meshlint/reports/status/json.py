"""What controllers write into status, for programs: the shape is `schemas/status.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint import __version__
from meshlint.reports.shared.json_places import stretch
from meshlint.reports.status.answer import (
    ObjectStatus,
    StatusAnswer,
    StatusCondition,
    StatusListener,
    StatusReference,
)

VERSION = "1"


def status_json(answer: StatusAnswer) -> Iterator[str]:
    """The lines of the report."""
    data = {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "good": answer.is_good,
        "objects": [_object(one) for one in answer.objects],
    }
    yield json.dumps(data, indent=2, ensure_ascii=False)


def _object(one: ObjectStatus) -> dict[str, Any]:
    return {
        "group": one.group,
        "version": one.version,
        "kind": one.kind,
        "namespace": one.namespace or None,
        "name": one.name,
        "location": stretch(one.location),
        "refused": one.refused or None,
        "controller": one.controller or None,
        "conditions": _conditions(one.conditions),
        "listeners": [_listener(each) for each in one.listeners],
        "parents": [_reference(each) for each in one.parents],
        "ancestors": [_reference(each) for each in one.ancestors],
    }


def _listener(one: StatusListener) -> dict[str, Any]:
    return {
        "name": one.name,
        "supported_kinds": list(one.supported_kinds),
        "attached_routes": one.attached_routes,
        "may_attach": one.may_attach,
        "conditions": _conditions(one.conditions),
    }


def _reference(one: StatusReference) -> dict[str, Any]:
    return {
        "group": one.group,
        "kind": one.kind,
        "namespace": one.namespace,
        "name": one.name,
        "section_name": one.section_name,
        "port": one.port,
        "controller": one.controller,
        "conditions": _conditions(one.conditions),
    }


def _conditions(conditions: tuple[StatusCondition, ...]) -> list[dict[str, Any]]:
    return [
        {
            "type": one.type,
            "status": one.status,
            "reason": one.reason,
            "message": one.message or None,
            "location": None if one.location is None else stretch(one.location),
        }
        for one in conditions
    ]
