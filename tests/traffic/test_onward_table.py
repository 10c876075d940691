"""Egress through a gateway, in two hops, and ways that come back to where they were."""

from __future__ import annotations

import pytest

from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.proxied import way
from meshlint.traffic.ways.way import Way
from tests.traffic.worlds import (
    connections,
    deployment,
    destination_rule,
    gateway,
    mesh,
    outcome,
    service,
    service_entry,
    to,
    virtual_service,
)

SHOP = Client("shop")
EGRESS = "egress.infra.svc.cluster.local"
PORTS = "[{name: http, port: 80}, {name: https, port: 443}]"
PODS = deployment("egress", "infra", istio="out")
HTTP = "[{port: {number: 80, name: h, protocol: HTTP}, hosts: ['*.test']}]"
MTLS = "[{port: {number: 443, name: m, protocol: HTTPS}, hosts: ['*.test'], tls: {mode: ISTIO_MUTUAL}}]"
PASSES = "[{port: {number: 443, name: p, protocol: TLS}, hosts: ['*.test'], tls: {mode: PASSTHROUGH}}]"
ENTRY = service_entry(
    "e", ("api.test",), "[{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]"
)


def _gateway(servers: str) -> str:
    return gateway("out", servers=servers, selector="{istio: out}")


def _through(port: int, inner: str = "", rewrite: str = "") -> str:
    """To the gateway in the mesh, and from the gateway to the host itself."""
    changed = f", rewrite: {rewrite}" if rewrite else ""
    first = f"{{match: [{{gateways: [mesh], port: 80}}], route: [{to(EGRESS, port=port)}]{changed}}}"
    second = f"{{match: [{{gateways: [out]{inner}}}], route: [{to('api.test', port=443)}]}}"
    return virtual_service(
        "v", hosts=("api.test",), http=f"[{first}, {second}]", more="gateways: [mesh, out]"
    )


def _mtls(sni: str = "") -> str:
    settings = f"{{mode: ISTIO_MUTUAL{f', sni: {sni}' if sni else ''}}}"
    return destination_rule("r", "shop", EGRESS, more=f"trafficPolicy: {{tls: {settings}}}")


def _way(*objects: str, asked: Request | None = None) -> Way:
    return way(
        mesh(service("egress", "infra", PORTS), PODS, ENTRY, *objects), SHOP, asked or Request("api.test")
    )


def _second(found: Way) -> str:
    (hop,) = found.hops
    return "none" if hop.onward is None else outcome(hop.onward)


HOPS = [
    ("3.2 plain text to the gateway's HTTP", (_gateway(HTTP), _through(80)), "api"),
    (
        "5.1 no route is bound to the gateway",
        (_gateway(HTTP), _through(80).replace("[mesh, out]", "[mesh]")),
        "404",
    ),
    (
        "5.1 the gateway serves another host",
        (_gateway(HTTP.replace("*.test", "x.test")), _through(80)),
        "404",
    ),
    (
        "4.6 mutual TLS with the host as server name",
        (_gateway(MTLS), _through(443), _mtls("api.test")),
        "api",
    ),
    (
        "4.6 without it the name of the cluster is asked for",
        (_gateway(MTLS), _through(443), _mtls()),
        "closed",
    ),
    ("4.6 plain text to a server of mutual TLS", (_gateway(MTLS), _through(443)), "404"),
    (
        "3.3 a path after the rewrite",
        (_gateway(HTTP), _through(80, ", uri: {prefix: /new}", "{uri: /new/}")),
        "api",
    ),
    ("3.3 and without", (_gateway(HTTP), _through(80, ", uri: {prefix: /new}")), "404"),
    ("3.4 another authority", (_gateway(HTTP), _through(80, "", "{authority: b.test}")), "404"),
]


@pytest.mark.parametrize(("case", "objects", "expected"), HOPS, ids=[c[0] for c in HOPS])
def test_the_way_on_from_an_egress_gateway(case: str, objects: tuple[str, ...], expected: str) -> None:
    assert _second(_way(*objects)) == expected


def test_encrypted_connections_pass_through_in_two_hops() -> None:
    """3.8, 5.1: tls routes of the mesh and of the gateway."""
    match = "{match: [{sniHosts: [api.test], gateways: [%s]}], route: [%s]}"
    routes = f"[{match % ('mesh', to(EGRESS, port=443))}, {match % ('out', to('api.test', port=443))}]"
    one = connections("v", ("api.test",), "tls", routes, more="gateways: [mesh, out]")
    found = _way(_gateway(PASSES), one, asked=Request("api.test", 443, scheme="https"))
    assert (outcome(found), _second(found)) == (EGRESS, "api")


def test_a_gateway_that_is_not_in_view_is_known_by_its_usual_name() -> None:
    """5.1: gateways are installed from elsewhere."""
    installed = "istio-egressgateway.istio-system.svc.cluster.local"
    first = f"{{match: [{{gateways: [mesh]}}], route: [{to(installed, port=80)}]}}"
    second = f"{{match: [{{gateways: [out]}}], route: [{to('api.test', port=80)}]}}"
    at = mesh(
        ENTRY,
        gateway("out", servers=HTTP, selector="{istio: egressgateway}"),
        virtual_service("v", hosts=("api.test",), http=f"[{first}, {second}]", more="gateways: [mesh, out]"),
    )
    found = way(at, SHOP, Request("api.test"))
    assert _second(found) == "api"
    assert found.undecided == (f"{installed} is not in view and taken for the Service of Gateway shop/out",)


def test_a_way_that_comes_back_ends() -> None:
    """3.6: a gateway's route that leads to the gateway itself goes round."""
    round_trip = virtual_service(
        "v", hosts=("api.test",), http=f"[{{route: [{to(EGRESS, port=80)}]}}]", more="gateways: [mesh, out]"
    )
    found = _way(_gateway(HTTP), round_trip)
    (hop,) = found.hops
    assert hop.onward is not None
    (again,) = hop.onward.hops
    assert again.onward is not None
    assert (again.onward.status, again.onward.reason[:27]) == (503, "the way comes back to this ")
