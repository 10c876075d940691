"""A real Envoy sends requests where `project.route` says that gateways send them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from meshlint.api import Project, ReadOptions, RouteRequest, read_texts
from meshlint.reports.route.answer import Outcome, RouteAnswer
from tests.oracle import gateway_api, istio_gateways
from tests.oracle.envoy import Answer, Connection, bootstrap, free_ports, started
from tests.oracle.gateways import PORT, Call, Case, call
from tests.taken import as_if_taken

KINDS: dict[str, tuple[Callable[[Random, int], Case], tuple[dict[str, Any], ...]]] = {
    "gateway-api": (gateway_api.case, gateway_api.SURROUNDINGS),
    "istio": (istio_gateways.case, ()),
}


def _project(one: Case, surroundings: tuple[dict[str, Any], ...]) -> Project:
    manifests = [*surroundings, *one.objects]
    texts = {f"{number}.json": json.dumps(each) for number, each in enumerate(manifests)}
    return as_if_taken(read_texts(texts, ReadOptions(complete=True)))


@contextmanager
def _listening(cases: list[Case], directory: Path) -> Iterator[list[int]]:
    """One Envoy, with a listener for each gateway; gives their ports."""
    echo, *ports = free_ports(len(cases) + 1)
    parts = [bootstrap(one.virtual_hosts, port, echo) for one, port in zip(cases, ports, strict=True)]
    listeners = [part["static_resources"]["listeners"][0] for part in parts]
    settings = parts[0]
    for number, listener in enumerate(listeners):
        listener["name"] = f"front-{number}"
    settings["static_resources"]["listeners"] = [*listeners, settings["static_resources"]["listeners"][1]]
    with started(settings, ports, directory):
        yield ports


def _ask(project: Project, one: Case, sent: Call) -> RouteAnswer:
    return project.route(
        RouteRequest(
            client=one.client,
            host=sent.host,
            port=PORT,
            path=sent.path,
            method=sent.method,
            headers=sent.headers,
            scheme="http",
        )
    )


def _said(answer: RouteAnswer) -> tuple[int, str]:
    """The status that we expect, and the rule by its object and its place in it."""
    if answer.rule is None:
        return answer.status or 0, ""
    status = 200 if answer.outcome is Outcome.FORWARDED else answer.status or 0
    return status, f"{answer.rule.object} {answer.rule.path}"


def _compare(kind: str, seed: int, cases: int, calls: int, directory: Path) -> Counter[str]:
    """Compare, and count what was compared."""
    random = Random(seed)
    make, surroundings = KINDS[kind]
    made = [make(random, number) for number in range(cases)]
    counted: Counter[str] = Counter()
    with _listening(made, directory) as ports:
        for one, port in zip(made, ports, strict=True):
            project, connection = _project(one, surroundings), Connection(port)
            for sent in [call(random) for _ in range(calls)]:
                (answer,) = connection.ask([sent.lines(0)])
                counted.update(_judge(project, connection, one, sent, answer))
            connection.close()
    return counted


def _judge(project: Project, connection: Connection, one: Case, sent: Call, answer: Answer) -> list[str]:
    found = _ask(project, one, sent)
    told = f"{json.dumps(one.objects)}\n{json.dumps(one.virtual_hosts)}\n{sent}"
    assert (answer.status, answer.route) == _said(found), told
    assert found.undecided == (), told
    if found.rule is None:
        return ["calls", "unmatched"]
    kinds = ["calls", found.rule.object.partition(" ")[0], f"status {answer.status}"]
    if len(found.destinations) < 2:
        return kinds
    total = _total(one, answer.route)
    answers = connection.ask(sent.lines(pick) for pick in range(total))
    shares = Counter(each.cluster for each in answers)
    assert {host: Fraction(count, total) for host, count in shares.items()} == _ours(found), told
    return [*kinds, "splits"]


def _total(one: Case, name: str) -> int:
    """The sum of the weights that a rule is written with."""
    routes = (route for host in one.virtual_hosts for route in host["routes"])
    taken = next(each for each in routes if each["response_headers_to_add"][0]["header"]["value"] == name)
    return sum(int(each["weight"]) for each in taken["route"]["weighted_clusters"]["clusters"])


def _ours(found: RouteAnswer) -> dict[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for one in found.destinations:
        shares[one.host] = shares.get(one.host, Fraction(0)) + one.share
    return {host: share for host, share in shares.items() if share}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_sample_agrees_with_envoy(kind: str, tmp_path: Path) -> None:
    counted = _compare(kind, seed=11, cases=40, calls=20, directory=tmp_path)
    assert counted["calls"] == 800
    assert counted["unmatched"] < 600
    assert counted["splits"] > 30


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", list(KINDS))
def test_ten_thousand_calls_agree_with_envoy(kind: str, seed: int, tmp_path: Path) -> None:
    counted = _compare(kind, seed=2000 + seed, cases=130, calls=20, directory=tmp_path)
    assert counted["calls"] == 2600  # four times that for each kind
    asked = {"gateway-api": ("HTTPRoute", "GRPCRoute", "status 301", "status 302")}
    assert all(counted[one] > 20 for one in asked.get(kind, ("VirtualService",))), counted
