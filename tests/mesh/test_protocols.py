from __future__ import annotations

import pytest

from meshlint.mesh.hosts.protocols import (
    Protocol,
    declared_protocol,
    host_ports,
    named_protocol,
    nearly_named_protocol,
    overridden_protocol,
)
from meshlint.mesh.hosts.server_first import sniffed_server_first
from meshlint.resources.kubernetes.service import ServicePort
from tests.traffic.worlds import mesh, service


@pytest.mark.parametrize(
    ("name", "protocol"),
    [
        ("http", Protocol.HTTP),
        ("HTTP-web", Protocol.HTTP),
        ("http2-web", Protocol.HTTP2),
        ("grpc-web", Protocol.GRPC_WEB),
        ("grpc-web-x", Protocol.GRPC_WEB),
        ("grpc-webx", Protocol.GRPC),
        ("tls", Protocol.TLS),
        ("web-http", Protocol.UNKNOWN),
        ("unknown", Protocol.UNKNOWN),
        ("", Protocol.UNKNOWN),
    ],
)
def test_the_protocol_of_a_name(name: str, protocol: Protocol) -> None:
    assert named_protocol(name) is protocol


def protocol_of(port: str) -> Protocol:
    found = mesh(service("web", ports=f"[{port}]")).hosts.known("web.shop.svc.cluster.local")
    assert found is not None
    (one,) = host_ports(found)
    return one.protocol


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        ("{name: http, port: 80, protocol: UDP}", Protocol.UDP),
        ("{name: tcp, port: 80, appProtocol: http}", Protocol.HTTP),
        ("{name: http, port: 80, appProtocol: kubernetes.io/h2c}", Protocol.HTTP2),
        ("{name: http, port: 80, appProtocol: example.com/mine}", Protocol.UNKNOWN),
        ("{name: web, port: 3306}", Protocol.TCP),
        ("{name: http, port: 3306}", Protocol.HTTP),
        ("{port: 80}", Protocol.UNKNOWN),
    ],
)
def test_the_protocol_of_a_port(port: str, protocol: Protocol) -> None:
    assert protocol_of(port) is protocol


def test_what_routes_can_see() -> None:
    assert Protocol.GRPC.is_http
    assert not Protocol.TCP.may_be_http
    assert Protocol.UNKNOWN.may_be_http
    assert not Protocol.UNKNOWN.is_http
    assert Protocol.HTTPS.is_tls
    assert declared_protocol(None) is Protocol.UNKNOWN
    assert declared_protocol("Http") is Protocol.HTTP


ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: %s, namespace: shop}
spec: {hosts: [api.example.com], ports: %s}
"""


def test_ports_of_entries_come_once() -> None:
    found = mesh(
        ENTRY % ("a", "[{number: 443, name: a, protocol: TLS}, {name: none}]"),
        ENTRY % ("b", "[{number: 443, name: b, protocol: HTTP}, {number: 80, name: c, protocol: HTTP}]"),
    ).hosts.known("api.example.com")
    assert found is not None
    assert [(port.number, port.protocol) for port in host_ports(found)] == [
        (443, Protocol.TLS),
        (80, Protocol.HTTP),
    ]


def port_of(port: str) -> ServicePort:
    found = mesh(service("web", ports=f"[{port}]")).services.all
    return found[0].ports[0]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("{name: http-api, port: 80, appProtocol: tcp}", Protocol.HTTP),
        ("{name: tcp-api, port: 80, appProtocol: http}", Protocol.TCP),
        ("{name: https, port: 80, appProtocol: http}", Protocol.HTTPS),
        ("{name: grpc, port: 80, appProtocol: kubernetes.io/h2c}", None),
        ("{name: http-api, port: 80, appProtocol: unheard-of}", None),
        ("{name: api, port: 80, appProtocol: tcp}", None),
        ("{name: http-api, port: 80}", None),
    ],
)
def test_an_app_protocol_overrides_what_the_name_says(port: str, said: Protocol | None) -> None:
    assert overridden_protocol(port_of(port)) is said


@pytest.mark.parametrize(
    ("port", "meant"),
    [
        ("{name: httpapi, port: 80}", Protocol.HTTP),
        ("{name: https8443-a, port: 80}", Protocol.HTTPS),
        ("{name: grpcapi, port: 80}", Protocol.GRPC),
        ("{name: api, port: 80}", None),
        ("{name: http-api, port: 80}", None),
        ("{name: httpapi, port: 80, appProtocol: http}", None),
        ("{name: mysqldb, port: 3306}", None),
    ],
)
def test_a_name_that_lacks_the_hyphen(port: str, meant: Protocol | None) -> None:
    assert nearly_named_protocol(port_of(port)) is meant


@pytest.mark.parametrize(
    ("port", "targets", "protocol"),
    [
        ("{name: smtp, port: 2525}", frozenset(), "SMTP"),
        ("{name: tcp-smtp, port: 2525}", frozenset(), None),
        ("{name: db, port: 13306}", frozenset({3306}), "MySQL"),
        ("{name: db, port: 3306}", frozenset({3306}), None),
        ("{name: api, port: 80}", frozenset({8080}), None),
    ],
)
def test_servers_that_speak_first_on_a_sniffed_port(
    port: str, targets: frozenset[int], protocol: str | None
) -> None:
    assert sniffed_server_first(port_of(port), targets) == protocol
