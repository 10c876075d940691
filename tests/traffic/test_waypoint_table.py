"""Where requests go in ambient mode: through waypoints, or past every route."""

from __future__ import annotations

import pytest

from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.ambient import ambient_way
from meshlint.traffic.ways.proxied import way
from tests.traffic.worlds import (
    connections,
    gateway,
    mesh,
    outcome,
    service,
    split,
    to,
    virtual_service,
)

WEB = Client("web", {"app": "a"})
EDGE = Client("ingress", gateways=frozenset({"shop/edge"}))
FQDN = "reviews.shop.svc.cluster.local"


def _waypoint(name: str = "wp", namespace: str = "shop", labels: str = "{}", allowed: str = "Same") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - {{name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {{namespaces: {{from: {allowed}}}}}}}
"""


def _served(labels: str = "istio.io/use-waypoint: wp", port: str = "http") -> str:
    return service("reviews", ports=f"[{{name: {port}, port: 80}}]").replace(
        "namespace: shop", f"namespace: shop, labels: {{{labels}}}"
    )


def _namespace(labels: str, name: str = "shop") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def _to(name: str, namespace: str = "shop", match: str = "", more: str = "", host: str = FQDN) -> str:
    route = to(f"{name}.test")
    http = f"[{{match: [{match}], route: [{route}]}}]" if match else split(route)
    return virtual_service(name, namespace, (host,), http, more)


def _l4(name: str, section: str, match: str = "") -> str:
    matches = f"match: [{match}], " if match else ""
    return connections(name, (FQDN,), section, f"[{{{matches}route: [{to(f'{name}.test')}]}}]")


ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: %s}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, namespace: shop}]
  rules: [{backendRefs: [{name: other, namespace: shop, port: 80}]}]
"""
WP = _waypoint()
CASES = [
    ("6.5 no waypoint: routes do not count", (_served("a: b"), _to("v")), "reviews"),
    ("6.5 served by label of the Service", (_served(), WP, _to("v")), "v"),
    (
        "6.5 by label of the namespace",
        (_namespace("istio.io/use-waypoint: wp"), _served("a: b"), WP, _to("v")),
        "v",
    ),
    (
        "6.5 none on the Service",
        (_namespace("istio.io/use-waypoint: wp"), _served("istio.io/use-waypoint: none"), WP, _to("v")),
        "reviews",
    ),
    (
        "6.5 a missing waypoint does not fall back",
        (_namespace("istio.io/use-waypoint: wp"), _served("istio.io/use-waypoint: gone"), WP, _to("v")),
        "reviews",
    ),
    (
        "6.5 a waypoint of another namespace",
        (
            _served("istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra"),
            _waypoint(namespace="infra", allowed="All"),
            _to("v"),
        ),
        "v",
    ),
    (
        "6.5 that does not take the namespace",
        (
            _served("istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra"),
            _waypoint(namespace="infra"),
            _to("v"),
        ),
        "reviews",
    ),
    (
        "6.5 a waypoint for workloads only",
        (_served(), _waypoint(labels="{istio.io/waypoint-for: workload}"), _to("v")),
        "reviews",
    ),
    ("6.5 a waypoint for all", (_served(), _waypoint(labels="{istio.io/waypoint-for: all}"), _to("v")), "v"),
    ("3.2 VirtualService of a third namespace", (_served(), WP, _to("v", "web")), "reviews"),
    (
        "3.2 VirtualService of the waypoint's namespace",
        (
            _served("istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra"),
            _waypoint(namespace="infra", allowed="All"),
            _to("v", "infra"),
        ),
        "v",
    ),
    ("3.2 no route", (_served(), WP), "reviews"),
    ("3.2 all are merged", (_served(), WP, _to("a", match="{uri: {prefix: /x}}"), _to("b")), "b"),
    (
        "3.2 whatever their wildcard",
        (_served(), WP, _to("a", match="{uri: {prefix: /x}}"), _to("b", host="*.shop.svc.cluster.local")),
        "b",
    ),
    (
        "3.2 catch-alls stay where they are",
        (_served(), WP, _to("a"), _to("b", match="{uri: {prefix: /}}")),
        "a",
    ),
    (
        "3.2 a match by labels is left out",
        (_served(), WP, _to("a", match="{sourceLabels: {app: a}}"), _to("b")),
        "b",
    ),
    ("3.1 for a gateway only", (_served(), WP, _to("v", more="gateways: [edge]")), "reviews"),
    (
        "3.6 the only port of a destination",
        (
            _served(),
            WP,
            virtual_service("v", "shop", (FQDN,), split(to("other"))),
            service("other", ports="[{name: http, port: 8080}]"),
        ),
        "other",
    ),
    ("6.4 a producer route", (_served(), WP, ROUTE % "shop", service("other")), "other"),
    ("6.4 no route of a client's namespace", (_served(), WP, ROUTE % "web", service("other")), "reviews"),
    ("3.2 tcp", (_served(port="tcp"), WP, _l4("t", "tcp")), "t"),
    (
        "3.2 tcp by labels is left out",
        (_served(port="tcp"), WP, _l4("t", "tcp", "{sourceLabels: {app: a}}")),
        "reviews",
    ),
    (
        "3.2 tls with just the host",
        (_served(port="tls"), WP, _l4("t", "tls", f"{{sniHosts: [{FQDN}]}}")),
        "t",
    ),
    (
        "3.2 tls with a wildcard is left out",
        (_served(port="tls"), WP, _l4("t", "tls", "{sniHosts: ['*.shop.svc.cluster.local']}")),
        "reviews",
    ),
    (
        "3.2 tls before tcp",
        (_served(port="tls"), WP, _l4("a", "tcp"), _l4("z", "tls", f"{{sniHosts: [{FQDN}]}}")),
        "z",
    ),
    ("3.2 tcp where there is no tls", (_served(port="tls"), WP, _l4("a", "tcp")), "a"),
    (
        "6.5 headless services are their pods",
        (_served().replace("spec: {", "spec: {clusterIP: None, "), WP, _to("v")),
        "reviews",
    ),
]


@pytest.mark.parametrize(("case", "objects", "expected"), CASES, ids=[c[0] for c in CASES])
def test_the_way_in_ambient_mode(case: str, objects: tuple[str, ...], expected: str) -> None:
    shop = () if any("kind: Namespace" in one for one in objects) else (_namespace("a: b"),)
    assert outcome(ambient_way(mesh(*shop, *objects), WEB, Request(FQDN))) == expected


HTTP = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]"
INGRESS = [
    ("6.5 gateways go past waypoints", "istio.io/use-waypoint: wp", "none"),
    ("6.5 unless the service asks", "istio.io/use-waypoint: wp, istio.io/ingress-use-waypoint: 'true'", "v"),
    ("6.5 and has one", "istio.io/ingress-use-waypoint: 'true'", "none"),
]


@pytest.mark.parametrize(("case", "labels", "expected"), INGRESS, ids=[c[0] for c in INGRESS])
def test_gateways_and_waypoints(case: str, labels: str, expected: str) -> None:
    entry = virtual_service("in", "shop", ("h.test",), split(to("reviews")), "gateways: [edge]")
    at = mesh(_namespace("a: b"), _served(labels), WP, gateway("edge", servers=HTTP), entry, _to("v"))
    (hop,) = way(at, EDGE, Request("h.test")).hops
    assert ("none" if hop.onward is None else outcome(hop.onward)) == expected
