"""Where connections go: tls and tcp sections against the protocol of the port, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.mesh import MeshSettings
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.proxied import way
from tests.traffic.worlds import (
    connections,
    gateway,
    mesh,
    outcome,
    service,
    service_entry,
    split,
    to,
    virtual_service,
)

SHOP, WEB = Client("shop"), Client("web")
EDGE = Client("ingress", gateways=frozenset({"shop/edge"}))
FQDN = "db.shop.svc.cluster.local"


def _port(name: str = "", number: int = 80, more: str = "") -> str:
    return service("db", ports=f"[{{port: {number}, name: '{name}'{more}}}]")


def _tcp(name: str, match: str = "", hosts: tuple[str, ...] = (FQDN,), more: str = "") -> str:
    matches = f"match: [{match}], " if match else ""
    return connections(name, hosts, "tcp", f"[{{{matches}route: [{to(f'{name}.test')}]}}]", more=more)


def _tls(name: str, *sni: str, match: str = "", hosts: tuple[str, ...] = (), more: str = "") -> str:
    names = ", ".join(f'"{one}"' for one in sni)
    rest = f", {match}" if match else ""
    routes = f"[{{match: [{{sniHosts: [{names}]{rest}}}], route: [{to(f'{name}.test')}]}}]"
    return connections(name, hosts or sni, "tls", routes, more=more)


def _http(name: str, host: str = FQDN) -> str:
    return virtual_service(name, hosts=(host,), http=split(to(f"{name}.test")))


ALL = (_http("h"), _tcp("t"), _tls("s", FQDN))
PROTOCOLS = [
    ("7.4 name http", _port("http-x"), "http", "h"),
    ("7.4 name grpc", _port("grpc"), "http", "h"),
    ("7.4 name http2", _port("http2-a"), "http", "h"),
    ("7.4 name grpc-web", _port("grpc-web-a"), "http", "h"),
    ("7.4 name tcp", _port("tcp-db"), "http", "t"),
    ("7.4 name mongo", _port("mongo"), "http", "t"),
    ("7.4 name mysql", _port("mysql-main"), "http", "t"),
    ("7.4 name redis", _port("redis"), "http", "t"),
    ("7.4 name https", _port("https"), "https", "s"),
    ("7.4 name tls", _port("tls-x"), "tls", "s"),
    ("7.4 name udp", _port("udp-x"), "tcp", "passes"),
    ("7.4 protocol UDP", _port("http", more=", protocol: UDP"), "tcp", "passes"),
    ("7.4 case of the name", _port("HTTP-x"), "http", "h"),
    ("7.4 httpfoo is found out", _port("httpfoo"), "http", "h"),
    ("7.4 bytes on a sniffed port", _port("web"), "tcp", "t"),
    ("7.4 encrypted on a sniffed port", _port("web"), "https", "t"),
    ("7.4 no name", _port(), "http", "h"),
    ("7.4 port 3306", _port("web", 3306), "http", "t"),
    ("7.4 port 27017 with a name", _port("http", 27017), "http", "h"),
    ("7.4 appProtocol tcp", _port("http", more=", appProtocol: tcp"), "http", "t"),
    ("7.4 appProtocol http-foo", _port("tcp", more=", appProtocol: http-foo"), "http", "h"),
    ("7.4 appProtocol h2c", _port("tcp", more=", appProtocol: kubernetes.io/h2c"), "http", "h"),
    ("7.4 appProtocol wss", _port("tcp", more=", appProtocol: kubernetes.io/wss"), "tls", "s"),
    ("7.4 unknown appProtocol is sniffed", _port("http", more=", appProtocol: a.io/b"), "tcp", "t"),
    ("3.8 bytes on a port of HTTP", _port("http"), "tcp", "passes"),
]


@pytest.mark.parametrize(("case", "port", "scheme", "expected"), PROTOCOLS, ids=[c[0] for c in PROTOCOLS])
def test_the_port_decides_which_section_counts(case: str, port: str, scheme: str, expected: str) -> None:
    number = int(port.split("port: ")[1].split(",")[0])
    found = way(mesh(port, *ALL), SHOP, Request(FQDN, number, scheme=scheme))
    assert outcome(found) == expected


SUBNETS = _tcp("net", "{destinationSubnets: [10.1.0.0/16]}")
TCP = [
    ("3.8 no route: the service itself", (), {}, "db"),
    ("3.8 a route for all", (_tcp("a"),), {}, "a"),
    ("3.8 a route for this port", (_tcp("a", "{port: 80}"),), {}, "a"),
    ("3.8 a route for another port", (_tcp("a", "{port: 81}"),), {}, "db"),
    ("3.8 for other callers", (_tcp("a", "{sourceLabels: {app: x}}"),), {}, "db"),
    ("3.8 for another namespace", (_tcp("a", "{sourceNamespace: web}"),), {}, "db"),
    ("3.8 for a gateway", (_tcp("a", "{gateways: [edge]}"),), {}, "db"),
    (
        "3.3 source and gateways both count on connections",
        (_tcp("a", "{gateways: [mesh], sourceNamespace: web}"),),
        {},
        "db",
    ),
    ("3.8 all of several VirtualServices take part", (_tcp("a", "{port: 81}"), _tcp("b")), {}, "b"),
    ("3.8 the first for all addresses ends the list", (_tcp("a"), _tcp("b")), {}, "a"),
    ("3.8 a wildcard host takes part", (_tcp("w", hosts=("*.shop.svc.cluster.local",)),), {}, "w"),
    ("3.8 address within", (SUBNETS,), {"address": "10.1.2.3"}, "net"),
    ("3.8 address outside", (SUBNETS,), {"address": "10.2.2.3"}, "db"),
    ("3.8 address before all", (_tcp("a"), SUBNETS), {"address": "10.1.2.3"}, "a"),
    (
        "3.8 the longer prefix is taken, whatever the order",
        (SUBNETS, _tcp("z", "{destinationSubnets: [10.1.2.0/24]}")),
        {"address": "10.1.2.3"},
        "z",
    ),
    (
        "3.8 of one match that is for all",
        (_tcp("a", "{destinationSubnets: [10.0.0.0/8]}, {port: 80}"),),
        {},
        "a",
    ),
    ("3.8 bound to a gateway only", (_tcp("a", more="gateways: [edge]"),), {}, "db"),
    ("3.1 not exported", (_tcp("a", more="exportTo: [web]"),), {}, "db"),
    ("3.8 http rules are inert on tcp", (_http("h"),), {}, "db"),
    ("3.8 tls rules are inert on tcp", (_tls("s", FQDN),), {}, "db"),
    ("3.6 the only port of the destination", (_tcp("other"), service("other")), {}, "other"),
]


@pytest.mark.parametrize(("case", "objects", "asked", "expected"), TCP, ids=[c[0] for c in TCP])
def test_tcp_routes_of_a_sidecar(
    case: str, objects: tuple[str, ...], asked: dict[str, Any], expected: str
) -> None:
    found = way(mesh(_port("tcp"), *objects), SHOP, Request("db", 80, scheme="tcp", **asked))
    assert outcome(found) == expected


def test_an_address_that_is_not_known_leaves_the_route_open() -> None:
    """3.8: destinationSubnets are looked at by the proxy."""
    found = way(mesh(_port("tcp"), SUBNETS), SHOP, Request("db", 80, scheme="tcp"))
    assert found.undecided == (
        "a route of VirtualService shop/net comes first for the addresses that it names",
    )


def test_of_two_routes_for_all_the_older_counts() -> None:
    """3.8: first by the order of VirtualServices."""
    found = way(mesh(_port("tcp"), _tcp("a"), _tcp("b")), SHOP, Request("db", 80, scheme="tcp"))
    assert found.undecided == (
        "whichever of VirtualService shop/a and VirtualService shop/b is older comes first",
    )


ENTRY = service_entry("e", ("a.test", "*.b.test"))
TLS = [
    ("3.8 no route: the host itself", (), "a.test", "a"),
    ("3.8 the server name", (_tls("v", "a.test"),), "a.test", "v"),
    ("3.8 case of the server name", (_tls("v", "A.test", hosts=("a.test",)),), "a.test", "v"),
    (
        "3.8 with a route another name passes through",
        (_tls("v", "x.a.test", hosts=("a.test",)),),
        "a.test",
        "passes",
    ),
    ("3.8 a route for others leaves the host", (_tls("v", "a.test", match="port: 444"),), "a.test", "a"),
    ("3.8 a wildcard", (_tls("v", "*.b.test"),), "x.b.test", "v"),
    (
        "3.8 the nearer name is taken, whatever the order",
        (_tls("v", "*.b.test"), _tls("x", "x.b.test")),
        "x.b.test",
        "x",
    ),
    ("3.8 and the wildcard for the rest", (_tls("v", "*.b.test"), _tls("x", "x.b.test")), "y.b.test", "v"),
    ("3.8 of two for one name the first", (_tls("p", "a.test"), _tls("q", "a.test")), "a.test", "p"),
    ("3.8 http rules are inert on tls", (_http("h", "a.test"),), "a.test", "a"),
    ("3.8 tcp rules are inert on tls", (_tcp("t", hosts=("a.test",)),), "a.test", "a"),
    ("3.8 source label", (_tls("v", "a.test", match="sourceLabels: {app: x}"),), "a.test", "a"),
    (
        "3.8 own namespace first",
        (_tls("p", "a.test"), _tls("q", "a.test", more="exportTo: ['.']")),
        "a.test",
        "q",
    ),
]


@pytest.mark.parametrize(("case", "objects", "host", "expected"), TLS, ids=[c[0] for c in TLS])
def test_tls_routes_of_a_sidecar(case: str, objects: tuple[str, ...], host: str, expected: str) -> None:
    found = way(mesh(ENTRY, *objects), SHOP, Request(host, 443, scheme="https"))
    assert outcome(found) == expected


def _server(protocol: str, mode: str = "", host: str = "*", number: int = 443) -> str:
    tls = f", tls: {{mode: {mode}, credentialName: c}}" if mode else ""
    port = f"{{number: {number}, name: p-{number}-{mode}, protocol: {protocol}}}"
    return f"{{port: {port}, hosts: ['{host}']{tls}}}"


def _edge(*servers: str) -> str:
    return gateway("edge", servers=f"[{', '.join(servers)}]")


G = "gateways: [edge]"
EDGES = [
    ("5.1 PASSTHROUGH follows tls", "TLS", "PASSTHROUGH", (_tls("s", "h.test", more=G),), "tls", "s"),
    ("5.1 and refuses other names", "TLS", "PASSTHROUGH", (_tls("s", "x.test", more=G),), "tls", "closed"),
    ("5.1 HTTPS passed through, too", "HTTPS", "PASSTHROUGH", (_tls("s", "h.test", more=G),), "https", "s"),
    (
        "5.1 http is inert there",
        "HTTPS",
        "PASSTHROUGH",
        (virtual_service("h", hosts=("h.test",), http=split(to("h.test")), more=G),),
        "https",
        "closed",
    ),
    (
        "5.1 tcp is inert there",
        "TLS",
        "PASSTHROUGH",
        (_tcp("t", hosts=("h.test",), more=G),),
        "tls",
        "closed",
    ),
    (
        "5.1 TLS that ends here follows tcp",
        "TLS",
        "SIMPLE",
        (_tcp("t", hosts=("h.test",), more=G),),
        "tls",
        "t",
    ),
    ("5.1 of a name that it serves", "TLS", "SIMPLE", (_tcp("t", hosts=("h.test",), more=G),), "tls", "t"),
    (
        "5.1 HTTPS that ends here follows http",
        "HTTPS",
        "SIMPLE",
        (virtual_service("h", hosts=("h.test",), http=split(to("h.test")), more=G),),
        "https",
        "h",
    ),
    ("5.1 tls is inert there", "HTTPS", "SIMPLE", (_tls("s", "h.test", more=G),), "https", "404"),
    ("5.1 TCP follows tcp", "TCP", "", (_tcp("t", hosts=("h.test",), more=G),), "tcp", "t"),
    ("5.1 whatever is sent", "TCP", "", (_tcp("t", hosts=("h.test",), more=G),), "https", "t"),
    ("5.1 MONGO is TCP", "MONGO", "", (_tcp("t", hosts=("h.test",), more=G),), "tcp", "t"),
    ("5.1 no route on TCP", "TCP", "", (), "tcp", "closed"),
    (
        "5.1 http is inert on TCP",
        "TCP",
        "",
        (virtual_service("h", hosts=("h.test",), http=split(to("h.test")), more=G),),
        "http",
        "closed",
    ),
    (
        "5.1 the first tcp route takes all",
        "TCP",
        "",
        (_tcp("t", hosts=("h.test",), more=G), _tcp("u", hosts=("h.test",), more=G)),
        "tcp",
        "t",
    ),
    ("3.8 its port", "TCP", "", (_tcp("t", "{port: 443}", hosts=("h.test",), more=G),), "tcp", "t"),
    ("3.8 another port", "TCP", "", (_tcp("t", "{port: 444}", hosts=("h.test",), more=G),), "tcp", "closed"),
    (
        "3.8 another gateway",
        "TCP",
        "",
        (_tcp("t", "{gateways: [other]}", hosts=("h.test",), more=G),),
        "tcp",
        "closed",
    ),
    ("3.8 plain text to TLS", "TLS", "PASSTHROUGH", (_tls("s", "h.test", more=G),), "http", "404"),
    (
        "3.8 of two for one name the first",
        "TLS",
        "PASSTHROUGH",
        (_tls("p", "h.test", more=G), _tls("q", "h.test", more=G)),
        "tls",
        "p",
    ),
    (
        "3.8 the nearer name, whatever the order",
        "TLS",
        "PASSTHROUGH",
        (_tls("p", "*.test", more=G), _tls("q", "h.test", more=G)),
        "tls",
        "q",
    ),
    (
        "3.1 exportTo of the gateway's pods",
        "TLS",
        "PASSTHROUGH",
        (_tls("s", "h.test", more=f"{G}, exportTo: ['.']"),),
        "tls",
        "closed",
    ),
]


@pytest.mark.parametrize(
    ("case", "protocol", "mode", "objects", "scheme", "expected"), EDGES, ids=[c[0] for c in EDGES]
)
def test_connections_at_a_gateway(
    case: str, protocol: str, mode: str, objects: tuple[str, ...], scheme: str, expected: str
) -> None:
    at = mesh(_edge(_server(protocol, mode)), *objects)
    assert outcome(way(at, EDGE, Request("h.test", 443, scheme=scheme))) == expected


SERVERS = [
    ("5.1 passed through before a wider one that ends here", "h.test", "passed"),
    ("5.1 the one that ends here for the rest", "x.test", "ended"),
]


@pytest.mark.parametrize(("case", "host", "expected"), SERVERS, ids=[c[0] for c in SERVERS])
def test_the_server_name_chooses_the_server(case: str, host: str, expected: str) -> None:
    at = mesh(
        _edge(_server("TLS", "PASSTHROUGH", "h.test"), _server("HTTPS", "SIMPLE", "*.test")),
        _tls("passed", "h.test", more=G),
        virtual_service("ended", hosts=("*.test",), http=split(to("ended.test")), more=G),
    )
    assert outcome(way(at, EDGE, Request(host, 443, scheme="https"))) == expected


def test_a_server_that_decrypts_has_routes_of_its_own() -> None:
    """5.1: the server name chooses the server, and only its own routes count for the requests inside."""
    at = mesh(
        _edge(_server("HTTPS", "SIMPLE", "a.test"), _server("HTTPS", "MUTUAL", "b.test")),
        virtual_service("b", hosts=("b.test",), http=split(to("b.test")), more=G),
    )
    asked = Request("a.test", 443, scheme="https", host_header="b.test")
    assert outcome(way(at, EDGE, asked)) == "404"
    assert outcome(way(at, EDGE, Request("b.test", 443, scheme="https"))) == "b"


CROSSING = [
    ("5.1 AUTO_PASSTHROUGH goes by the server name", "outbound_.80_._.db.shop.svc.cluster.local", "db"),
    ("5.1 with a subset that nobody defines", "outbound_.80_.v9_.db.shop.svc.cluster.local", "db!0"),
    ("5.1 with a port that is not there", "outbound_.81_._.db.shop.svc.cluster.local", "db!0"),
    ("5.1 another name", "db.shop.svc.cluster.local", "closed"),
]


@pytest.mark.parametrize(("case", "name", "expected"), CROSSING, ids=[c[0] for c in CROSSING])
def test_a_gateway_between_networks(case: str, name: str, expected: str) -> None:
    at = mesh(_port("http"), _edge(_server("TLS", "AUTO_PASSTHROUGH")))
    assert outcome(way(at, EDGE, Request("any", 443, scheme="tls", sni=name))) == expected


ONLY = MeshSettings(outbound_policy=OutboundPolicy.REGISTRY_ONLY)
UNKNOWN = [
    ("5.3 ALLOW_ANY", MeshSettings(), "http", "passes"),
    ("5.3 ALLOW_ANY, encrypted", MeshSettings(), "https", "passes"),
    ("5.3 REGISTRY_ONLY, requests", ONLY, "http", "502"),
    ("5.3 REGISTRY_ONLY, connections", ONLY, "https", "closed"),
]


@pytest.mark.parametrize(("case", "settings", "scheme", "expected"), UNKNOWN, ids=[c[0] for c in UNKNOWN])
def test_hosts_that_nobody_knows(case: str, settings: MeshSettings, scheme: str, expected: str) -> None:
    found = way(mesh(settings=settings), SHOP, Request("x.test", 443, scheme=scheme))
    assert outcome(found) == expected


HEADERS = [
    ("3.2 the host header decides on a port of HTTP", "http", "other.shop", "other"),
    ("3.2 with a port in it", "http", "other.shop:80", "other"),
    ("3.2 an unknown one is unknown", "http", "x.test", "passes"),
    ("3.2 the address does on a port of TCP", "tcp", "other.shop", "db"),
]


@pytest.mark.parametrize(("case", "port", "header", "expected"), HEADERS, ids=[c[0] for c in HEADERS])
def test_the_host_header(case: str, port: str, header: str, expected: str) -> None:
    at = mesh(_port(port), service("other"))
    asked = Request("db", 8080 if header == "x.test" else 80, host_header=header)
    assert outcome(way(at, SHOP, asked)) == expected
