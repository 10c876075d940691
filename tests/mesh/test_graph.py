from __future__ import annotations

from meshlint.mesh.graph.graph import Edge, MeshGraph, Node, NodeKind, Relation
from meshlint.mesh.graph.relations import call_graph, mesh_graph
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


def nodes(*names: str) -> list[Node]:
    return [Node(NodeKind.WORKLOAD, "shop", name, "Deployment") for name in names]


def graph_of(*pairs: str) -> MeshGraph:
    ends = (nodes(*pair) for pair in pairs)
    return MeshGraph.of((), (Edge(source, target, Relation.CALLS) for source, target in ends))


def test_a_ring_is_the_shortest_way_round_through_the_first_of_a_group() -> None:
    assert graph_of("ab", "bc").rings() == ()
    assert graph_of("aa").rings() == (tuple(nodes("a", "a")),)
    assert graph_of("ab", "bc", "ca", "cb").rings() == (tuple(nodes("a", "b", "c", "a")),)
    assert graph_of("ab", "ba", "bc", "cd", "dc").rings() == (
        tuple(nodes("a", "b", "a")),
        tuple(nodes("c", "d", "c")),
    )


def test_chains_are_told_shorter_ones_first_and_no_more_than_asked() -> None:
    graph = graph_of("ab", "bd", "ac", "cd", "bc", "ad", "de")
    a, d = nodes("a", "d")
    found = ["".join(node.name for node in chain) for chain in graph.chains(a, d, 9)]
    assert found == ["ad", "abd", "acd", "abcd"]
    assert len(graph.chains(a, d, 2)) == 2
    assert graph.chains(d, a, 9) == ()
    assert graph.chains(a, nodes("x")[0], 9) == ()


def test_the_heaviest_chain_may_be_a_longer_one() -> None:
    weights = {"ab": 2, "bc": 3, "ac": 5, "cb": 9, "cd": 1}
    graph = graph_of(*weights)
    best = graph.heaviest(lambda one, other: weights[one.name + other.name])
    told = {node.name: "".join(one.name for one in chain) for node, chain in best.items()}
    assert told == {"a": "a", "b": "acb", "c": "abc", "d": "abcd"}


def test_where_all_call_all_the_search_ends() -> None:
    names = "abcdefghijkl"
    graph = graph_of(*(one + other for one in names for other in names if one != other))
    first, last = nodes("a", "l")
    assert len(graph.chains(first, last, 10)) == 10
    assert len(graph.heaviest(lambda _one, _other: 2)) == len(names)


def test_workloads_that_call_each_other_are_a_ring() -> None:
    env = "[{name: U, value: 'http://%s:80'}]"
    texts = [
        deployment(one).replace("containers: [{", f"containers: [{{env: {env % other}, ")
        for one, other in (("web", "cart"), ("cart", "web"))
    ]
    found = call_graph(mesh(*texts, service("web"), service("cart"))).rings()
    assert [[node.name for node in ring] for ring in found] == [["cart", "web", "cart"]]
