"""Clients as users name them."""

from __future__ import annotations

import pytest

from meshlint.mesh import Found, Missing
from meshlint.traffic import Traffic
from meshlint.traffic.request import Request
from tests.traffic.worlds import deployment, gateway, mesh, service, split, to, virtual_service

HTTP = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]"


@pytest.mark.parametrize(
    ("name", "namespace", "gateways"),
    [
        ("web", "web", set()),
        ("web/web", "web", set()),
        ("gateway/edge", "ingress", {"shop/edge"}),
        ("gateway/shop/edge", "ingress", {"shop/edge"}),
    ],
)
def test_a_client_is_named_by_its_workload_or_its_gateway(
    name: str, namespace: str, gateways: set[str]
) -> None:
    at = mesh(
        deployment("web", "web"), gateway("edge", servers=HTTP), deployment("in", "ingress", istio="edge")
    )
    found = Traffic(at).client(name)
    assert isinstance(found, Found)
    assert (found.target.namespace, set(found.target.gateways)) == (namespace, gateways)


@pytest.mark.parametrize(
    ("name", "near"), [("wep", ("web",)), ("gateway/egde", ("edge",)), ("shop/web", ("web",))]
)
def test_what_is_not_there_is_missing_with_what_may_be_meant(name: str, near: tuple[str, ...]) -> None:
    found = Traffic(mesh(deployment("web", "web"), gateway("edge"))).client(name)
    assert isinstance(found, Missing)
    assert found.nearest == near


def test_the_way_of_a_request_names_what_it_passed_by() -> None:
    one = virtual_service(
        "r",
        hosts=("reviews",),
        http=f"[{{match: [{{uri: {{prefix: /a}}}}], route: [{to('a.test')}]}}, {split(to('b.test'))[1:-1]}]",
    )
    traffic = Traffic(mesh(service("reviews"), one, deployment("web", "shop")))
    client = traffic.client("web")
    assert isinstance(client, Found)
    found = traffic.way(client.target, Request("reviews", path="/b"))
    assert [passed.failure for passed in found.passed] == ["path"]
    assert [hop.host for hop in found.hops] == ["b.test"]
    table = traffic.table(client.target, "reviews.shop", 80)
    assert table is not None
    assert len(table.entries) == 2


def test_a_host_that_nobody_knows_passes_through() -> None:
    traffic = Traffic(mesh(deployment("web", "shop")))
    client = traffic.client("web")
    assert isinstance(client, Found)
    found = traffic.way(client.target, Request("example.com", 443))
    assert (found.table, found.status) == (None, None)
    assert "passes through" in found.reason
