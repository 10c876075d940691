"""A real Envoy chooses the rules and shares that `project.route` says it does."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from meshlint.api import Project, RouteRequest, read_texts
from meshlint.mesh import Found, Mesh
from meshlint.reports.route.answer import Outcome, RouteAnswer
from meshlint.traffic import Traffic
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import RouteTable
from tests.oracle.envoy import Answer, Connection, running
from tests.oracle.flatten import flatten
from tests.oracle.generate import PORT, SURROUNDINGS, Call, Case, Sender, call, case
from tests.oracle.translate import virtual_host
from tests.taken import as_if_taken


def _project(cases: list[Case]) -> Project:
    manifests = [*(one for each in cases for one in each.objects), *SURROUNDINGS]
    return as_if_taken(
        read_texts({f"{number}.json": json.dumps(one) for number, one in enumerate(manifests)})
    )


def _client(mesh: Mesh, sender: Sender) -> Client:
    found = Traffic(mesh).client(sender.name)
    assert isinstance(found, Found)
    assert (found.target.namespace, found.target.labels) == (sender.namespace, sender.labels)
    return found.target


def _table(mesh: Mesh, one: Case) -> RouteTable | None:
    """What is known of the host; None where no rule is for the client, so that nobody knows it."""
    table = Traffic(mesh).table(_client(mesh, one.sender), one.host, PORT)
    lines = [] if table is None else [(entry.owner.name, _place(entry.at.path)) for entry in table.entries]
    assert one.delegates or lines == flatten(one), json.dumps(one.objects)
    return table


def _hosts(made: list[Case], tables: list[RouteTable | None]) -> list[dict[str, Any]]:
    pairs = zip(made, tables, strict=True)
    return [virtual_host(one.host, [one.host], table) for one, table in pairs if table is not None]


def _place(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path[1:])[1:]


def _ask(project: Project, one: Case, sent: Call) -> RouteAnswer:
    return project.route(
        RouteRequest(
            client=one.sender.name,
            host=one.host,
            port=PORT,
            path=sent.path,
            method=sent.method,
            headers=(("host", sent.authority), *sent.headers),
            scheme="http",
        )
    )


def _said(answer: RouteAnswer) -> tuple[int, str]:
    """The status that we expect, and the number of the rule in its table."""
    if answer.rule is None:
        return answer.status or 0, ""
    status = 200 if answer.outcome is Outcome.FORWARDED else answer.status or 0
    return status, str(answer.rule.number - 1)


def _compare(seed: int, cases: int, calls: int, directory: Path) -> Counter[str]:
    """Compare, and count what was compared: pairs of VirtualServices and requests, and splits."""
    random = Random(seed)
    made = [case(random, number) for number in range(cases)]
    project = _project(made)
    tables = [_table(project.mesh, one) for one in made]
    counted: Counter[str] = Counter()
    with running(_hosts(made, tables), directory) as port:
        connection = Connection(port)
        for one, table in zip(made, tables, strict=True):
            if table is None:
                assert not _ask(project, one, call(random, one.host)).destinations
                continue
            sent = [call(random, one.host) for _ in range(calls)]
            answers = connection.ask(each.lines(0) for each in sent)
            for each, answer in zip(sent, answers, strict=True):
                counted.update(_judge(project, connection, table, one, each, answer))
        connection.close()
    return counted


def _judge(
    project: Project, connection: Connection, table: RouteTable, one: Case, sent: Call, answer: Answer
) -> list[str]:
    found = _ask(project, one, sent)
    case_told = f"{json.dumps(one.objects)}\n{sent}"
    assert (answer.status, answer.route) == _said(found), case_told
    if found.rule is None:
        return ["pairs", "unmatched"]
    entry = table.entries[found.rule.number - 1]
    assert found.rule.object == str(entry.owner)
    assert found.rule.path == _place(entry.at.path)
    assert [each.rule.number for each in found.passed_over] == list(range(1, found.rule.number)), case_told
    assert sum((each.share for each in found.destinations), Fraction(0)) in (0, 1)
    if len(found.destinations) < 2:
        return ["pairs"]
    assert _shares(connection, sent, _total(entry.rule.value)) == _ours(found), case_told
    return ["pairs", "splits"]


def _total(route: dict[str, list[dict[str, int]]]) -> int:
    return sum(one.get("weight", 0) for one in route["route"])


def _shares(connection: Connection, sent: Call, total: int) -> dict[str, Fraction]:
    """The share of each destination, from the answers to one request for each unit of weight."""
    answers = connection.ask(sent.lines(pick) for pick in range(total))
    counts = Counter(answer.cluster for answer in answers)
    return {host: Fraction(count, total) for host, count in counts.items()}


def _ours(found: RouteAnswer) -> dict[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for one in found.destinations:
        shares[one.host] = shares.get(one.host, Fraction(0)) + one.share
    return shares


def test_a_sample_agrees_with_envoy(tmp_path: Path) -> None:
    counted = _compare(seed=7, cases=60, calls=8, directory=tmp_path)
    assert counted["pairs"] > 400
    assert counted["splits"] > 50


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_requests_agree_with_envoy(seed: int, tmp_path: Path) -> None:
    counted = _compare(seed=1000 + seed, cases=270, calls=10, directory=tmp_path)
    assert counted["pairs"] > 2500  # four times that are more than ten thousand
    assert counted["splits"] > 250


def test_the_generator_writes_every_field_of_a_match() -> None:
    random = Random(1)
    fields: Counter[str] = Counter()
    for number in range(200):
        for manifest in case(random, number).objects:
            for route in manifest["spec"]["http"]:
                for match in route.get("match", []):
                    fields.update(list(match))
                    fields.update(f"uri {kind}" for kind in match.get("uri", {}))
                weights = [one.get("weight") for one in route.get("route", [])]
                fields["a weight of zero"] += 0 in weights and len(weights) > 1
    assert min(fields[name] for name in _FIELDS) >= 20, fields


_FIELDS = (
    *("uri", "uri exact", "uri prefix", "uri regex", "ignoreUriCase", "headers", "withoutHeaders"),
    *("queryParams", "method", "authority", "scheme", "port", "sourceLabels", "sourceNamespace", "gateways"),
    "a weight of zero",
)
