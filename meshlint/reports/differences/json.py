"""What a change does, for programs: the shape is `schemas/diff.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from meshlint import __version__
from meshlint.reports.differences.answer import Calls, Cause, Difference, Ways, WorkloadChange
from meshlint.reports.findings.json import finding_data
from meshlint.reports.shared.json_places import stretch

VERSION = "1"


def difference_json(found: Difference) -> Iterator[str]:
    """The lines of the report."""
    yield json.dumps(difference_data(found), indent=2, ensure_ascii=False)


def difference_data(found: Difference) -> dict[str, Any]:
    """The report as plain data."""
    objects, findings = found.objects, found.findings
    return {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "base": found.base,
        "head": found.head,
        "objects": {
            "added": list(objects.added),
            "removed": list(objects.removed),
            "changed": list(objects.changed),
            "moved": list(objects.moved),
        },
        "findings": {
            "new": [finding_data(one) for one in findings.new],
            "gone": [finding_data(one) for one in findings.gone],
            "unchanged": findings.unchanged,
        },
        "calls": [_calls(one) for one in found.calls],
        "ways": [_ways(one) for one in found.ways],
        "workloads": [_workload(one) for one in found.workloads],
        "costs": [
            {
                "mesh": one.mesh,
                "figure": one.figure,
                "unit": one.unit,
                "before": one.before,
                "after": one.after,
            }
            for one in found.costs
        ],
        "compared": dict(found.counts),
        "notes": list(found.notes),
    }


def _calls(one: Calls) -> dict[str, Any]:
    return {
        "callers": list(one.callers),
        "to": one.to,
        "port": one.port,
        "requests": list(one.requests),
        "effect": one.effect.value,
        "before": one.before,
        "after": one.after,
        "causes": _causes(one.causes),
    }


def _ways(one: Ways) -> dict[str, Any]:
    return {
        "senders": list(one.senders),
        "host": one.host,
        "port": one.port,
        "requests": list(one.requests),
        "before": list(one.before),
        "after": list(one.after),
        "lost": one.is_lost,
        "causes": _causes(one.causes),
    }


def _workload(one: WorkloadChange) -> dict[str, Any]:
    place = None if one.location is None else stretch(one.location)
    return {
        "workload": one.workload,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "location": place,
    }


def _causes(causes: Iterable[Cause]) -> list[dict[str, Any]]:
    return [
        {
            "object": one.object,
            "location": None if one.location is None else stretch(one.location),
            "changed": one.is_changed,
            "gone": one.is_gone,
        }
        for one in causes
    ]
