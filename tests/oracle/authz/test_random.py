"""A real Envoy judges random calls to random policies as we say it does."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from meshlint.api import Project, ReadOptions, read_texts
from meshlint.security.access import AccessRequest
from meshlint.security.istio import Chain, Guard, Request, guard
from tests.oracle.authz.call import Call
from tests.oracle.authz.generate import KEYS, ODD_KEYS, OPERATION, PORTS, SOURCE, case
from tests.oracle.authz.judge import PASSED, Case, needs_addresses, verdicts
from tests.taken import as_if_taken


def _project(one: Case) -> Project:
    """The policies, and the pod that they may attach to behind a Service of the case's protocol."""
    protocol = "tcp" if one.tcp else "http"
    labels = dict(one.place.labels)
    ports = [{"name": f"{protocol}-{number}", "port": number} for number in PORTS]
    metadata = {"name": "pod", "namespace": one.place.namespace}
    injected = {"name": one.place.namespace, "labels": {"istio-injection": "enabled"}}
    spec = {"containers": [{"name": "pod", "image": "pod"}]}
    objects = (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": injected},
        {"apiVersion": "v1", "kind": "Pod", "metadata": metadata | {"labels": labels}, "spec": spec},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {"selector": labels, "ports": ports},
        },
        *one.policies,
    )
    texts = {f"{number}.yaml": json.dumps(each) for number, each in enumerate(objects)}
    domain, *aliases = one.place.domains
    settings = {"trust-domain": domain, "trust-domain-aliases": aliases}
    config = json.dumps({"pathNormalization": {"normalization": one.normalization}}).encode()
    return as_if_taken(read_texts(texts, ReadOptions(mesh=settings, mesh_config=(("mesh.json", config),))))


def _guard(project: Project, one: Case) -> Guard:
    """What we make of the policies that attach to the pod."""
    mesh = project.mesh
    attached = mesh.authorization_policies.attached_to(mesh.workloads.all[0])
    return guard(mesh, attached, Chain.TCP if one.tcp else Chain.HTTP)


def _asked(one: Case, call: Call) -> AccessRequest:
    """The call as a user of the whole project words it."""
    connection = AccessRequest(
        destination=f"{one.place.namespace}/pod",
        port=call.destination_port,
        principal=call.identity,
        source_ip=call.source_ip,
        remote_ip=call.remote_ip,
        destination_ip=call.destination_ip,
        sni=call.sni,
        metadata=call.metadata,
        provider_allows=one.provider_allows,
    )
    if one.tcp:
        return connection
    return evolve(
        connection,
        host=call.host,
        method=call.method,
        path=call.path,
        headers=_headers(call),
        claims=call.claims,
    )


def _headers(call: Call) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in call.headers:
        headers.setdefault(name, []).append(value)
    return headers


def _request(one: Case, call: Call) -> Request:
    connection = Request(
        identity=call.identity,
        source_ip=call.source_ip,
        remote_ip=call.remote_ip,
        destination_ip=call.destination_ip,
        destination_port=call.destination_port,
        sni=call.sni,
        metadata=call.metadata,
        provider_allows=one.provider_allows,
    )
    if one.tcp:
        return connection
    return evolve(
        connection,
        host=call.host,
        method=call.method,
        path=call.path,
        headers=_headers(call),
        claims=call.claims,
    )


def _compare(seed: int, directory: Path, *, http: int, tcp: int, calls: int) -> int:
    random = Random(seed)
    cases = [case(random, tcp=False, calls=calls) for _ in range(http)]
    cases += [case(random, tcp=True, calls=calls // 2) for _ in range(tcp)]
    wrong, told = [], Counter[bool]()
    for one, statuses in zip(cases, verdicts(cases, directory), strict=True):
        project = _project(one)
        ours = _guard(project, one)
        for call, status in zip(one.calls, statuses, strict=True):
            expected = "allow" if status == PASSED else "deny"
            said = {
                ours.decide(_request(one, call)).verdict.value,
                project.access(_asked(one, call)).verdict.value,
            }
            told[status == PASSED] += 1
            if said != {expected}:
                wrong.append((status, said, json.dumps(one.policies), one.place, one.normalization, call))
    assert wrong == []
    assert min(told.values()) > 0.2 * told.total()
    return told.total()


@needs_addresses
def test_a_sample_agrees_with_envoy(tmp_path: Path) -> None:
    assert _compare(1, tmp_path, http=40, tcp=15, calls=24) > 1000


@needs_addresses
@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(8))
def test_many_pairs_agree_with_envoy(seed: int, tmp_path: Path) -> None:
    """Eight times this is more than 20,000 pairs."""
    assert _compare(100 + seed, tmp_path, http=64, tcp=25, calls=40) > 2500


def test_every_field_and_every_key_is_used() -> None:
    random = Random(3)
    policies = [policy for _ in range(1500) for policy in case(random, tcp=False, calls=1).policies]
    rules = [rule for policy in policies for rule in policy["spec"].get("rules", ())]
    parts = [one["source"] for rule in rules for one in rule.get("from", ())]
    parts += [one["operation"] for rule in rules for one in rule.get("to", ())]
    conditions = [one for rule in rules for one in rule.get("when", ())]
    fields = {name for part in parts for name in part}
    plain = {*SOURCE, *OPERATION}
    assert fields == plain | {f"not{name[0].upper()}{name[1:]}" for name in plain}
    assert {one["key"] for one in conditions} == {*KEYS, *ODD_KEYS}
    assert {name for one in conditions for name in one} == {"key", "values", "notValues"}
    assert {policy["spec"].get("action") for policy in policies} == {None, "ALLOW", "DENY", "AUDIT", "CUSTOM"}
    assert {policy["metadata"]["namespace"] for policy in policies} == {"foo", "bar", "istio-system"}
    assert any(policy["metadata"].get("annotations") for policy in policies)
    assert {"selector", "targetRefs"} <= {name for policy in policies for name in policy["spec"]}


def test_the_judge_knows_nothing_of_meshlint() -> None:
    """Only this module may: the policies, the calls and the settings of Envoy are made without it."""
    for path in Path(__file__).parent.glob("*.py"):
        if path.name != Path(__file__).name:
            assert "meshlint" not in _imported(path), path.name


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names
