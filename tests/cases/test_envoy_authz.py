"""Whole policy sets against verdicts of a real Envoy that ran what istiod generated from them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from meshlint.api import AccessRequest, Project, ReadOptions, read_texts
from meshlint.security.istio import Chain, Guard, Request, guard
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
ENVOY = SHARED / "cases" / "envoy"
Row = dict[str, Any]
POD = """
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}, labels: {{istio-injection: enabled}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: service, namespace: {namespace}}}
spec: {{selector: {labels}, ports: {ports}}}
---
apiVersion: v1
kind: Pod
metadata:
  name: subject
  namespace: {namespace}
  labels: {labels}
spec:
  containers: [{{name: subject, image: subject}}]
"""


@cache
def rows(chain: Chain) -> tuple[Row, ...]:
    """The requests that one kind of filter chain decided."""
    text = (ENVOY / f"authz-{chain.value}.jsonl").read_text()
    return tuple(json.loads(line) for line in text.splitlines())


@cache
def _project(policies: str, workload: str, mesh_config: str, chain: Chain) -> Project:
    about = json.loads(workload)
    area, name = policies.split("/")[-2:]
    domain = {"trust-domain": about["trust_domain"]} if about["trust_domain"] else {}
    options = ReadOptions(
        mesh={**domain, "trust-domain-aliases": about["trust_domain_aliases"]},
        mesh_config=(("mesh.json", mesh_config.encode()),) if mesh_config != "null" else (),
    )
    numbers = sorted({row["request"]["destination_port"] for row in rows(chain)})
    ports = [{"name": f"{chain.value}-{number}", "port": number} for number in numbers]
    labels = json.dumps(about["labels"])
    pod = POD.format(namespace=about["namespace"], labels=labels, ports=json.dumps(ports))
    texts = {"policies.yaml": (ENVOY / "inputs" / f"{area}-{name}").read_text(), "pod.yaml": pod}
    return read_texts(texts, options)


@cache
def _guard(project: Project, chain: Chain) -> Guard:
    mesh = project.mesh
    attached = mesh.authorization_policies.attached_to(mesh.workloads.all[0])
    return guard(mesh, attached, chain)


def _project_of(row: Row, chain: Chain) -> Project:
    config = json.dumps(row.get("mesh_config"))
    return _project(row["policies"], json.dumps(row["workload"]), config, chain)


def _guard_of(row: Row, chain: Chain) -> Guard:
    return _guard(_project_of(row, chain), chain)


def _request(row: Row) -> Request:
    asked = row["request"]
    answer = row.get("ext_authz_answer")
    return Request(
        identity=asked["source_principal"] if asked["transport"] == "mtls" else None,
        source_ip=asked["source_ip"],
        remote_ip=asked["remote_ip"],
        destination_ip=asked["destination_ip"],
        destination_port=asked["destination_port"],
        sni=asked["sni"],
        host=asked["host"],
        method=asked["method"],
        path=asked["path"],
        headers=_headers(asked),
        claims=asked["jwt"],
        metadata=asked.get("dynamic_metadata") or {},
        provider_allows=None if answer is None else answer == "allow",
    )


def _access_request(row: Row) -> AccessRequest:
    request = _request(row)
    return AccessRequest(
        "subject",
        port=request.destination_port,
        principal=None if request.identity is None else f"spiffe://{request.identity}",
        source_ip=request.source_ip,
        remote_ip=request.remote_ip,
        destination_ip=request.destination_ip,
        sni=request.sni,
        host=request.host,
        method=request.method,
        path=request.path,
        headers=request.headers,
        claims=request.claims,
        metadata=request.metadata,
        provider_allows=request.provider_allows,
    )


def _headers(asked: Row) -> dict[str, tuple[str, ...]]:
    """What arrives: the blanks around a value are no part of it in HTTP/1.1, and are in HTTP/2."""
    sent = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in (asked["headers"] or {}).items()
    }
    if asked["http_version"] == "2":
        return sent
    return {name: tuple(value.strip() for value in values) for name, values in sent.items()}


def agrees(row: Row, chain: Chain) -> bool:
    """Whether the policies let in what Envoy let in, and nothing else."""
    return bool(_guard_of(row, chain).decide(_request(row)).verdict.value == row["verdict"])


@pytest.mark.parametrize("chain", [Chain.HTTP, Chain.TCP])
def test_every_verdict_is_that_of_envoy(chain: Chain) -> None:
    wrong = []
    for row in rows(chain):
        if not agrees(row, chain):
            wrong.append((row["case"], row["verdict"], row["request"]))
    assert wrong == []
    assert len(rows(chain)) > 900


@pytest.mark.parametrize("chain", [Chain.HTTP, Chain.TCP])
def test_every_answer_of_a_project_is_that_of_envoy(chain: Chain) -> None:
    wrong = []
    for row in rows(chain):
        answer = _project_of(row, chain).access(_access_request(row))
        if answer.verdict.value != row["verdict"]:
            wrong.append((row["case"], row["verdict"], answer.reason, answer.depends_on, row["request"]))
    assert wrong == []


@pytest.mark.parametrize("chain", [Chain.HTTP, Chain.TCP])
@pytest.mark.parametrize(("action", "hits"), [("AUDIT", "match"), ("DENY", "deny"), ("CUSTOM", "match")])
def test_every_action_matches_as_in_envoy(chain: Chain, action: str, hits: str) -> None:
    for row in rows(chain):
        said = row["filter_verdicts"][action]
        if said in ("match", "no_match", "allow", "deny", hits):
            matched = bool(_guard_of(row, chain).matches(_request(row), action))
            assert matched == (said in (hits, "deny")), row


@pytest.mark.parametrize("chain", [Chain.HTTP, Chain.TCP])
def test_the_rule_that_envoy_names_is_among_the_deciding(chain: Chain) -> None:
    named = 0
    for row in rows(chain):
        expected = row["matched_policy"]
        if expected is None:
            continue
        deciding = _guard_of(row, chain).decide(_request(row)).deciding
        said = [
            f"ns[{match.policy.namespace}]-policy[{match.policy.name}]-rule[{match.index}]"
            for match in deciding
        ]
        named += 1
        assert any(one in expected for one in said) or row["verdict"] == "allow", row
    assert named > 100
