"""Where Linkerd and the Gateway API send connections: TLS and TCP routes, and egress, case by case."""

from __future__ import annotations

import pytest

from meshlint.mesh import MeshSettings
from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.linkerd import linkerd_way
from meshlint.traffic.ways.proxied import way
from tests.traffic.worlds import mesh, outcome, service

WEB = Client("web")
FQDN = "db.shop.svc.cluster.local"


def _route(
    name: str, kind: str, backend: str = "x", namespace: str = "shop", hostnames: str = "", parent: str = ""
) -> str:
    hosts = f"hostnames: {hostnames}, " if hostnames else ""
    parents = parent or "{group: '', kind: Service, name: db, namespace: shop}"
    rules = f"[{{backendRefs: [{{name: {backend}, namespace: shop, port: 80}}]}}]" if backend else "[{}]"
    version = "v1" if kind == "HTTPRoute" else "v1alpha2"
    return f"""
apiVersion: gateway.networking.k8s.io/{version}
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{{hosts}parentRefs: [{parents}], rules: {rules}}}
"""


def _db(port: str = "{name: p, port: 80}") -> str:
    return service("db", ports=f"[{port}]")


TCP, TLS, HTTP = "TCPRoute", "TLSRoute", "HTTPRoute"
OPAQUE = "{name: p, port: 80, appProtocol: linkerd.io/opaque}"
SERVICES = [
    ("D no route", (), "tcp", "db"),
    ("D TCPRoute", (_route("a", TCP),), "tcp", "x"),
    ("D of several TCPRoutes the first", (_route("a", TCP), _route("b", TCP, "z")), "tcp", "x"),
    ("D TLSRoute before TCPRoute", (_route("a", TCP), _route("b", TLS, "z")), "tls", "z"),
    ("D HTTPRoute before TLSRoute", (_route("a", TLS), _route("b", HTTP, "z")), "http", "z"),
    ("D TLSRoute by server name", (_route("a", TLS, hostnames=f"[{FQDN}]"),), "tls", "x"),
    ("D TLSRoute of another name", (_route("a", TLS, hostnames="[other.test]"),), "tls", "closed"),
    (
        "D the nearer name first",
        (
            _route("a", TLS, hostnames="['*.shop.svc.cluster.local']"),
            _route("b", TLS, "z", hostnames=f"[{FQDN}]"),
        ),
        "tls",
        "z",
    ),
    ("D consumer TCPRoute", (_route("a", TCP, namespace="web"),), "tcp", "x"),
    ("D not for others", (_route("a", TCP, namespace="third"),), "tcp", "db"),
]


@pytest.mark.parametrize(("case", "routes", "scheme", "expected"), SERVICES, ids=[c[0] for c in SERVICES])
def test_connections_to_a_service_in_linkerd(
    case: str, routes: tuple[str, ...], scheme: str, expected: str
) -> None:
    at = mesh(_db(), service("x"), service("z"), *routes)
    assert outcome(linkerd_way(at, WEB, Request(FQDN, scheme=scheme))) == expected


def test_an_opaque_port_takes_no_requests() -> None:
    """D: every appProtocol but two is opaque, so that only TCPRoutes count."""
    at = mesh(_db(OPAQUE), service("x"), _route("a", TCP))
    assert outcome(linkerd_way(at, WEB, Request(FQDN))) == "x"


def test_a_route_that_does_not_count_still_has_others_refused() -> None:
    """D: conflicts are found by kind and parent, whatever the port's protocol takes."""
    at = mesh(_db(OPAQUE), service("x"), service("z"), _route("a", TCP), _route("b", HTTP, "z"))
    assert outcome(linkerd_way(at, WEB, Request(FQDN))) == "db"


@pytest.mark.parametrize("parent", ["port: 80", "sectionName: p"])
def test_only_the_very_same_parent_is_a_conflict(parent: str) -> None:
    ref = f"{{group: '', kind: Service, name: db, namespace: shop, {parent}}}"
    at = mesh(_db(OPAQUE), service("x"), service("z"), _route("a", TCP), _route("b", HTTP, "z", parent=ref))
    assert outcome(linkerd_way(at, WEB, Request(FQDN))) == ("x" if "port" in parent else "db")


