"""The rows of `meshlint access` for Linkerd."""

from __future__ import annotations

from tests.access.test_matrix import ask, rows
from tests.api.test_access import LINKERD
from tests.security.istio_worlds import namespace, service, workload

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: admin, namespace: mesh}
spec:
  parentRefs: [{group: policy.linkerd.io, kind: Server, name: web}]
  rules: [{matches: [{path: {type: PathPrefix, value: /admin}, method: POST}]}]
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: admin, namespace: mesh}
spec:
  targetRef: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: admin}
  requiredAuthenticationRefs: [{kind: ServiceAccount, name: other}]
"""
PEOPLE = (*(workload(name, "mesh") for name in ("web", "caller", "other")), service("web", "mesh"))


def test_policies_name_the_edges() -> None:
    assert rows(ask(LINKERD, *PEOPLE)) == [("mesh/caller", "mesh/web", 80, "allowed")]


def test_routes_split_what_is_let_in() -> None:
    answer = ask(LINKERD, ROUTE, *PEOPLE, to="mesh/web")
    told = {(one.admission.who, one.admission.what) for one in answer.admitted}
    assert told == {
        ("account mesh/caller", "POST /admin/*"),
        ("account mesh/other", "POST /admin/*"),
    }
    assert ("mesh/other", "mesh/web", 80, "in part") in rows(answer)
    (edge,) = (one for one in answer.edges if one.client == "mesh/other")
    assert edge.decision.explanation.let_in == ("POST /admin/*",)


def test_a_request_takes_its_route() -> None:
    for path, word in (("/admin/x", "allowed"), ("/elsewhere", "denied")):
        answer = ask(LINKERD, ROUTE, *PEOPLE, to="mesh/web", source="other", method="POST", path=path)
        assert [one.word for one in answer.edges] == [word]


def test_a_denied_caller_is_told_whom_the_policies_admit() -> None:
    (edge,) = ask(LINKERD, *PEOPLE, to="mesh/web", source="other").edges
    assert edge.word == "denied"
    assert edge.decision.explanation.needs == ("to be account mesh/caller (AuthorizationPolicy mesh/web)",)


def test_those_outside_have_no_identity() -> None:
    world = (LINKERD, *PEOPLE, namespace("out"), workload("stranger", "out"))
    (edge,) = ask(*world, to="mesh/web", source="stranger").edges
    assert (edge.word, edge.decision.transport.value) == ("denied", "plaintext")
