"""Who follows VirtualServices and DestinationRules, where the files show it and where they do not."""

from __future__ import annotations

import pytest

from meshlint.mesh import MeshSettings
from meshlint.traffic.destinations.scaled_down import scaled_down
from meshlint.traffic.followers.audience import (
    misplaced_rules,
    unseen_by_gateways,
    unseen_by_sidecars,
    unused_rules,
)
from meshlint.traffic.hosts.unbound import idle_hosts
from meshlint.traffic.reach.nested import nested_rivals
from tests.traffic.worlds import mesh as mesh_of

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: stock}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
"""
PODS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-v2, namespace: PLACE}
spec:
  replicas: COUNT
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart, istio: edge}}
    spec: {containers: [{name: main, image: registry.example.com/cart}]}
---
"""
ROUTES = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: NAME, namespace: stock}
spec: {hosts: [HOST], gateways: [GATEWAY], exportTo: [EXPORT], http: [{match: [MATCH], route: [DESTINATION]}]}
---
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: PLACE}
spec: {host: cart.stock.svc.cluster.local, exportTo: EXPORT, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
---
"""
GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: stock}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
"""


def routes(**words: str) -> str:
    text = ROUTES
    defaults = {
        "NAME": "cart",
        "HOST": "cart",
        "GATEWAY": "mesh",
        "EXPORT": "'*'",
        "MATCH": "{}",
        "DESTINATION": "{destination: {host: cart}}",
    }
    for word, value in (defaults | words).items():
        text = text.replace(word, value)
    return text


def pods(place: str = "stock", count: str = "1") -> str:
    return PODS.replace("PLACE", place).replace("COUNT", count)


def rule(place: str, export: str) -> str:
    return RULE.replace("PLACE", place).replace("EXPORT", export)


@pytest.mark.parametrize(
    ("host", "gateway", "expected"),
    [
        ("cart", "mesh", []),
        ("cart.stock", "mesh", ["cart.stock"]),
        ("cart.stock.svc", "mesh", ["cart.stock.svc"]),
        ("cart.stock", "edge", []),
        ("carts", "mesh", ["carts"]),
        ("carts", "mesh, edge", []),
        ("cart.example.com", "mesh", []),
        ("cart.elsewhere.svc.cluster.local", "mesh", []),
        ("'*.example.com'", "mesh", []),
    ],
)
def test_hosts_that_sidecars_do_not_know(host: str, gateway: str, expected: list[str]) -> None:
    mesh = mesh_of(SERVICE + routes(HOST=host, GATEWAY=gateway))
    assert [str(idle.host) for idle in idle_hosts(mesh)] == expected


def test_a_host_that_the_routes_lead_to_stands_for_a_service_out_of_view() -> None:
    mesh = mesh_of(SERVICE + routes(HOST="carts", DESTINATION="{destination: {host: carts}}"))
    assert list(idle_hosts(mesh)) == []


@pytest.mark.parametrize(
    ("export", "place", "seen"),
    [
        (".", "stock", True),
        (".", "istio-ingress", False),
        ("istio-ingress", "istio-ingress", True),
        ("'*'", "istio-ingress", True),
        ("web, shop", "istio-ingress", False),
    ],
)
def test_a_gateway_sees_what_is_exported_to_its_pods(export: str, place: str, seen: bool) -> None:
    mesh = mesh_of(SERVICE + GATEWAY + pods(place) + routes(GATEWAY="edge", EXPORT=export))
    assert bool(list(unseen_by_gateways(mesh))) is not seen


def test_a_gateway_out_of_view_may_see_everything() -> None:
    assert list(unseen_by_gateways(mesh_of(SERVICE + routes(GATEWAY="edge", EXPORT=".")))) == []


@pytest.mark.parametrize(
    ("export", "complete", "unseen"),
    [("'~'", False, True), ("web", False, False), ("web", True, True), (".", True, False)],
)
def test_sidecars_see_what_is_exported_to_pods(export: str, complete: bool, unseen: bool) -> None:
    mesh = mesh_of(SERVICE + pods() + routes(EXPORT=export), settings=MeshSettings(complete=complete))
    assert bool(list(unseen_by_sidecars(mesh))) is unseen


@pytest.mark.parametrize(
    ("place", "export", "unused", "misplaced"),
    [
        ("stock", "[web]", False, False),
        ("istio-system", "['*']", False, False),
        ("web", "[.]", False, False),
        ("web", "[stock]", True, False),
        ("web", "['~']", True, False),
        ("web", "['*']", False, True),
        ("web", "[]", False, False),
    ],
)
def test_a_rule_is_looked_for_in_three_namespaces(
    place: str, export: str, unused: bool, misplaced: bool
) -> None:
    mesh = mesh_of(SERVICE + rule(place, export))
    assert bool(list(unused_rules(mesh))) is unused
    assert bool(list(misplaced_rules(mesh))) is misplaced


def test_a_rule_beside_clients_is_for_them() -> None:
    assert list(misplaced_rules(mesh_of(SERVICE + pods("web") + rule("web", "['*']")))) == []


AUTOSCALER = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart, namespace: stock}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart-v2}, maxReplicas: 3}
---
"""


@pytest.mark.parametrize(
    ("count", "more", "destination", "loud"),
    [
        ("0", "", "{destination: {host: cart}}", True),
        ("1", "", "{destination: {host: cart}}", False),
        ("0", AUTOSCALER, "{destination: {host: cart}}", False),
        ("0", "", "{destination: {host: cart}, weight: 0}, {destination: {host: web}, weight: 1}", False),
        ("0", "", "{destination: {host: cart}, weight: 1}, {destination: {host: web}, weight: 1}", True),
        ("0", "", "{destination: {host: cart, subset: v2}}", False),
        ("0", pods(count="2").replace("cart-v2", "cart-v1"), "{destination: {host: cart}}", False),
    ],
)
def test_shares_of_workloads_without_replicas(count: str, more: str, destination: str, loud: bool) -> None:
    mesh = mesh_of(SERVICE + pods(count=count) + more + routes(DESTINATION=destination))
    assert bool(list(scaled_down(mesh))) is loud


@pytest.mark.parametrize(
    ("wide", "narrow", "names"),
    [
        ("{uri: {prefix: /api}}", "{uri: {prefix: /api-docs}}", ["narrow"]),
        ("{uri: {prefix: /api}}", "{uri: {exact: /api/v1}}", ["narrow"]),
        ("{uri: {prefix: /api}}", "{uri: {prefix: /api}, method: {exact: GET}}", ["narrow"]),
        ("{uri: {prefix: /api}}", "{uri: {prefix: /api}}", []),
        ("{uri: {prefix: /api/}}", "{uri: {prefix: /api-docs}}", []),
        ("{uri: {prefix: /}}", "{uri: {prefix: /api-docs}}", []),
        ("{uri: {prefix: /api}, headers: {x-a: {exact: b}}}", "{uri: {prefix: /api-docs}}", []),
        ("{uri: {prefix: /api}, port: 80}", "{uri: {prefix: /api-docs}}", []),
    ],
)
def test_matches_within_those_of_another_virtual_service(wide: str, narrow: str, names: list[str]) -> None:
    here = {"HOST": "shop.example.com", "GATEWAY": "edge"}
    texts = [
        routes(NAME="wide", MATCH=wide, **here),
        routes(NAME="narrow", MATCH=narrow, DESTINATION="{destination: {host: docs}}", **here),
    ]
    for order in (texts, texts[::-1]):
        found = [one.virtual_service.resource.name for one in nested_rivals(mesh_of("".join(order)))]
        assert found == names


def test_matches_that_lead_to_the_same_place_are_no_rivals() -> None:
    here = {"HOST": "shop.example.com", "GATEWAY": "edge"}
    wide = routes(NAME="wide", MATCH="{uri: {prefix: /api}}", **here)
    narrow = routes(NAME="narrow", MATCH="{uri: {prefix: /api/v1}}", **here)
    assert list(nested_rivals(mesh_of(wide + narrow))) == []