def _aged(text: str, created: str) -> str:
    return text.replace("metadata: {", f"metadata: {{creationTimestamp: '{created}', ", 1)


def test_of_several_tcp_routes_the_oldest_counts() -> None:
    """D: which one that is stands in exports of a cluster, and else in no file."""
    first, second = _route("a", TCP), _route("b", TCP, "z")
    services = (_db(), service("x"), service("z"))
    request = Request(FQDN, scheme="tcp")
    unknown = linkerd_way(mesh(*services, first, second), WEB, request)
    assert unknown.undecided == ("whichever of TCPRoute shop/a and TCPRoute shop/b is older comes first",)
    known = mesh(*services, _aged(first, "2026-02-01T00:00:00Z"), _aged(second, "2026-01-01T00:00:00Z"))
    found = linkerd_way(known, WEB, request)
    assert (outcome(found), found.undecided) == ("z", ())


def test_of_equal_networks_the_oldest_counts() -> None:
    allow, deny = _network("a"), _network("b", "Deny")
    request = Request("api.test", address="198.51.100.1")
    assert linkerd_way(mesh(allow, deny), WEB, request).undecided
    known = mesh(_aged(allow, "2026-02-01T00:00:00Z"), _aged(deny, "2026-01-01T00:00:00Z"))
    found = linkerd_way(known, WEB, request)
    assert (outcome(found), found.undecided) == ("403", ())


def test_equal_networks_that_do_the_same_leave_nothing_open() -> None:
    found = linkerd_way(
        mesh(_network("a", "Deny"), _network("b", "Deny")), WEB, Request("api.test", address="198.51.100.1")
    )
    assert (outcome(found), found.undecided) == ("403", ())


def _network(name: str, policy: str = "Allow", namespace: str = "web", networks: str = "") -> str:
    more = f", networks: {networks}" if networks else ""
    return f"""
apiVersion: policy.linkerd.io/v1alpha1
kind: EgressNetwork
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{trafficPolicy: {policy}{more}}}
"""


def _egress(
    name: str, kind: str, backend: str = "x", hostnames: str = "", port: int = 80, network: str = "net"
) -> str:
    parent = (
        f"{{group: policy.linkerd.io, kind: EgressNetwork, name: {network}, namespace: web, port: {port}}}"
    )
    return _route(name, kind, backend, "web", hostnames, parent)


COMMON = "linkerd-egress"
NETWORKS = [
    ("D none: it passes", (), "http", None, "passes"),
    ("D Allow", (_network("net"),), "http", None, "api"),
    ("D Deny, requests", (_network("net", "Deny"),), "http", None, "403"),
    ("D Deny, connections", (_network("net", "Deny"),), "tls", None, "closed"),
    ("D of another namespace", (_network("net", "Deny", "third"),), "http", None, "passes"),
    ("D of the common one", (_network("net", "Deny", COMMON),), "http", None, "403"),
    (
        "D the own one switches that off",
        (_network("net", "Deny", COMMON), _network("own")),
        "http",
        None,
        "api",
    ),
    (
        "D even if it is for other addresses",
        (_network("net", "Deny", COMMON), _network("own", "Deny", "web", "[{cidr: 192.0.2.0/24}]")),
        "http",
        "198.51.100.1",
        "passes",
    ),
    (
        "D the smallest block",
        (
            _network("net", "Allow", "web", "[{cidr: 192.0.2.0/24}]"),
            _network("small", "Deny", "web", "[{cidr: 192.0.2.8/30}]"),
        ),
        "http",
        "192.0.2.9",
        "403",
    ),
    (
        "D without what is excepted",
        (_network("net", "Deny", "web", "[{cidr: 192.0.2.0/24, except: [192.0.2.8/30]}]"),),
        "http",
        "192.0.2.9",
        "passes",
    ),
    ("D not for the cluster itself", (_network("net", "Deny"),), "http", "10.1.2.3", "passes"),
    ("D a route", (_network("net", "Deny"), _egress("a", HTTP)), "http", None, "x"),
    ("D to where it was bound for", (_network("net", "Deny"), _egress("a", HTTP, "")), "http", None, "api"),
    (
        "D a route for its host",
        (_network("net", "Deny"), _egress("a", HTTP, "", "[api.test]")),
        "http",
        None,
        "api",
    ),
    ("D and no other", (_network("net", "Deny"), _egress("a", HTTP, "", "[b.test]")), "http", None, "403"),
    ("D a wildcard", (_network("net", "Deny"), _egress("a", HTTP, "", "['*.test']")), "http", None, "api"),
    ("D on another port", (_network("net", "Deny"), _egress("a", HTTP, port=81)), "http", None, "403"),
    (
        "D for another network",
        (_network("net", "Deny"), _egress("a", HTTP, network="b")),
        "http",
        None,
        "403",
    ),
    ("D TLSRoute", (_network("net", "Deny"), _egress("a", TLS, "", "[api.test]")), "tls", None, "api"),
    (
        "D TLSRoute of another name",
        (_network("net", "Deny"), _egress("a", TLS, "", "[b.test]")),
        "tls",
        None,
        "closed",
    ),
    (
        "D HTTPRoute does not match TLS",
        (_network("net", "Deny"), _egress("a", HTTP)),
        "https",
        None,
        "closed",
    ),
    (
        "D beside an HTTPRoute the TLSRoute loses",
        (_network("net", "Deny"), _egress("a", HTTP), _egress("b", TLS, "")),
        "https",
        None,
        "closed",
    ),
    ("D TCPRoute", (_network("net", "Deny"), _egress("a", TCP, "")), "tcp", None, "api"),
    ("D with a TCPRoute no default", (_network("net"), _egress("a", TCP)), "tcp", None, "x"),
]


