"""The rows of `meshlint access` where calls pass a waypoint."""

from __future__ import annotations

import pytest

from tests.access.test_matrix import CART, WEB, ask, rows
from tests.security.istio_worlds import namespace, security

WAYPOINT = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: in, labels: {istio.io/waypoint-for: service}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
"""
IN = namespace("in", "istio.io/dataplane-mode: ambient", "istio.io/use-waypoint: waypoint")
AT_WAYPOINT = security(
    "AuthorizationPolicy",
    "at-waypoint",
    "in",
    "{targetRefs: [{kind: Service, group: '', name: cart}], rules: [{from: [{source: {principals: "
    "[cluster.local/ns/in/sa/web]}}], to: [{operation: {methods: [GET]}}]}]}",
)
AT_SERVER = security(
    "AuthorizationPolicy",
    "at-server",
    "in",
    "{selector: {matchLabels: {app: cart}}, rules: [{from: [{source: {principals: "
    "[cluster.local/ns/in/sa/waypoint]}}]}]}",
)
WORLD = (IN, WAYPOINT, WEB, *CART, AT_WAYPOINT)


def test_policies_at_the_waypoint_decide_first() -> None:
    answer = ask(*WORLD, AT_SERVER, to="cart", source="web")
    assert rows(answer) == [("in/web", "in/cart", 80, "in part")]
    (edge,) = answer.edges
    assert edge.decision.explanation.let_in == ("GET",)
    denied = ask(*WORLD, AT_SERVER, to="cart", source="web", method="PUT").edges[0].decision
    assert denied.explanation.needs == ("GET (AuthorizationPolicy in/at-waypoint, rule 1)",)


def test_the_pod_is_called_past_the_waypoint_of_the_service() -> None:
    answer = ask(*WORLD, AT_SERVER, to="cart", port=8080, source="web", method="GET")
    assert rows(answer) == [("in/web", "in/cart", 8080, "denied")]


def test_the_server_sees_the_waypoint_and_says_what_it_lacks() -> None:
    other = AT_SERVER.replace("sa/waypoint", "sa/other")
    (edge,) = ask(*WORLD, other, to="cart", source="web", method="GET").edges
    assert edge.word == "denied"
    needed = "identity cluster.local/ns/in/sa/other (AuthorizationPolicy in/at-server, rule 1)"
    assert edge.decision.explanation.needs == (needed,)


def test_a_waypoint_is_no_caller_of_its_own() -> None:
    assert [row[0] for row in rows(ask(*WORLD, AT_SERVER))] == ["in/web"]


@pytest.mark.parametrize("more", [(), (AT_SERVER,)])
def test_both_proxies_are_told_apart(more: tuple[str, ...]) -> None:
    told = [one.admission.where for one in ask(*WORLD, *more, to="cart").admitted]
    assert told == ["waypoint in/waypoint", ""]
