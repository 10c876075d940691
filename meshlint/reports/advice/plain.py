"""The parts of an advice that are counted, as plain data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from meshlint.advisor import Advice
from meshlint.advisor.evidence.places import Place
from meshlint.advisor.evidence.workloads import Counted


def number(value: Fraction) -> int | float:
    """A number of JSON: whole where it is whole."""
    return int(value) if value.denominator == 1 else float(value)


def place(one: Place) -> dict[str, Any]:
    """A line of a file."""
    return {"file": one.file, "line": one.line}


def counts(advice: Advice) -> dict[str, Any]:
    """What was counted, each count with its places, and the workloads one by one."""
    size, profile = advice.case.size, advice.profile
    return {
        "counts": [
            {
                "id": one.id,
                "title": one.title,
                "count": one.value,
                "places": [{**place(each), "object": each.object} for each in one.places],
                "assumption": one.assumption or None,
            }
            for one in profile.tallies
        ],
        "requested": {
            "cpu_cores": number(size.cpu),
            "memory_bytes": number(size.memory),
            "from": "the workloads below: what a pod requests, times its pods",
        },
        "services_told_to_sidecars": {
            "count": size.seen,
            "from": "the services that each workload sees, times its pods",
            "scoped": profile.is_scoped,
        },
        "waypoints": {
            "count": size.waypoints,
            "pods": size.waypoint_pods,
            "from": "the namespaces with a need that takes a waypoint",
        },
        "workloads": [_workload(advice, one) for one in profile.workforce.all],
    }


def _workload(advice: Advice, one: Counted) -> dict[str, Any]:
    replicas, requested = one.replicas, one.requested
    return {
        "object": one.place.object,
        "place": place(one.place),
        "role": one.role.value,
        "stateful": one.is_stateful,
        "pods": {
            "fewest": replicas.fewest,
            "usual": replicas.usual,
            "most": replicas.most,
            "from": replicas.basis,
            "place": place(replicas.place),
        },
        "requests_of_a_pod": {
            "cpu_cores": number(requested.cpu),
            "memory_bytes": number(requested.memory),
            "containers_without_cpu": requested.without_cpu,
            "containers_without_memory": requested.without_memory,
            "from": "the running containers, with assumptions.request-cpu and request-memory where missing",
        },
        "services_seen": {
            "count": advice.profile.seen_by.get(id(one), 0),
            "from": "the Services in the files, as far as Sidecar objects show them",
        },
    }


def needs(advice: Advice) -> list[dict[str, Any]]:
    """Each need with where it shows and what each mesh offers for it."""
    return [
        {
            "id": row.need.id,
            "title": row.need.title,
            "hard": row.need.hard,
            "asked": row.asked,
            "places": [
                {**place(sign.place), "object": sign.place.object, "at_gateway": sign.at_gateway}
                for sign in row.evidence
            ],
            "support": {
                mesh.value: {
                    "answer": one.answer.value,
                    "how": one.how,
                    "source": one.source,
                    "version": one.version,
                }
                for mesh, one in row.need.support.items()
            },
        }
        for row in advice.needs
    ]
