"""The recorded verdicts of Linkerd's own code, and what meshlint answers to the same questions.

The controller was asked with the objects created in several orders: where its answers differ, only the age of
objects decides, which is not in the files.
"""

from __future__ import annotations

import ast
import json
import re
from fractions import Fraction
from functools import cache
from typing import Any

import yaml
from attrs import frozen

from meshlint.api import (
    AccessDecision,
    AccessRequest,
    Outcome,
    Project,
    ReadOptions,
    RouteRequest,
    read_texts,
)
from meshlint.reports.route.answer import RouteAnswer
from tests.shared import SHARED

CASES = SHARED / "cases" / "linkerd-controller"
Row = dict[str, Any]
_ANSWER = re.compile(r"^(Linkerd|Refused by admission)[^:]*: `(.*)`$", re.M)
_RANGES = {"5xx": ["500-599"], "gateway-error": ["502-504"]}
_CODES = {"cancelled": 1, "deadline-exceeded": 4, "internal": 13, "resource-exhausted": 8, "unavailable": 14}


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The lines of one table."""
    return tuple(json.loads(line) for line in (CASES / f"{name}.jsonl").read_text().splitlines())


@cache
def project(table: str, number: int, *, whole: bool = False, complete: bool = False) -> Project:
    """A set of objects; with `whole` those that admission refuses are in it too.

    `complete` says that they are all there is in the cluster, as it was for Linkerd.
    """
    given = given_set(table, number)
    refused = [tuple(one) for one in given["refused"]]
    objects = [one for one in given["objects"] if whole or _key(one) not in refused]
    return project_of(given, objects, complete=complete)


def given_set(table: str, number: int) -> Row:
    """A line of the sets of a table."""
    return next(one for one in rows(f"{table}-sets") if one["set"] == number)


def project_of(given: Row, objects: list[Row], *, complete: bool = False) -> Project:
    """Objects in the mesh of a set."""
    text = "\n---\n".join(map(json.dumps, objects))
    mesh = {"linkerd": given.get("linkerd", {})}
    return read_texts({"set.yaml": text}, ReadOptions(mesh=mesh, complete=complete))


def _key(manifest: Row) -> tuple[str, str, str]:
    about = manifest["metadata"]
    return manifest["kind"], about.get("namespace", ""), about["name"]


@frozen(eq=False)
class Case:
    """A minimal input with its question and Linkerd's verdicts, one for each order of age that differs."""

    project: Project
    question: Row
    verdicts: tuple[Row, ...]


def minimal_cases(kind: str) -> list[str]:
    """The folders that ask for access, or for a route."""
    folders = sorted((CASES / "minimal").glob("*/question.json"))
    return [one.parent.name for one in folders if json.loads(one.read_text())["kind"] == kind]


def project_of_case(name: str, *, whole: bool = False) -> Case:
    """One folder; with `whole` the objects that admission refuses are in it too."""
    folder = CASES / "minimal" / name
    told = dict(_ANSWER.findall((folder / "answer.md").read_text()))
    refused = [tuple(one[:3]) for one in json.loads(told["Refused by admission"])]
    manifests = yaml.safe_load_all((folder / "manifests.yaml").read_text())
    objects = [one for one in manifests if whole or _key(one) not in refused]
    question = json.loads((folder / "question.json").read_text())
    text = "\n---\n".join(map(json.dumps, objects))
    at = read_texts({"set.yaml": text}, ReadOptions(complete=question.get("complete", False)))
    return Case(at, question, tuple(json.loads(told["Linkerd"])))


def ask_access(at: Project, row: Row) -> AccessDecision:
    """The answer of `project.access`."""
    headers: dict[str, list[str]] = {}
    for name, value in row["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    return at.access(
        AccessRequest(
            row["to"],
            port=row["port"],
            principal=row["identity"],
            source_ip=row["ip"],
            method=row["method"],
            path=row["path"],
            host=row["host"],
            headers=headers,
        )
    )


