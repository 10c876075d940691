"""What rules say of their bad examples, `access`, `route` and `diff` say as well, whoever is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from meshlint.api import AccessRequest, Project, RouteRequest, UsageError, Verdict, read_texts
from meshlint.api.differing.difference import State, difference
from meshlint.api.overviews.matrix import AccessQuestion, answered
from tests.rules.claims import CLOSED, IDLE, OPEN, STATUS, Claim, claims, without
from tests.rules.test_examples import options

ASKED = 45
"""How many of the claims that something is idle are tried in every run."""
STRANGER = "cluster.local/ns/strange/sa/one"
UNLIKE = {
    "AUTHZ038": "gRPC sends no method but POST",
    "AUTHZ047": "nobody in the files has that identity; another pod of the account might",
    "AUTHZ077": "a caller without a sidecar may send any server name",
    "AUTHZ440": "a caller may send any host to a workload that does not serve it",
    "ROUTE276": "a caller that follows no route sends the path as it is written",
}
"""Where it is idle for requests that are sent by callers there are: `diff` also asks about all others."""
BY_HAND = {
    "GATEWAY064": "browsers take one connection for two hosts",
    "GATEWAY162": "browsers take one connection for two hosts",
    "GATEWAY174": "policies deny it, of which `access` tells",
}
"""Rules that tell of a status which no route of the files gives."""


def project(claim: Claim, files: dict[str, list[Any]] | None = None) -> Project:
    reading = options(claim.example).reading
    if files is None:
        return read_texts(claim.example.files, reading)
    texts = {name: "\n---\n".join(map(json.dumps, values)) for name, values in files.items()}
    return read_texts(texts, reading)


def changed(claim: Claim) -> list[str] | None:
    """Which calls and ways change once what is idle is gone; None where an example does not show it alone."""
    files = without(claim)
    if files is None:
        return None
    before, after = State("with", project(claim), ()), State("without", project(claim, files), ())
    found = difference(before, after)
    calls = [f"{one.callers} to {one.to}: {one.before}, {one.after}" for one in found.calls]
    return calls + [f"{one.senders} to {one.host}: {one.before}, {one.after}" for one in found.ways]


def idle() -> Iterator[tuple[Claim, list[str] | None]]:
    return ((one, changed(one)) for one in claims(IDLE) if one.rule.id not in UNLIKE)


def test_without_what_has_no_effect_calls_and_ways_are_the_same() -> None:
    every = [one for one in claims(IDLE) if one.rule.id not in UNLIKE]
    some = Random(len(every)).sample(every, ASKED)
    found = {f"{one.rule.id}: {one.example.title}": changed(one) for one in some}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.slow
def test_without_all_that_has_no_effect_calls_and_ways_are_the_same() -> None:
    found = {f"{one.rule.id}: {one.example.title}": told for one, told in idle()}
    assert {name: told for name, told in found.items() if told} == {}
    assert sum(told is not None for told in found.values()) > ASKED


def test_a_policy_that_admits_nobody_lets_no_workload_in() -> None:
    asked, admitted = 0, []
    for one in claims(CLOSED):
        for edge in _edges(project(one), AccessQuestion()):
            asked += 1
            lets_in = edge.decision.client is not None and edge.decision.verdict is Verdict.ALLOW
            if lets_in and any(one.name in decider.label for decider in edge.decision.deciding):
                admitted.append(f"{one.rule.id} {one.example.title}: {edge.client}")
    assert admitted == []
    assert asked


def test_where_anyone_may_call_a_stranger_may_unless_mutual_tls_is_demanded() -> None:
    asked, shut = 0, []
    for one in claims(OPEN):
        held = project(one)
        names = [f"{workload.namespace}/{workload.name}" for workload in held.mesh.workloads.all]
        told = [
            edge.decision
            for name in names
            for edge in _edges(held, AccessQuestion(name, None, AccessRequest("", principal=STRANGER)))
            if "demands mTLS" not in edge.decision.reason
        ]
        asked += bool(told)
        if told and all(decision.verdict is Verdict.DENY for decision in told):
            shut.append(f"{one.rule.id} {one.example.title}: {told[0].reason}")
    assert shut == []
    assert asked


def _edges(held: Project, question: AccessQuestion) -> tuple[Any, ...]:
    try:
        return answered(held, question).edges
    except UsageError:
        return ()


def test_a_status_that_is_told_is_one_that_requests_get() -> None:
    asked, missed = 0, []
    for one in claims(STATUS):
        match = STATUS.search(one.finding.message)
        got = None if one.rule.id in BY_HAND else _statuses(project(one))
        if match and got is not None:
            asked += 1
            if int(match[1]) not in got:
                missed.append(f"{one.rule.id} {one.example.title}: {one.finding.message} Not among {got}")
    assert missed == []
    assert asked


def _statuses(held: Project) -> set[int | None] | None:
    """What requests from everything in the files to all of their hosts get; None where nothing sends any."""
    groups = ("networking.istio.io", "gateway.networking.k8s.io")
    gateways = (one for group in groups for one in held.resources.of(group, "Gateway"))
    clients = [f"{one.namespace}/{one.name}" for one in held.mesh.workloads.all]
    clients += [f"gateway/{one.namespace}/{one.name}" for one in gateways]
    asked = [RouteRequest(client=client, host=host) for client in clients for host in _hosts(held)]
    return {status for one in asked for status in _answers(held, one)} if asked else None


def _hosts(held: Project) -> set[str]:
    found = {f"{one.name}.{one.namespace}.svc.cluster.local" for one in held.resources.of("", "Service")}
    for resource in held.resources.resources:
        spec = resource.spec.value if isinstance(resource.spec.value, dict) else {}
        written = (*(spec.get("hosts") or ()), *(spec.get("hostnames") or ()))
        found |= {host.replace("*", "x") for host in written if isinstance(host, str)}
    return found


def _answers(held: Project, asked: RouteRequest) -> Iterator[int | None]:
    """What comes of one request, and of each rule for its host."""
    try:
        answer, table = held.route(asked), held.route_table(asked)
    except UsageError:
        return
    yield answer.status
    yield from (one.status for one in answer.destinations)
    for row in table.rows:
        yield from (getattr(one, "status", None) for one in (row, *getattr(row, "destinations", ())))
