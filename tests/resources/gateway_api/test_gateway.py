from __future__ import annotations

import pytest

from meshlint.resources.gateway_api.gateway import gateway, gateway_class
from meshlint.resources.gateway_api.listener import listener_set
from tests.resources.reading import an_object, made_of

SHOP = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: istio
  infrastructure: {labels: {a: b}, annotations: {c: d}}
  addresses: [{value: 10.0.0.1}, {type: Hostname, value: gw.infra.svc}]
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - name: https
    hostname: "*.example.com"
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs: [{name: cert}, {name: other, namespace: certs}]
      options: {x/y: z}
    allowedRoutes:
      namespaces: {from: Selector, selector: {matchLabels: {shop: yes}}}
      kinds: [{kind: HTTPRoute}, {group: x.io, kind: XRoute}]
"""


def test_a_listener_takes_routes_of_its_own_namespace_by_default() -> None:
    http = gateway(an_object(SHOP)).listeners[0]
    assert (http.name, http.hostname, http.port, http.protocol, http.tls) == ("http", None, 80, "HTTP", None)
    assert http.allowed_routes.namespaces_from == "Same"
    assert not http.allowed_routes.selector
    assert http.allowed_routes.kinds == ()


def test_a_listener_as_written() -> None:
    https = gateway(an_object(SHOP)).listeners[1]
    assert https.hostname == "*.example.com"
    assert https.allowed_routes.namespaces_from == "Selector"
    assert https.allowed_routes.selector
    assert [(kind.group, kind.kind) for kind in https.allowed_routes.kinds] == [
        ("gateway.networking.k8s.io", "HTTPRoute"),
        ("x.io", "XRoute"),
    ]
    assert https.tls is not None
    assert (https.tls.mode, https.tls.options) == ("Terminate", {"x/y": "z"})
    assert [(ref.group, ref.kind, ref.name, ref.namespace) for ref in https.tls.certificate_refs] == [
        ("", "Secret", "cert", "infra"),
        ("", "Secret", "other", "certs"),
    ]


def test_the_gateway_itself() -> None:
    found = gateway(an_object(SHOP))
    assert (found.gateway_class_name, found.listener_sets_from) == ("istio", "None")
    assert [(address.type, address.value) for address in found.addresses] == [
        ("IPAddress", "10.0.0.1"),
        ("Hostname", "gw.infra.svc"),
    ]
    assert (found.infrastructure_labels, found.infrastructure_annotations) == ({"a": "b"}, {"c": "d"})


@pytest.mark.parametrize("allowed", ["All", "Same", "Selector"])
def test_a_gateway_may_open_itself_to_listener_sets(allowed: str) -> None:
    spec = {"allowedListeners": {"namespaces": {"from": allowed, "selector": {}}}}
    found = gateway(made_of("gateway.networking.k8s.io/v1", "Gateway", spec))
    assert found.listener_sets_from == allowed
    assert found.listener_set_selector


def test_a_listener_set_joins_a_gateway_beside_it() -> None:
    spec = {
        "parentRef": {"name": "gw"},
        "listeners": [{"name": "a", "port": 80, "tls": {"mode": "Passthrough"}}],
    }
    found = listener_set(made_of("gateway.networking.k8s.io/v1", "ListenerSet", spec))
    assert found.parent_ref.is_a("gateway.networking.k8s.io", "Gateway")
    assert (found.parent_ref.name, found.parent_ref.namespace) == ("gw", "ns")
    (only,) = found.listeners
    assert only.tls is not None
    assert only.tls.mode == "Passthrough"


def test_a_gateway_class_names_its_controller() -> None:
    found = gateway_class(
        made_of("gateway.networking.k8s.io/v1", "GatewayClass", {"controllerName": "a.io/b"})
    )
    assert (found.controller_name, found.namespace) == ("a.io/b", "")
