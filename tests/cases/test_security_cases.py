"""What istioctl analyze and Kiali say of their own fixtures about security, and what we say of them.

Kiali looks at a cluster. What its Go tests make of one is added to the files: the namespaces in the mesh, and
for each selector of a policy a workload with a Service, as long as the file has none itself.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import yaml

from tests.cases.peers import Input, alarms, cases, findings, is_meant, replacing
from tests.shared import SHARED, needs_shared

FAMILIES = ("MTLS", "AUTHZ", "INJECT")
SECURITY = frozenset(
    ["IST0149", "IST0158", "IST0163", "IST0164", "IST0171", "IST0175", "KIA0105", "KIA0505", "KIA0506"]
)
"""The codes that speak of authentication, authorization, injection, mutual TLS, tokens or ambient."""

EXCEPT: dict[str, str] = {
    "IST0149": "the gateway's pods are added by the upstream harness; ROUTE059 speaks where files hold them",
    "IST0158": "the image in a running Pod against that of the injector, so it is about a cluster",
    "IST0171": "conditions in a status, which a cluster writes",
}
"""Codes that no case of these can give from its files, with the reason."""
OTHERWISE: dict[tuple[str, str], str] = {
    (
        "TestAutoAuthzPeerAuthnValid/mtls_enabled_checker_2.yaml/autoMtls=false",
        "KIA0105",
    ): "STRICT refuses the plaintext of such clients before any policy is asked",
    **{
        (
            f"TestMTLSPermissiveDisabledWorkloadLevel/mtls_enabled_checker_22.yaml/autoMtls={auto}",
            "KIA0105",
        ): "the Service that the DestinationRule is for names no namespace, so it is another one here"
        for auto in ("true", "false")
    },
}
"""Cases that we answer otherwise, with the reason."""
OPEN: frozenset[str] = frozenset()
"""Codes that no rule stands for yet."""
EXTRA = {
    "MTLS001": "the fixture has no PeerAuthentication, which is another subject than what upstream looks at",
    "MTLS003": "mutual TLS that is turned off, while upstream asks only whether a DestinationRule agrees",
    "MTLS005": "a rule that turns off what clients would do by themselves, without any PeerAuthentication",
}
"""Rules that may speak where upstream expects nothing, with the reason."""

CASES = list(cases())
_WITHOUT_MTLS = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: none, namespace: istio-system}
spec: {mtls: {mode: DISABLE}}
"""


@cache
def _documents(file: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all((SHARED / "corpus" / file).read_text(encoding="utf-8")) if one]


def _added(files: tuple[str, ...]) -> tuple[str, ...]:
    """The cluster around the files of one of Kiali's tests."""
    documents = [one for file in files for one in _documents(file)]
    if not any(file.startswith("kiali") for file in files):
        return ()
    namespaces = sorted({str(one["metadata"].get("namespace", "default")) for one in documents})
    selectors = {
        (str(one["metadata"].get("namespace", "default")), json.dumps(selector["matchLabels"]))
        for one in documents
        if one["kind"] in ("AuthorizationPolicy", "PeerAuthentication")
        and (selector := (one.get("spec") or {}).get("selector"))
        and selector.get("matchLabels")
    }
    texts = [_namespace(name) for name in namespaces if name != "istio-system"]
    texts += [
        text
        for number, (namespace, labels) in enumerate(sorted(selectors))
        for text in _workload(f"added-{number}", namespace, labels)
    ]
    return tuple(texts)


def _namespace(name: str) -> str:
    labels = {"istio-injection": "enabled"}
    return json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})


def _workload(name: str, namespace: str, labels: str) -> tuple[str, str]:
    metadata = {"name": name, "namespace": namespace}
    container = {"name": name, "image": name, "ports": [{"containerPort": 80}]}
    template = {"metadata": {"labels": json.loads(labels)}, "spec": {"containers": [container]}}
    port = {"name": "http", "port": 80}
    selector = {"matchLabels": json.loads(labels)}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata}
    return (
        json.dumps(deployment | {"spec": {"selector": selector, "template": template}}),
        json.dumps(service | {"spec": {"selector": json.loads(labels), "ports": [port]}}),
    )


def _input(case: dict[str, Any], files: tuple[str, ...], *, complete: bool) -> Input:
    context = case.get("context", {})
    added = _added(files) + (_WITHOUT_MTLS,) * (context.get("mtls_active") is False)
    return Input(files, added=added, complete=complete, auto_mtls=context.get("auto_mtls", True))


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_what_upstream_expects_is_found(case: dict[str, Any], files: tuple[str, ...]) -> None:
    codes = SECURITY - EXCEPT.keys() - OPEN
    wanted = [
        expected
        for expected in case["expected"]
        if expected["code"] in codes and (case["name"], expected["code"]) not in OTHERWISE
    ]
    told = [
        finding
        for complete in (False, True)
        if wanted
        for finding in findings(_input(case, files, complete=complete), FAMILIES)
    ]
    for expected in wanted:
        rules = replacing(expected["code"])
        assert any(one.rule in rules and is_meant(one, expected) for one in told), expected


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_where_upstream_expects_nothing_we_are_silent(case: dict[str, Any], files: tuple[str, ...]) -> None:
    if not case["expected"]:
        told = findings(_input(case, files, complete=False), FAMILIES)
        assert alarms(case, told, frozenset(EXTRA)) == []
