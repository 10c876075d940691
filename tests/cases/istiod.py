"""What istiod made of whole inputs, and what meshlint says of the same questions, in the same words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from meshlint.api import Project, ReadOptions, RouteRequest, read_texts
from meshlint.matching import host_covers
from meshlint.mesh import Mesh
from meshlint.reports.route.answer import Destination, Outcome, RouteAnswer
from meshlint.resources.kubernetes.workload import Workload
from tests.shared import SHARED

ISTIOD = SHARED / "cases" / "istiod"
SAMPLED = 25
"""How many rows of a long table the default run leaves out for each one that it asks."""
Row = dict[str, Any]
Key = tuple[str, int | None, str | None]
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
    """By host, port and subset; what is sent to backends that are not valid is compared as a whole."""
    left = {
        _key(one): [each for each in answer.destinations if _key(each) == _key(one)]
        for one in answer.destinations
    }
    invalid = Fraction(0)
    for told in row["destinations"]:
        if told["host"] in (None, "UnknownService"):
            invalid += Fraction(told["share"])
            continue
        own = left.pop(_named(left, told), [])
        if sum(one.share for one in own) != Fraction(told["share"]):
            yield f"destinations: {_shares(answer)}, not {told}"
        elif own:
            yield from _of_destination(row, own[0], told)
    rest = [one for own in left.values() for one in own]
    if sum(one.share for one in rest) != invalid or any(one.status is None for one in rest):
        yield f"destinations: {_shares(answer)}, not {row['destinations']}"


def _key(one: Destination) -> Key:
    return (one.host, one.port, one.subset)


def _named(mine: Iterable[Key], told: Row) -> Key:
    """The destination that a verdict speaks of; where it names a wildcard, the host that was called."""
    host, port, subset = told["host"], told["port"], told["subset"]
    covered = (one for one in mine if one[1:] == (port, subset) and host_covers(host, one[0]))
    return next(covered, (host, port, subset))


def _shares(answer: RouteAnswer) -> list[str]:
    return [f"{one.host}:{one.port} {one.subset} {one.share} {one.problem}" for one in answer.destinations]


def _of_destination(row: Row, own: Destination, told: Row) -> Iterator[str]:
    fails = (told["fails"] or "").replace(" ", "")
    if fails == "nocluster":
        statuses = {row["no_cluster_status"]} if row.get("no_cluster_status") else {500, 503}
        expected = statuses if row.get("layer", "http") == "http" else {0}
        if own.status not in expected:
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