@pytest.mark.parametrize(
    ("case", "objects", "scheme", "address", "expected"), NETWORKS, ids=[c[0] for c in NETWORKS]
)
def test_traffic_that_leaves_the_cluster_in_linkerd(
    case: str, objects: tuple[str, ...], scheme: str, address: str | None, expected: str
) -> None:
    at = mesh(service("x"), *objects)
    assert outcome(linkerd_way(at, WEB, Request("api.test", scheme=scheme, address=address))) == expected


def test_a_host_without_address_may_be_in_a_network() -> None:
    """D: networks are chosen by address."""
    at = mesh(_network("net"), _network("small", "Deny", "web", "[{cidr: 192.0.2.8/30}]"))
    (told,) = linkerd_way(at, WEB, Request("api.test")).undecided
    assert told == "whether the host's address is one of EgressNetwork web/net is not in the files"


def _gateway(protocol: str, mode: str = "", hostname: str = "", allowed: str = "All") -> str:
    tls = f", tls: {{mode: {mode}, certificateRefs: [{{name: c}}]}}" if mode else ""
    host = f', hostname: "{hostname}"' if hostname else ""
    routes = f", allowedRoutes: {{namespaces: {{from: {allowed}}}}}"
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: edge, namespace: shop}}
spec:
  gatewayClassName: istio
  listeners: [{{name: l, port: 443, protocol: {protocol}{tls}{host}{routes}}}]
