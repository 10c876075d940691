"""Services by what their ports are declared to speak."""

from __future__ import annotations

from meshlint.mesh.hosts.protocols import Protocol
from meshlint.mesh.questions.spoken import speaking, speaking_within
from tests.traffic.worlds import mesh, service

MESH = mesh(
    service("web", ports="[{name: http, port: 80}, {name: https, port: 443}]"),
    service("data", ports="[{name: mysql, port: 3306}]"),
    service("data", namespace="other", ports="[{name: tls, port: 443}, {name: tls-more, port: 444}]"),
)


def test_services_are_found_by_any_of_some_protocols() -> None:
    assert [str(one) for one in speaking(MESH, Protocol.HTTP)] == ["Service shop/web"]
    tls = {str(one) for one in speaking(MESH, Protocol.HTTPS, Protocol.TLS)}
    assert tls == {"Service shop/web", "Service other/data"}
    assert not [*speaking(MESH, Protocol.GRPC)]


def test_each_is_told_once_and_only_of_its_namespace() -> None:
    both = [str(one) for one in speaking(MESH, Protocol.HTTP, Protocol.HTTPS, Protocol.TLS)]
    assert sorted(both) == ["Service other/data", "Service shop/web"]
    there = speaking_within(MESH, "other", Protocol.TLS, Protocol.MYSQL)
    assert [str(one) for one in there] == ["Service other/data"]
    assert not [*speaking_within(MESH, "nowhere", Protocol.TLS)]
