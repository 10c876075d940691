"""The rows of `meshlint access`: which edges there are, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.api import AccessQuestion, AccessRequest, UsageError, read_texts
from meshlint.api.overviews.matrix import answered
from meshlint.reports.access.answer import AccessAnswer
from tests.security.istio_worlds import namespace, security, service, workload

IN = namespace("in", "istio-injection: enabled")
WEB = workload("web", "in").replace("image: web", "image: web, env: [{name: CART, value: 'http://cart:80'}]")
CART = (workload("cart", "in"), service("cart", "in"))
POLICY = """{selector: {matchLabels: {app: cart}}, rules: [
  {from: [{source: {principals: [cluster.local/ns/in/sa/web, cluster.local/ns/far/sa/job]}}],
   to: [{operation: {methods: [GET], paths: [/items/*]}}]},
  {from: [{source: {namespaces: [ops]}}]}]}"""
GUARD = security("AuthorizationPolicy", "cart", "in", POLICY)
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: in}
spec: {hosts: [cart], gateways: [mesh, edge], http: [{route: [{destination: {host: cart2}}]}]}
"""
LEFT_OPEN = frozenset({"headers", "claims", "metadata", "sni"})


def ask(
    *documents: str, to: str | None = None, source: str | None = None, mesh: str = "", **parts: Any
) -> AccessAnswer:
    project = read_texts({"mesh.yaml": "---\n".join(documents)})
    request = AccessRequest("", **{"left_open": LEFT_OPEN, **parts})
    return answered(project, AccessQuestion(to, source, request, mesh))


def rows(answer: AccessAnswer) -> list[tuple[str, str, int, str]]:
    return [(one.client, one.server, one.port, one.word) for one in answer.edges]


def test_calls_and_policies_name_the_edges() -> None:
    assert rows(ask(IN, WEB, *CART, GUARD)) == [
        ("cluster.local/ns/far/sa/job", "in/cart", 80, "in part"),
        ("in/web", "in/cart", 80, "in part"),
        ("ops/*", "in/cart", 80, "allowed"),
    ]


def test_nobody_is_named_where_nothing_names_anybody() -> None:
    others = [workload(f"w{number}", "in") for number in range(5)]
    answer = ask(IN, *CART, *others, *(service(f"w{number}", "in") for number in range(5)))
    assert rows(answer) == []


def test_routes_lead_callers_and_gateways_on() -> None:
    second = (workload("cart2", "in"), service("cart2", "in"))
    found = rows(ask(IN, WEB, *CART, *second, ROUTE))
    assert ("in/web", "in/cart2", 80, "allowed") in found
    assert ("gateway/in/edge", "in/cart2", 80, "allowed") in found


def test_the_identity_of_a_gateway_that_is_not_in_the_files_is_open() -> None:
    second = (workload("cart2", "in"), service("cart2", "in"))
    only = security("AuthorizationPolicy", "p", "in", "{rules: [{from: [{source: {principals: [x]}}]}]}")
    (edge,) = (one for one in ask(IN, *second, ROUTE, only).edges if one.client == "gateway/in/edge")
    assert (edge.word, edge.decision.depends_on) == ("depends", ("identity",))


def test_to_tells_callers_strangers_and_what_the_policies_let_in() -> None:
    answer = ask(IN, WEB, *CART, GUARD, to="cart")
    assert [row[0] for row in rows(answer)] == [
        "cluster.local/ns/far/sa/job",
        "in/web",
        "ops/*",
        "outside",
    ]
    assert rows(answer)[-1][3] == "denied"
    told = [(one.admission.who, one.admission.what, one.admission.over) for one in answer.admitted]
    accounts = "identity cluster.local/ns/in/sa/web, cluster.local/ns/far/sa/job"
    assert told == [(accounts, "GET /items/*", ""), ("namespace ops", "anything", "")]
    assert [one.admission.by.label for one in answer.admitted if one.admission.by] == [
        "AuthorizationPolicy in/cart, rule 1",
        "AuthorizationPolicy in/cart, rule 2",
    ]


def test_what_is_given_narrows_what_is_let_in() -> None:
    answer = ask(IN, WEB, *CART, GUARD, to="cart", method="DELETE")
    assert [one.admission.who for one in answer.admitted] == ["namespace ops"]
    assert ("in/web", "in/cart", 80, "denied") in rows(answer)


def test_a_deny_rule_is_an_exception_of_what_it_may_meet() -> None:
    deny = security(
        "AuthorizationPolicy",
        "no-ops",
        "in",
        "{action: DENY, rules: [{from: [{source: {namespaces: [ops]}}]}]}",
    )
    answer = ask(IN, WEB, *CART, GUARD, deny, to="cart")
    less = [[bar.what for bar in one.admission.less] for one in answer.admitted]
    assert less == [[], ["namespace ops"]]
    assert ("ops/*", "in/cart", 80, "denied") in rows(answer)


def test_anyone_is_anyone_in_the_mesh_where_plaintext_is_refused() -> None:
    strict = security("PeerAuthentication", "strict", "in", "{mtls: {mode: STRICT}}")
    (admitted,) = ask(IN, *CART, strict, to="cart").admitted
    assert admitted.admission.who == "anyone in the mesh"


def test_from_tells_what_a_workload_may_call_and_what_names_it_in_vain() -> None:
    closed = (workload("shut", "in"), service("shut", "in"))
    shut = security("AuthorizationPolicy", "shut", "in", "{selector: {matchLabels: {app: shut}}}")
    named = security(
        "AuthorizationPolicy",
        "web",
        "in",
        "{action: DENY, selector: {matchLabels: {app: named}}, rules: [{from: [{source: {principals: "
        "[cluster.local/ns/in/sa/web]}}]}]}",
    )
    open_ = (workload("named", "in"), service("named", "in"))
    answer = ask(IN, WEB, *CART, *closed, *open_, shut, named, source="web")
    assert rows(answer) == [("in/web", "in/cart", 80, "allowed"), ("in/web", "in/named", 80, "denied")]


@pytest.mark.parametrize(
    ("source", "clients"),
    [
        ("web", ["in/web"]),
        ("in/web", ["in/web"]),
        ("in", ["in/cart", "in/web"]),
        ("in/*", ["in/cart", "in/web"]),
        ("far/*", ["far/*"]),
        ("cart", ["in/cart"]),
        ("outside", ["outside"]),
        ("spiffe://cluster.local/ns/in/sa/web", ["spiffe://cluster.local/ns/in/sa/web"]),
        ("gateway/far/edge", ["gateway/far/edge"]),
    ],
)
def test_a_caller_has_many_names(source: str, clients: list[str]) -> None:
    answer = ask(IN, WEB, *CART, GUARD, to="cart", source=source)
    assert [one.client for one in answer.edges] == clients


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("wbe", r'"wbe" is no workload and no namespace.*Did you mean "web"'),
        ("gateway/edge", '"edge" is no Gateway'),
    ],
)
def test_callers_that_do_not_exist_are_mistakes(source: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ask(IN, WEB, *CART, to="cart", source=source)


def test_a_denied_caller_is_told_what_the_nearest_rules_ask() -> None:
    (edge,) = ask(IN, WEB, *CART, GUARD, to="cart", source="web", method="PUT", path="/items/1").edges
    needs = edge.decision.explanation.needs
    assert needs == (
        "GET (AuthorizationPolicy in/cart, rule 1)",
        "namespace ops (AuthorizationPolicy in/cart, rule 2)",
    )


def test_a_denied_caller_is_told_which_rule_it_must_not_match() -> None:
    deny = security(
        "AuthorizationPolicy", "d", "in", "{action: DENY, rules: [{to: [{operation: {methods: [PUT]}}]}]}"
    )
    (edge,) = ask(IN, WEB, *CART, deny, to="cart", source="web", method="PUT").edges
    assert edge.decision.explanation.needs == ("to be other than PUT (AuthorizationPolicy in/d, rule 1)",)


def test_where_the_request_decides_the_part_that_is_let_in_is_told() -> None:
    (edge,) = ask(IN, WEB, *CART, GUARD, to="cart", source="web").edges
    assert (edge.word, edge.decision.explanation.let_in) == ("in part", ("GET /items/*",))


def test_the_verdict_is_that_of_all_edges() -> None:
    closed = security("AuthorizationPolicy", "shut", "in", "{}")
    assert ask(IN, WEB, *CART, to="cart", source="in/*").verdict is not None
    denied = ask(IN, WEB, *CART, closed, to="cart", source="web")
    allowed = ask(IN, WEB, *CART, to="cart", source="web")
    part = ask(IN, WEB, *CART, GUARD, to="cart", source="in/*")
    assert [one.verdict.value for one in (denied, allowed, part) if one.verdict] == [
        "deny",
        "allow",
        "depends",
    ]
    assert ask(IN, WEB, *CART, to="cart").verdict is None


def test_the_mesh_may_be_assumed_where_the_files_do_not_say() -> None:
    unseen = (workload("web", "unseen"), workload("cart", "unseen"), service("cart", "unseen"))
    open_ = ask(*unseen, to="cart", source="web")
    assert [one.word for one in open_.edges] == ["depends"]
    assert ["--mesh" in note for note in open_.notes] == [True]
    for mesh in ("istio", "ambient", "linkerd"):
        answer = ask(*unseen, to="cart", source="web", mesh=mesh)
        (edge,) = answer.edges
        assert answer.notes == ()
        assert (edge.word, edge.decision.transport.value) == ("allowed", "mTLS")
    out = (namespace("unseen"), *unseen)
    assert ask(*out, to="cart", source="web").edges[0].decision.transport.value == "plaintext"
    assert ask(*out, to="cart", source="web", mesh="linkerd").edges[0].decision.transport.value == "mTLS"


def test_a_destination_without_a_known_port_is_said_to_have_none() -> None:
    bare = workload("bare", "in").replace(", ports: [{containerPort: 8080}]", "")
    guard = security("AuthorizationPolicy", "p", "in", POLICY.replace("app: cart", "app: bare"))
    answer = ask(IN, WEB, bare, guard)
    assert answer.notes == ("No port is known of in/bare: name one with --port.",)
    with pytest.raises(UsageError, match="no port of in/bare is in the manifests"):
        ask(IN, bare, to="bare")
    assert rows(ask(IN, bare, to="bare", port=9000, source="outside")) == [
        ("outside", "in/bare", 9000, "allowed")
    ]