"""


EDGE = Client("shop", gateways=frozenset({"shop/edge"}))
TO_EDGE = "{name: edge, namespace: shop}"
LISTENERS = [
    (
        "6.1 TLSRoute on Passthrough",
        _gateway("TLS", "Passthrough"),
        (_route("a", TLS, parent=TO_EDGE),),
        "tls",
        "x",
    ),
    (
        "6.1 by server name",
        _gateway("TLS", "Passthrough"),
        (_route("a", TLS, hostnames="[h.test]", parent=TO_EDGE),),
        "tls",
        "x",
    ),
    (
        "6.1 of another name",
        _gateway("TLS", "Passthrough"),
        (_route("a", TLS, hostnames="[x.test]", parent=TO_EDGE),),
        "tls",
        "closed",
    ),
    (
        "6.1 the nearer name",
        _gateway("TLS", "Passthrough"),
        (
            _route("a", TLS, hostnames="['*.test']", parent=TO_EDGE),
            _route("b", TLS, "z", hostnames="[h.test]", parent=TO_EDGE),
        ),
        "tls",
        "z",
    ),
    (
        "6.1 the listener's host",
        _gateway("TLS", "Passthrough", "x.test"),
        (_route("a", TLS, parent=TO_EDGE),),
        "tls",
        "closed",
    ),
    (
        "6.1 TCPRoute on TLS that ends here",
        _gateway("TLS", "Terminate"),
        (_route("a", TCP, parent=TO_EDGE),),
        "tls",
        "x",
    ),
    ("6.1 TCPRoute on TCP", _gateway("TCP"), (_route("a", TCP, parent=TO_EDGE),), "tcp", "x"),
    ("6.1 no route", _gateway("TCP"), (), "tcp", "closed"),
    ("6.1 TLSRoute on TCP", _gateway("TCP"), (_route("a", TLS, parent=TO_EDGE),), "tcp", "closed"),
    ("6.1 HTTPRoute on TCP", _gateway("TCP"), (_route("a", HTTP, parent=TO_EDGE),), "tcp", "closed"),
    (
        "6.1 TCPRoute on HTTPS",
        _gateway("HTTPS", "Terminate"),
        (_route("a", TCP, parent=TO_EDGE),),
        "https",
        "404",
    ),
    (
        "6.1 HTTPRoute on HTTPS",
        _gateway("HTTPS", "Terminate"),
        (_route("a", HTTP, parent=TO_EDGE),),
        "https",
        "x",
    ),
    (
        "6.1 routes of its own namespace only",
        _gateway("TCP", allowed="Same"),
        (_route("a", TCP, namespace="web", parent=TO_EDGE),),
        "tcp",
        "closed",
    ),
    (
        "6.3 an invalid backend closes",
        _gateway("TCP"),
        (_route("a", TCP, "gone", parent=TO_EDGE),),
        "tcp",
        "gone!0",
    ),
    (
        "6.3 and fails requests",
        _gateway("HTTPS", "Terminate"),
        (_route("a", HTTP, "gone", parent=TO_EDGE),),
        "https",
        "gone!500",
    ),
]


@pytest.mark.parametrize(
    ("case", "listener", "routes", "scheme", "expected"), LISTENERS, ids=[c[0] for c in LISTENERS]
)
def test_connections_at_a_gateway_of_the_gateway_api(
    case: str, listener: str, routes: tuple[str, ...], scheme: str, expected: str
) -> None:
    at = mesh(listener, service("x"), service("z"), *routes, settings=MeshSettings(complete=True))
    assert outcome(way(at, EDGE, Request("h.test", 443, scheme=scheme))) == expected


GAMMA = [
    ("6.4 TCPRoute on a port of TCP", "tcp", (_route("a", TCP),), "tcp", "x"),
    ("6.4 HTTPRoute there is inert", "tcp", (_route("a", HTTP),), "tcp", "db"),
    ("6.4 TLSRoute on a port of TLS", "tls", (_route("a", TLS, hostnames=f"[{FQDN}]"),), "tls", "x"),
    ("6.4 of another name", "tls", (_route("a", TLS, hostnames="[x.test]"),), "tls", "closed"),
    ("6.4 TCPRoute there is inert", "tls", (_route("a", TCP),), "tls", "db"),
    ("6.4 TCPRoute on a port of HTTP is inert", "http", (_route("a", TCP),), "http", "db"),
    ("6.4 HTTPRoute on a port of HTTP", "http", (_route("a", HTTP),), "http", "x"),
    ("6.4 consumer TCPRoute", "tcp", (_route("a", TCP, namespace="web"),), "tcp", "x"),
    (
        "6.1 routes of Linkerd's own group are not Istio's",
        "http",
        (_route("a", HTTP).replace("gateway.networking.k8s.io/v1", "policy.linkerd.io/v1beta3"),),
        "http",
        "db",
    ),
]


@pytest.mark.parametrize(("case", "port", "routes", "scheme", "expected"), GAMMA, ids=[c[0] for c in GAMMA])
def test_connections_of_the_mesh_by_routes_of_the_gateway_api(
    case: str, port: str, routes: tuple[str, ...], scheme: str, expected: str
) -> None:
    at = mesh(_db(f"{{name: {port}, port: 80}}"), service("x"), service("z"), *routes)
    assert outcome(way(at, WEB, Request(FQDN, scheme=scheme))) == expected