def ask_route(at: Project, row: Row) -> RouteAnswer:
    """The answer of `project.route`."""
    headers = tuple((name, value) for name, value in row["headers"] or ())
    if row.get("authority"):
        headers = (*headers, ("host", row["authority"]))
    return at.route(
        RouteRequest(
            client=row.get("client") or f"{row['client_namespace']}/client",
            host=row["host"],
            port=row["port"],
            path=row["path"] or "/",
            method=row["method"] or "GET",
            headers=headers,
            scheme=row["scheme"],
            sni=row.get("sni"),
            address=row.get("address"),
        )
    )


def told(answer: RouteAnswer) -> Row:
    """A route answer in the words of the table, without the protocol."""
    if answer.outcome is Outcome.LOST:
        return {"outcome": "lost"}
    if answer.outcome is Outcome.ANSWERED:
        return {"outcome": "answered", "status": answer.status}
    if answer.outcome is Outcome.PASSED_THROUGH:
        return _forwarded("default", [["forward", None, None, "1"]], None, None, None)
    effects = {one.kind: one.settings for one in answer.in_force}
    seconds = effects.get("timeout", {}).get("seconds")
    retries = effects.get("retries", {})
    retry = [retries["attempts"], _conditions(retries["retry_on"])] if retries.get("attempts") else None
    each = retries.get("per_try_seconds") if retry is not None and not retry[1] else None
    owner = answer.rule.object if answer.rule is not None else "default"
    by_default = owner.startswith(("Service ", "EgressNetwork "))
    return _forwarded(
        "default" if by_default else owner,
        _shares(answer),
        None if seconds is None else round(seconds * 1000),
        retry,
        None if each is None else round(each * 1000),
    )


def expected(outcome: Row, scheme: str) -> Row:
    """A verdict of the table in the same words."""
    kind = outcome["outcome"]
    if kind in ("forbidden", "other protocol", "no weight"):
        return {"outcome": "lost"}
    if kind == "answered":
        return {"outcome": "answered", "status": outcome["status"]}
    if kind == "no route":
        return {"outcome": "lost"} if outcome["protocol"] == "tls" else {"outcome": "answered", "status": 404}
    if kind == "void policy":
        return {"outcome": "answered", "status": 500} if scheme == "http" else {"outcome": "lost"}
    timeout, retry, each = outcome["timeout_ms"], outcome["retry"], outcome.get("retry_timeout_ms")
    return _forwarded(outcome["route"], sorted(outcome["shares"]), timeout, retry, each)


def expected_of_case(verdict: Row, scheme: str) -> Row:
    """A verdict of a minimal case in the same words."""
    if verdict["kind"] == "mismatch":
        return {"outcome": "lost"}
    if verdict["kind"] == "no_route":
        return {"outcome": "answered", "status": 404}
    if verdict["kind"] == "answer":
        return {"outcome": "answered", "status": verdict["status"]}
    shares = [[*ast.literal_eval(place), part] for place, part in verdict["shares"]]
    timeout, retry, each = verdict["timeout"], verdict["retry"], verdict.get("retry_timeout_only")
    return _forwarded(verdict["route"], sorted(shares), timeout, retry, each)


def _forwarded(route: str, shares: Any, timeout: int | None, retry: Any, each: int | None) -> Row:
    shown = {"route": route, "shares": shares, "timeout": timeout, "retry": retry, "each": each}
    return {"outcome": "forwarded", **shown}


def _shares(answer: RouteAnswer) -> list[list[Any]]:
    """The parts of the requests by where they go; the table adds up those that go to one place."""
    parts: dict[tuple[Any, ...], Fraction] = {}
    for one in answer.destinations:
        place: tuple[Any, ...] = (one.host, one.port, None)
        if one.status is not None:
            place = ("-", 0, 500)
        elif one.host == answer.request.host and not one.host.endswith(".svc.cluster.local"):
            place = ("forward", None, None)
        parts[place] = parts.get(place, Fraction(0)) + one.share
    return sorted([*place, str(part)] for place, part in parts.items())


def _conditions(written: str) -> list[Any]:
    found: list[Any] = []
    for word in written.split(",") if written else []:
        if word in _CODES:
            found.append(_CODES[word])
        else:
            found += _RANGES.get(word, [word if "-" in word else f"{word}-{word}"])
    return found
