"""What istiod made of whole inputs, and what meshlint says of the same questions, in the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from meshlint.api import Project, ReadOptions, RouteRequest, read_texts
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import Destination, Outcome, RouteAnswer
from meshlint.resources.kubernetes.workload import Workload
from tests.shared import SHARED

ISTIOD = SHARED / "cases" / "istiod"
SAMPLED = 25
"""How many rows of a long table the default run leaves out for each one that it asks."""
Row = dict[str, Any]
_OUTCOMES = {
    Outcome.FORWARDED: "forwarded",
    Outcome.ANSWERED: "answered",
    Outcome.PASSED_THROUGH: "passed through",
    Outcome.LOST: "passed through",
}


@cache
def rows(table: str) -> tuple[Row, ...]:
    return tuple(json.loads((ISTIOD / f"{table}.json").read_text()))


@cache
def project(path: Path) -> Project:
    return read_texts({path.name: path.read_text()}, ReadOptions(complete=True))


def named(mesh: Mesh, name: str) -> Workload:
    """The workload `namespace/name`."""
    return next(one for one in mesh.workloads.all if f"{one.namespace}/{one.name}" == name)


def of_input(row: Row) -> Project:
    return project(ISTIOD / "inputs" / row["input"])


def ask(at: Project, row: Row) -> RouteAnswer:
    return at.route(
        RouteRequest(
            client=row["client"],
            host=row["host"],
            port=row["port"],
            scheme=row["scheme"],
            path=row["path"] or "/",
            method=row["method"] or "GET",
            headers=tuple((name, value) for name, value in row["headers"] or ()),
        )
    )


def differences(row: Row, answer: RouteAnswer) -> Iterator[str]:
    """What an answer says otherwise than istiod's verdict."""
    outcome = outcome_of(answer)
    if outcome != row["outcome"]:
        yield f"outcome: {outcome} {answer.status or ''}, not {row['outcome']}"
        return
    if row["outcome"] == "answered" and answer.status != row["status"]:
        yield f"status: {answer.status}, not {row['status']}"
    if row["outcome"] == "forwarded":
        yield from _of_destinations(row, answer)
        yield from _of_effects(row, answer)


def outcome_of(answer: RouteAnswer) -> str:
    """What a proxy does with a request.

    A proxy lets through what is lost only behind it: a name that does not exist, or a port that a Service
    does not have.
    """
    closed = answer.outcome is Outcome.LOST and answer.reason.endswith("the connection is closed")
    return "closed" if closed else _OUTCOMES[answer.outcome]


def _of_destinations(row: Row, answer: RouteAnswer) -> Iterator[str]:
    mine = sorted(((_key(one), one) for one in answer.destinations), key=lambda pair: str(pair[0]))
    theirs = sorted(
        (
            (
                (None, None, None, Fraction(one["share"]))
                if one["host"] in (None, "UnknownService")
                else (one["host"], one["port"], one["subset"], Fraction(one["share"])),
                one,
            )
            for one in row["destinations"]
        ),
        key=lambda pair: str(pair[0]),
    )
    if [key for key, _ in mine] != [key for key, _ in theirs]:
        yield f"destinations: {[key for key, _ in mine]}, not {[key for key, _ in theirs]}"
        return
    for (_, own), (_, told) in zip(mine, theirs, strict=True):
        yield from _of_destination(row, own, told)


def _key(one: Destination) -> tuple[object, ...]:
    if one.problem == "the backend is not valid":
        return (None, None, None, one.share)
    return (one.host, one.port, one.subset, one.share)


def _of_destination(row: Row, own: Destination, told: Row) -> Iterator[str]:
    fails = (told["fails"] or "").replace(" ", "")
    if fails == "nocluster":
        expected = row.get("no_cluster_status", 503) if row.get("layer", "http") == "http" else 0
        if own.status != expected:
            yield f"fails of {own.host}: {own.status} {own.problem}, not {expected}"
    elif fails == "noendpoints":
        if own.status not in (None, 503, 0) or (own.status is None and own.pods):
            yield f"fails of {own.host}: {own.status}, not no endpoints"
    elif own.status is not None:
        yield f"fails of {own.host}: {own.status} {own.problem}, not at all"
    elif (mine := transports(own)) != set(told["transport"]):
        yield f"transport to {own.host}: {sorted(mine)}, not {told['transport']}"


def transports(one: Destination) -> set[str]:
    """How requests travel to the pods of a destination."""
    if one.onward is not None and one.pods is None:
        return {"gateway"}
    if one.pods:
        return {pod.transport.text for pod in one.pods}
    return set() if one.transport is None else {one.transport.text}


def _of_effects(row: Row, answer: RouteAnswer) -> Iterator[str]:
    found = {kind: [one for one in answer.in_force if one.kind == kind] for kind in _KINDS}
    mine = {
        "timeout": next((one.settings["seconds"] for one in found["timeout"]), None),
        "attempts": next((one.settings["attempts"] for one in found["retries"]), None),
        "mirrors": sorted(one.settings["host"] for one in found["mirror"]),
        "fault": bool(found["fault"]),
    }
    for name, value in mine.items():
        told = sorted(row[name]) if name == "mirrors" and name in row else row.get(name)
        if name in row and value != told:
            yield f"{name}: {value}, not {told}"


_KINDS = ("timeout", "retries", "mirror", "fault")
