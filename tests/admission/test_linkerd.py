"""What Linkerd's webhook refuses, kind by kind, and that each refusal is told once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshlint.api import check_texts, read_texts
from meshlint.engine.rule import Severity

POLICY = "policy.linkerd.io"
GATEWAY = "gateway.networking.k8s.io"
VERSIONS = {
    "Server": f"{POLICY}/v1beta3",
    "GRPCRoute": f"{GATEWAY}/v1",
    "TLSRoute": f"{GATEWAY}/v1alpha2",
    "TCPRoute": f"{GATEWAY}/v1alpha2",
}
SERVER = {"group": POLICY, "kind": "Server", "name": "s"}
EGRESS = {"group": POLICY, "kind": "EgressNetwork", "name": "e"}
SERVICE = {"group": "core", "kind": "Service", "name": "s", "port": 80}
BACKENDS = {"backendRefs": [{"name": "a", "port": 80}]}
ACCOUNT = {"kind": "ServiceAccount", "name": "a"}
Spec = dict[str, Any]


def manifest(kind: str, spec: Spec, version: str = "", **annotations: str) -> str:
    about = {"name": "x", "namespace": "shop", "annotations": annotations}
    api = version or VERSIONS.get(kind, f"{POLICY}/v1alpha1")
    return json.dumps({"apiVersion": api, "kind": kind, "metadata": about, "spec": spec})


def networks(cidr: str, *excepted: str) -> Spec:
    return {"networks": [{"cidr": cidr, "except": list(excepted)}]}


def limit(target: Spec = SERVER, **more: Any) -> Spec:
    return {"targetRef": target, **more}


def http(*rules: Spec, parent: Spec = SERVER) -> Spec:
    return {"parentRefs": [parent], "rules": list(rules)}


def matching(**match: Any) -> Spec:
    return {"matches": [match]}


def is_taken(text: str) -> bool:
    (verdict,) = read_texts({"x.json": text}).admission.verdicts
    return verdict.is_taken


def rate(number: int) -> Spec:
    return {"requestsPerSecond": number}


OWN = f"{POLICY}/v1beta3"
REDIRECT = {"type": "RequestRedirect", "requestRedirect": {"path": {"type": "ReplaceFullPath"}}}
NUMBERS = {"podSelector": {"matchLabels": {"a": 1}}, "port": 1}
HEADER = {"name": "a", "value": "(", "type": "RegularExpression"}

REFUSED = [
    *(manifest("NetworkAuthentication", networks(text)) for text in ("", "10.0.0", "10.0.0.0/-1")),
    *(manifest("NetworkAuthentication", networks(text)) for text in ("fe80::1%eth0/64", "10.0.0.0/8 ")),
    *(manifest("NetworkAuthentication", networks(text)) for text in ("256.0.0.0/8", "010.0.0.1")),
    manifest("NetworkAuthentication", networks("10.0.0.0/008")),
    manifest("NetworkAuthentication", networks("10.0.0.0/8", "10.0.0.0/8")),
    manifest("NetworkAuthentication", networks("10.0.0.0/8", "0.0.0.0/0")),
    manifest("NetworkAuthentication", {"networks": []}),
    manifest("EgressNetwork", {"trafficPolicy": "Allow", "networks": []}),
    manifest("EgressNetwork", {"trafficPolicy": "allow"}),
    *(
        manifest("MeshTLSAuthentication", {"identities": [text]})
        for text in (
            "spiffe://td/",
            "spiffe://td//a",
            "spiffe://TD/a",
            "SPIFFE://td/a",
            "a.b.",
            "*.",
            "a_b.c",
        )
    ),
    *(
        manifest("MeshTLSAuthentication", {"identities": [text]})
        for text in ("spiffe://", "spiffe://td/..", "**", "*a", "a b", "spiffe://td/a?x")
    ),
    manifest(
        "MeshTLSAuthentication", {"identityRefs": [{"kind": "Namespace", "name": "a", "namespace": "b"}]}
    ),
    manifest("MeshTLSAuthentication", {"identityRefs": [{"kind": "Pod", "name": "a"}]}),
    *(manifest("Server", {"podSelector": {}, "port": port}) for port in (0, -1, 65536)),
    manifest("Server", {"podSelector": {}, "externalWorkloadSelector": {}, "port": 1}),
    manifest("Server", {"podSelector": {}}),
    manifest("Server", NUMBERS),
    manifest(
        "AuthorizationPolicy",
        {"targetRef": {**SERVER, "kind": "Namespace", "name": "shop"}, "requiredAuthenticationRefs": []},
    ),
    manifest(
        "AuthorizationPolicy",
        {
            "targetRef": SERVER,
            "requiredAuthenticationRefs": [ACCOUNT, {**SERVER, "kind": "MeshTLSAuthentication"}],
        },
    ),
    manifest("HTTPLocalRateLimitPolicy", limit(total=rate(0))),
    manifest("HTTPLocalRateLimitPolicy", limit(total=rate(-1))),
    manifest("HTTPLocalRateLimitPolicy", limit({"kind": "Server", "name": "s"}, total=rate(1))),
    manifest("HTTPLocalRateLimitPolicy", limit({**SERVER, "kind": "HTTPRoute"}, total=rate(1))),
    manifest("TLSRoute", http(BACKENDS, BACKENDS, parent=SERVICE)),
    manifest("TCPRoute", http(BACKENDS, BACKENDS, parent=SERVICE)),
    manifest("TLSRoute", http(BACKENDS, parent=EGRESS)),
    manifest("GRPCRoute", http({}, parent=EGRESS)),
    manifest("GRPCRoute", http(matching(headers=[HEADER]))),
    manifest("HTTPRoute", http({}, parent=EGRESS), OWN),
    manifest("HTTPRoute", http(matching(path={"value": "x"})), OWN),
    manifest("HTTPRoute", http({"filters": [REDIRECT]}), OWN),
    manifest("HTTPRoute", http({"timeouts": {"request": "-5s"}}, parent=SERVICE), OWN),
    manifest("HTTPRoute", http({"timeouts": {"request": "0s", "backendRequest": "5s"}}, parent=SERVICE), OWN),
    *(
        manifest("HTTPRoute", http({}, parent=SERVICE), OWN, **{f"timeout.linkerd.io/{key}": value})
        for key, value in (("request", "5 s"), ("request", ""), ("idle", "1h30m"), ("response", "5S"))
    ),
    *(
        manifest("HTTPRoute", http({}, parent=SERVICE), OWN, **{f"retry.linkerd.io/{key}": value})
        for key, value in (("http", "5xx, 503"), ("http", "99"), ("http", "600"), ("http", "500-"))
    ),
    *(
        manifest("HTTPRoute", http({}, parent=SERVICE), OWN, **{f"retry.linkerd.io/{key}": value})
        for key, value in (("limit", ""), ("limit", "65536"), ("timeout", "5"))
    ),
]
TAKEN = [
    *(manifest("NetworkAuthentication", networks(text)) for text in ("::1", "1.2.3.4/32", "FD00::/8")),
    *(manifest("NetworkAuthentication", networks(text)) for text in ("::ffff:10.0.0.0/104", "::/000")),
    manifest("NetworkAuthentication", networks("001.2.3.4/08")),
    *(
        manifest("MeshTLSAuthentication", {"identities": [text]})
        for text in ("a", "*", "*.a", "a-b.c", "1.2", "spiffe://td/a/b.c", "spiffe://td.x-y_z/A")
    ),
    manifest("MeshTLSAuthentication", {"identityRefs": [{"kind": "serviceaccount", "name": "a"}]}),
    manifest("Server", {"externalWorkloadSelector": {}, "port": 1}),
    manifest(
        "AuthorizationPolicy",
        {"targetRef": {**SERVER, "kind": "HTTPRoute"}, "requiredAuthenticationRefs": []},
    ),
    manifest("HTTPLocalRateLimitPolicy", limit()),
    manifest("HTTPLocalRateLimitPolicy", limit(total=rate(10), identity=rate(10))),
    *(
        manifest("HTTPRoute", http({}, parent=SERVICE), OWN, **{key: value})
        for key, value in (
            ("timeout.linkerd.io/request", "00"),
            ("timeout.linkerd.io/request", "0s"),
            ("timeout.linkerd.io/request", " 5s "),
            ("retry.linkerd.io/grpc", "bogus"),
            ("retry.linkerd.io/http", "400-500,503"),
            ("retry.linkerd.io/limit", "65535"),
        )
    ),
    manifest("HTTPRoute", http({}), OWN, **{"timeout.linkerd.io/request": "bogus"}),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_told_once(text: str) -> None:
    assert not is_taken(text)
    found = check_texts({"x.json": text}).findings
    assert len([one for one in found if one.severity is Severity.ERROR]) == 1


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken(text: str) -> None:
    assert is_taken(text)


@pytest.mark.parametrize(
    ("group", "others", "taken"),
    [
        ("", "", True),
        ("core", "", False),
        (
            "",
            "{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {linkerd.io/inject: x}}}",
            False,
        ),
        ("", "{apiVersion: linkerd.io/v1alpha2, kind: ServiceProfile, metadata: {name: a.b.svc.c}}", False),
        ("", "{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {istio-injection: x}}}", True),
    ],
)
def test_routes_are_judged_where_linkerd_is(group: str, others: str, taken: bool) -> None:
    text = manifest("TCPRoute", http(BACKENDS, BACKENDS, parent={**SERVICE, "group": group}))
    project = read_texts({"x.json": text, "others.yaml": others})
    (verdict,) = (one for one in project.admission.verdicts if one.resource.kind == "TCPRoute")
    assert verdict.is_taken is taken


def test_what_another_tool_fills_in_is_not_judged() -> None:
    assert is_taken(manifest("MeshTLSAuthentication", {"identities": ["${IDENTITY}"]}))
