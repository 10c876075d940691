"""A real Envoy chooses the routes and shares that we say it does."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from meshlint.documents import read
from meshlint.mesh import Mesh
from meshlint.resources import collect
from meshlint.traffic.request import Request
from meshlint.traffic.way import Way, table_for, way
from tests.oracle.envoy import Answer, Connection, running
from tests.oracle.generate import EDGE, Call, Case, call, case
from tests.oracle.translate import virtual_host


def _mesh(cases: list[Case]) -> Mesh:
    texts = [json.dumps(one) for each in cases for one in each.objects]
    texts.append(json.dumps(EDGE))
    readings = [read(f"{number}.json", text.encode()) for number, text in enumerate(texts)]
    return Mesh(collect(document for reading in readings for document in reading.documents))


def _request(one: Call, host: str) -> Request:
    return Request(host, path=one.path, method=one.method, headers=one.headers, host_header=one.authority)


def _expected(found: Way) -> tuple[int, str]:
    if found.entry is None or found.table is None:
        return 404, ""
    route = str(found.table.entries.index(found.entry))
    return (200 if found.hops else found.status or 0), route


def _shares(connection: Connection, one: Call, total: int) -> dict[str, Fraction]:
    answers = connection.ask(one.lines(pick) for pick in range(total))
    hosts = [answer.cluster for answer in answers]
    return {host: Fraction(hosts.count(host), total) for host in set(hosts)}


def _compare(seed: int, cases: int, calls: int, directory: Path) -> None:
    random = Random(seed)
    made = [case(random, number) for number in range(cases)]
    mesh = _mesh(made)
    tables = [table_for(mesh, one.client, one.host, 80) for one in made]
    hosts = [
        virtual_host(one.host, [one.host], table)
        for one, table in zip(made, tables, strict=True)
        if table is not None
    ]
    with running(hosts, directory) as port:
        connection = Connection(port)
        for one, table in zip(made, tables, strict=True):
            assert table is not None
            sent = [call(random, one.host) for _ in range(calls)]
            answers = connection.ask(each.lines(0) for each in sent)
            for each, answer in zip(sent, answers, strict=True):
                _judge(mesh, connection, one, each, answer)
        connection.close()


def _judge(mesh: Mesh, connection: Connection, one: Case, each: Call, answer: Answer) -> None:
    found = way(mesh, one.client, _request(each, one.host))
    assert (answer.status, answer.route) == _expected(found), f"{json.dumps(one.objects)}\n{each}"
    if found.hops and len(found.hops) > 1:
        total = sum(hop.target.field.integer("weight") or 0 for hop in found.hops)
        ours: dict[str, Fraction] = {}
        for hop in found.hops:
            ours[hop.host] = ours.get(hop.host, Fraction(0)) + hop.part
        assert _shares(connection, each, total) == ours, (one, each)


def test_a_sample_agrees_with_envoy(tmp_path: Path) -> None:
    _compare(seed=7, cases=60, calls=8, directory=tmp_path)


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_requests_agree_with_envoy(seed: int, tmp_path: Path) -> None:
    _compare(seed=1000 + seed, cases=260, calls=10, directory=tmp_path)
