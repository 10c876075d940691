from __future__ import annotations

from meshlint.mesh.graph.graph import Edge, MeshGraph, Node, NodeKind, Relation
from meshlint.mesh.graph.relations import mesh_graph
from tests.traffic.worlds import deployment, destination_rule, gateway, mesh, service, virtual_service


def edges(*texts: str) -> set[tuple[str, str, str, str]]:
    graph = mesh_graph(mesh(*texts))
    return {(edge.source.id, str(edge.relation), edge.target.id, edge.label) for edge in graph.edges}


def test_workloads_back_services_and_run_as_accounts() -> None:
    assert edges(service("web"), deployment("web")) == {
        ("Deployment/shop/web", "backs", "service/shop/web", ""),
        ("Deployment/shop/web", "runs as", "identity/shop/default", ""),
    }


def test_a_virtual_service_binds_attaches_and_routes_with_shares() -> None:
    http = (
        "[{route: [{destination: {host: reviews, subset: v1}, weight: 80}, "
        "{destination: {host: api.example.com}, weight: 10}, {destination: {}}]}]"
    )
    text = virtual_service(
        "reviews", hosts=("reviews", "*.example.com"), http=http, more="gateways: [mesh, infra/edge]"
    )
    route = "VirtualService/shop/reviews"
    assert edges(text, service("reviews")) == {
        (route, "binds", "Gateway/infra/edge", ""),
        (route, "attaches to", "service/shop/reviews", ""),
        (route, "routes to", "subset/shop/reviews:v1", "88.9 %"),
        ("subset/shop/reviews:v1", "is part of", "service/shop/reviews", ""),
        (route, "routes to", "external host/api.example.com", "11.1 %"),
    }


def test_weights_that_make_no_shares_have_no_label() -> None:
    lone = "[{route: [{destination: {host: a}, weight: 5}]}]"
    zero = "[{route: [{destination: {host: a}, weight: 0}, {destination: {host: b}, weight: -1}]}]"
    for http in (lone, zero):
        found = edges(virtual_service("x", http=http), service("a"), service("b"))
        assert {label for _, relation, _, label in found if relation == "routes to"} == {""}


def test_a_negative_weight_counts_as_none() -> None:
    http = "[{route: [{destination: {host: a}, weight: 5}, {destination: {host: b}, weight: -1}]}]"
    found = edges(virtual_service("x", http=http), service("a"), service("b"))
    assert {label for _, relation, _, label in found if relation == "routes to"} == {"100 %", "0 %"}


def test_rules_configure_hosts_and_name_their_parts() -> None:
    assert edges(destination_rule("reviews", subsets=("v1",)), service("reviews")) == {
        ("DestinationRule/shop/reviews", "configures", "service/shop/reviews", ""),
        ("subset/shop/reviews:v1", "is part of", "service/shop/reviews", ""),
    }


def test_gateways_select_pods() -> None:
    found = edges(gateway("edge", namespace="infra"), deployment("edge", istio="edge"))
    assert ("Gateway/infra/edge", "selects", "Deployment/shop/edge", "") in found


ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs:
    - {name: edge, namespace: infra}
    - {group: "", kind: Service, name: web, port: 80}
    - {group: policy.linkerd.io, kind: Server, name: web-http}
  rules:
    - backendRefs: [{name: web, port: 80, weight: 3}, {name: new, port: 80}]
    - backendRefs: [{name: web, port: 80}]
"""


def test_a_route_of_the_gateway_api() -> None:
    route = "HTTPRoute/shop/web"
    assert edges(ROUTE) == {
        (route, "attaches to", "Gateway/infra/edge", ""),
        (route, "attaches to", "service/shop/web", ""),
        (route, "attaches to", "Server/shop/web-http", ""),
        (route, "routes to", "service/shop/web", "75 %"),
        (route, "routes to", "service/shop/new", "25 %"),
        (route, "routes to", "service/shop/web", ""),
    }


POLICIES = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, rules: [{}]}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: web-http, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, port: 80}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: grant, namespace: shop}
spec:
  targetRef: {group: policy.linkerd.io, kind: Server, name: web-http}
  requiredAuthenticationRefs: []
"""


def test_policies_attach_to_what_they_decide() -> None:
    assert edges(POLICIES, deployment("web")) >= {
        ("AuthorizationPolicy/shop/allow", "attaches to", "Deployment/shop/web", ""),
        ("Server/shop/web-http", "selects", "Deployment/shop/web", ""),
        ("AuthorizationPolicy/shop/grant", "attaches to", "Server/shop/web-http", ""),
    }


CLIENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shopper, namespace: shop}
spec:
  template:
    metadata: {labels: {app: shopper}}
    spec:
      containers: [{name: c, image: i, env: [{name: REVIEWS_URL, value: "http://reviews:80/all"}]}]
"""


def test_calls_that_the_environment_of_a_pod_tells_of() -> None:
    found = edges(CLIENT, service("reviews"))
    assert ("Deployment/shop/shopper", "calls", "service/shop/reviews", "") in found


def test_a_graph_is_asked_by_relation_and_by_reach() -> None:
    one, two, three = (Node(NodeKind.SERVICE, "shop", name) for name in ("a", "b", "c"))
    graph = MeshGraph.of(
        [], [Edge(one, two, Relation.CALLS), Edge(two, three, Relation.BACKS), Edge(one, two, Relation.CALLS)]
    )
    assert graph.nodes == (one, two, three)
    assert len(graph.edges) == 2
    assert list(graph.related(one, Relation.CALLS)) == [two]
    assert list(graph.related(one, Relation.BACKS)) == []
    assert graph.reachable(one) == {two, three}
    assert graph.reachable(three) == frozenset()
