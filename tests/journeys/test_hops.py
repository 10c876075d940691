from __future__ import annotations

import pytest

from meshlint.checks.resil.chains import retries_multiplied, timeout_abandons
from meshlint.journeys.hops import hops
from tests.journeys.models import NAMESPACE, WORKLOAD
from tests.traffic.worlds import gateway, mesh, messages, virtual_service, world

SETTINGS = {"requests": 10}
LINKERD = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
"""


def workload(name: str, *called: str, namespace: str = "shop") -> str:
    env = ", ".join(f'{{name: "URL_{at}", value: "{one}"}}' for at, one in enumerate(called))
    text = WORKLOAD.format(name=name, type="ClusterIP", env=env)
    return text.replace("namespace: shop", f"namespace: {namespace}")


def service_with(name: str, **annotations: str) -> str:
    notes = ", ".join(f'"{key}.linkerd.io/{word}": "{value}"' for (key, word), value in _split(annotations))
    text = workload(name)
    return text.replace(
        "namespace: shop}\nspec:\n  type", f"namespace: shop, annotations: {{{notes}}}}}\nspec:\n  type"
    )


def _split(annotations: dict[str, str]) -> list[tuple[list[str], str]]:
    return [(key.split("_"), value) for key, value in annotations.items()]


def route(host: str, more: str) -> str:
    return virtual_service(
        host,
        hosts=(host,),
        http=f"[{{route: [{{destination: {{host: {host}, port: {{number: 80}}}}}}], {more}}}]",
    )


THREE = (NAMESPACE, workload("web", "http://orders"), workload("orders", "http://stock"), workload("stock"))
RETRIES = "retries: {attempts: 3, retryOn: gateway-error}"


def test_retries_multiply_along_a_chain() -> None:
    found = world(*THREE, route("orders", RETRIES), route("stock", RETRIES))
    assert messages(retries_multiplied, found, SETTINGS) == [
        "VirtualService shop/stock retries at the end of 2 calls in a row, "
        "so stock can get 16 requests for one"
    ]


@pytest.mark.parametrize(
    "more",
    [
        "timeout: 3s",
        "retries: {attempts: 0}",
        "retries: {attempts: 9}",
        "retries: {attempts: 9, retryOn: 'connect-failure,refused-stream'}",
    ],
)
def test_what_no_server_sees_multiplies_nothing(more: str) -> None:
    found = world(*THREE, route("orders", more), route("stock", RETRIES))
    assert messages(retries_multiplied, found, SETTINGS) == []


def test_calls_that_are_not_http_are_not_retried() -> None:
    for url in ("https://orders", "redis://orders:80", "http://orders:81"):
        texts = (NAMESPACE, workload("web", url), *THREE[2:])
        found = world(*texts, route("orders", RETRIES), route("stock", RETRIES))
        assert messages(retries_multiplied, found, SETTINGS) == []


def test_a_caller_without_a_proxy_retries_nothing() -> None:
    texts = (NAMESPACE.replace("enabled", "disabled"), *THREE[1:])
    found = world(*texts, route("orders", RETRIES), route("stock", RETRIES))
    assert messages(retries_multiplied, found, SETTINGS) == []
    assert [(hop.client.name, hop.server.name) for hop in hops(found.mesh)] == [
        ("orders", "stock"),
        ("web", "orders"),
    ]


def test_a_gateway_is_the_first_of_a_chain() -> None:
    more = "gateways: [shop/edge]"
    http = f"[{{route: [{{destination: {{host: web}}}}], {RETRIES}, timeout: 1s}}]"
    enters = virtual_service("entry", hosts=("shop.example.com",), http=http, more=more)
    edge = gateway(
        "edge", servers="[{hosts: [shop.example.com], port: {number: 80, name: http, protocol: HTTP}}]"
    )
    found = world(*THREE, edge, enters, route("orders", f"{RETRIES}, timeout: 2s"))
    assert messages(retries_multiplied, found, SETTINGS) == [
        "VirtualService shop/orders retries at the end of 2 calls in a row, "
        "so orders can get 16 requests for one"
    ]
    assert messages(timeout_abandons, found) == [
        "VirtualService shop/entry lets edge wait 1s for web, "
        "which waits 2s for orders, so it works on for nobody"
    ]


def test_a_delegates_route_keeps_to_the_timeout_of_its_root() -> None:
    root = virtual_service(
        "root", hosts=("orders",), http="[{delegate: {name: part, namespace: shop}, timeout: 1s}]"
    )
    part = virtual_service("part", hosts=(), http="[{route: [{destination: {host: orders}}]}]")
    found = world(*THREE, root, part, route("stock", "timeout: 4s"))
    assert messages(timeout_abandons, found) == [
        "VirtualService shop/root lets web wait 1s for orders, "
        "which waits 4s for stock, so it works on for nobody"
    ]


def test_linkerd_retries_by_annotations_of_services() -> None:
    retried = {"retry_http": "5xx", "retry_limit": "3", "timeout_request": "2s"}
    found = world(
        LINKERD,
        workload("web", "http://orders"),
        service_with("orders", **retried).replace("env: []", 'env: [{name: URL, value: "http://stock"}]'),
        service_with("stock", **{**retried, "timeout_request": "9s"}),
    )
    assert messages(retries_multiplied, found, SETTINGS) == [
        "Service shop/stock retries at the end of 2 calls in a row, so stock can get 16 requests for one"
    ]
    assert messages(timeout_abandons, found) == [
        "Service shop/orders lets web wait 2s for orders, which waits 9s for stock, so it works on for nobody"
    ]


def test_routes_of_the_gateway_api_retry_by_status() -> None:
    def kubernetes(name: str) -> str:
        return f"""\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: shop}}
spec:
  parentRefs: [{{group: "", kind: Service, name: {name}, port: 80}}]
  rules:
  - backendRefs: [{{name: {name}, port: 80}}]
    retry: {{attempts: 3, codes: [503]}}
"""

    found = world(*THREE, kubernetes("orders"), kubernetes("stock"))
    assert messages(retries_multiplied, found, SETTINGS) == [
        "HTTPRoute shop/stock retries at the end of 2 calls in a row, so stock can get 16 requests for one"
    ]


def test_a_route_that_leads_elsewhere_changes_the_chain() -> None:
    elsewhere = virtual_service(
        "orders", hosts=("orders",), http=f"[{{route: [{{destination: {{host: stock}}}}], {RETRIES}}}]"
    )
    at = mesh(*THREE, elsewhere)
    assert ("web", "stock") in {(hop.client.name, hop.server.name) for hop in hops(at)}
    assert ("web", "orders") not in {(hop.client.name, hop.server.name) for hop in hops(at)}
