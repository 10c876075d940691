"""Routes and rules as clients in ambient mode meet them: who reads them, and who does not."""

from __future__ import annotations

import pytest

from meshlint.traffic.followers.ambient import AmbientTraffic
from tests.security.istio_worlds import destination_rule, mesh, namespace, service, workload

AMBIENT, SIDECARS = "istio.io/dataplane-mode: ambient", "istio-injection: enabled"
WAYPOINT = "istio.io/use-waypoint: wp"
PLAIN, SERVED = namespace("in", AMBIENT), namespace("in", AMBIENT, WAYPOINT)
SERVER = (workload("server", "in"), service("server", "in"))
HOST = "server.in.svc.cluster.local"
POOL = f"{{host: {HOST}, trafficPolicy: {{outlierDetection: {{}}}}}}"
GATEWAY = (
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: in}\n"
    "spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n"
)
OTHER = namespace("site", AMBIENT)
CLIENT = workload("client", "site")


def virtual_service(where: str = "in", more: str = "", export: str = "") -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        f"metadata: {{name: v, namespace: {where}}}\n"
        f"spec: {{hosts: [{HOST}]{more}{export}, http: [{{route: [{{destination: {{host: {HOST}}}}}]}}]}}\n"
    )


def route(parent: str) -> str:
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: in}\n"
        f"spec: {{parentRefs: [{parent}], rules: [{{backendRefs: [{{name: server, port: 80}}]}}]}}\n"
    )


UNREAD = {
    "no waypoint": ((PLAIN, virtual_service()), True),
    "opted out": ((namespace("in", AMBIENT, "istio.io/use-waypoint: none"), virtual_service()), True),
    "a waypoint": ((SERVED, GATEWAY, virtual_service()), False),
    "a waypoint that is not in the files": ((SERVED, virtual_service()), False),
    "a namespace that is not in the files": ((virtual_service(),), False),
    "a namespace with sidecars": ((namespace("in", SIDECARS), virtual_service()), False),
    "a client with a sidecar": (
        (PLAIN, virtual_service(), namespace("site", SIDECARS), CLIENT),
        False,
    ),
    "a client that may have a sidecar": ((PLAIN, virtual_service(), CLIENT), False),
    "a client with a sidecar that it is not exported to": (
        (PLAIN, virtual_service(export=", exportTo: [.]"), namespace("site", SIDECARS), CLIENT),
        True,
    ),
    "bound to a gateway as well": ((PLAIN, virtual_service(more=", gateways: [mesh, edge]")), False),
    "no service of that name": (
        (PLAIN, virtual_service().replace("hosts: [server.", "hosts: [other.")),
        False,
    ),
}


@pytest.mark.parametrize("case", UNREAD)
def test_virtual_services_that_nobody_reads(case: str) -> None:
    documents, unread = UNREAD[case]
    found = AmbientTraffic(mesh(*SERVER, *documents)).unread_virtual_services()
    assert bool(list(found)) is unread


@pytest.mark.parametrize(
    ("where", "misplaced"), [("in", False), ("infra", False), ("site", True), ("istio-system", True)]
)
def test_a_waypoint_takes_virtual_services_beside_it_and_beside_the_service(
    where: str, misplaced: bool
) -> None:
    labels = (AMBIENT, WAYPOINT, "istio.io/use-waypoint-namespace: infra")
    waypoint = GATEWAY.replace("namespace: in", "namespace: infra").replace(
        "protocol: HBONE", "protocol: HBONE, allowedRoutes: {namespaces: {from: All}}"
    )
    world = mesh(namespace("in", *labels), *SERVER, waypoint, OTHER, CLIENT, virtual_service(where))
    assert bool(list(AmbientTraffic(world).misplaced_virtual_services())) is misplaced


RULES = {
    "no waypoint": ((PLAIN,), True),
    "a waypoint": ((SERVED, GATEWAY), False),
    "a gateway calls it": ((PLAIN, route("{name: edge}")), False),
    "a VirtualService of a gateway calls it": ((PLAIN, virtual_service(more=", gateways: [edge]")), False),
    "the waypoint's own route": ((PLAIN, GATEWAY, route("{name: wp}")), True),
    "sidecars call it": ((PLAIN, namespace("site", SIDECARS), CLIENT), False),
}


@pytest.mark.parametrize("case", RULES)
def test_rules_that_nobody_reads(case: str) -> None:
    documents, unread = RULES[case]
    world = mesh(*SERVER, *documents, destination_rule("d", "in", POOL))
    assert bool(list(AmbientTraffic(world).unread_rules())) is unread


def test_a_rule_about_tls_or_subsets_alone_is_not_about_requests() -> None:
    spec = f"{{host: {HOST}, trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}}}, subsets: [{{name: a}}]}}"
    world = mesh(PLAIN, *SERVER, destination_rule("d", "in", spec))
    assert list(AmbientTraffic(world).unread_rules()) == []


def test_a_rule_about_requests_may_stand_at_a_subset_or_a_port() -> None:
    for part in (
        "subsets: [{name: a, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]",
        "trafficPolicy: {portLevelSettings: [{port: {number: 80}, connectionPool: {http: {maxRetries: 1}}}]}",
    ):
        world = mesh(PLAIN, *SERVER, destination_rule("d", "in", f"{{host: {HOST}, {part}}}"))
        assert len(list(AmbientTraffic(world).unread_rules())) == 1


MISPLACED = {
    "beside its clients": ((OTHER, CLIENT), "site", True),
    "beside the service": ((OTHER, CLIENT), "in", False),
    "in the root namespace": ((OTHER, CLIENT), "istio-system", False),
    "beside sidecars": ((namespace("site", SIDECARS), CLIENT), "site", False),
    "beside nothing": ((OTHER,), "site", False),
    "beside a gateway": (
        (
            OTHER,
            CLIENT,
            GATEWAY.replace("wp, namespace: in", "edge, namespace: site").replace("-waypoint", ""),
        ),
        "site",
        False,
    ),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_rules_where_no_proxy_looks(case: str) -> None:
    documents, where, misplaced = MISPLACED[case]
    world = mesh(SERVED, GATEWAY, *SERVER, *documents, destination_rule("d", where, POOL))
    assert bool(list(AmbientTraffic(world).misplaced_rules())) is misplaced


@pytest.mark.parametrize(
    ("parent", "documents", "unread"),
    [
        ('{kind: Service, group: "", name: server}', (PLAIN,), True),
        ('{kind: Service, group: "", name: server}', (SERVED, GATEWAY), False),
        ('{kind: Service, group: "", name: server}', (PLAIN, namespace("site", SIDECARS), CLIENT), False),
        ('{kind: Service, group: "", name: other}', (PLAIN,), False),
        ("{name: edge}", (PLAIN,), False),
    ],
)
def test_routes_that_nobody_follows(parent: str, documents: tuple[str, ...], unread: bool) -> None:
    world = mesh(*SERVER, *documents, route(parent))
    assert bool(list(AmbientTraffic(world).unread_routes())) is unread


@pytest.mark.parametrize(
    ("client", "dropped"),
    [
        (workload("client", "in"), True),
        (namespace("site", SIDECARS) + "---\n" + CLIENT, False),
        (workload("other", "in"), False),
    ],
)
def test_matches_by_labels_that_a_waypoint_drops(client: str, dropped: bool) -> None:
    match = "http: [{match: [{sourceLabels: {app: client}}], route: ["
    text = virtual_service().replace("http: [{route: [", match)
    world = mesh(SERVED, GATEWAY, *SERVER, client, text)
    assert bool(list(AmbientTraffic(world).dropped_matches())) is dropped
