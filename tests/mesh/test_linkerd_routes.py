from __future__ import annotations

import pytest

from meshlint.mesh.policies.linkerd_routes import RouteAttachment, attachments
from tests.traffic.worlds import mesh

SERVER = "{group: policy.linkerd.io, kind: Server, name: web}"


def attached(rules: str, parent: str = SERVER, kind: str = "HTTPRoute") -> list[RouteAttachment]:
    text = f"""
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: web, namespace: shop}}
spec: {{parentRefs: [{parent}], rules: {rules}}}
"""
    return list(attachments(mesh(text).routes))


def test_a_route_that_counts() -> None:
    (found,) = attached("[{matches: [{path: {value: /a}, headers: [{name: a, value: b}]}]}]")
    assert found.server == ("shop", "web")
    assert found.refusal is None
    assert not found.is_grpc


@pytest.mark.parametrize(
    ("rules", "parent", "said"),
    [
        ("[{filters: [{type: URLRewrite}]}]", SERVER, "has the filter 'URLRewrite'"),
        ("[{matches: [{path: {type: RegularExpression, value: '/(a'}}]}]", SERVER, "invalid pattern '/(a'"),
        ("[{matches: [{path: {value: a}}]}]", SERVER, "has the path 'a' without a leading slash"),
        (
            "[{matches: [{headers: [{type: RegularExpression, name: a, value: '(b'}]}]}]",
            SERVER,
            "invalid pattern '(b'",
        ),
        (
            "[{matches: [{queryParams: [{type: RegularExpression, name: a, value: '[b'}]}]}]",
            SERVER,
            "invalid pattern '[b'",
        ),
        ("[]", SERVER[:-1] + ", port: 80}", "names port 80"),
        ("[]", SERVER[:-1] + ", sectionName: a}", "names section 'a'"),
        ("[]", f"{SERVER}, {SERVER[:-1]}, namespace: other}}", "names a Server of namespace 'other'"),
    ],
)
def test_why_a_route_is_left_out(rules: str, parent: str, said: str) -> None:
    (found,) = attached(rules, parent)
    assert found.refusal is not None
    assert said in found.refusal.reason
    assert found.refusal.because.span().line > 0


@pytest.mark.parametrize(
    "rules",
    [
        "[{filters: [{type: RequestRedirect}, {type: RequestHeaderModifier}]}]",
        "[{matches: [{path: {type: RegularExpression, value: '/a+'}}]}]",
        "[{matches: [{headers: [{type: RegularExpression, name: a, value: 'b+'}]}]}]",
    ],
)
def test_what_does_not_keep_a_route_from_counting(rules: str) -> None:
    assert [one.refusal for one in attached(rules)] == [None]


def test_grpc_routes_match_methods_exactly() -> None:
    good, bad = (
        attached(f"[{{matches: [{{method: {{type: {kind}, service: a, method: b}}}}]}}]", kind="GRPCRoute")[0]
        for kind in ("Exact", "RegularExpression")
    )
    assert good.is_grpc
    assert good.refusal is None
    assert bad.refusal is not None


@pytest.mark.parametrize("parent", ["{name: edge}", SERVER[:-1] + ", namespace: other}"])
def test_other_parents_are_none(parent: str) -> None:
    assert attached("[]", parent) == []


def test_routes_of_connections_are_none() -> None:
    assert attached("[]", kind="TCPRoute") == []
