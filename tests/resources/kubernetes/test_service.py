from __future__ import annotations

from meshlint.resources.kubernetes.service import service
from tests.resources.reading import an_object, made_of

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: web, appProtocol: http}
  - {port: 53, protocol: UDP, targetPort: 0}
"""


def test_ports_have_the_defaults_of_kubernetes() -> None:
    web = service(an_object(WEB))
    http, dns = web.ports
    assert (http.name, http.target_port, http.protocol, http.app_protocol) == ("http", "web", "TCP", "http")
    assert (dns.name, dns.target_port, dns.protocol, dns.app_protocol) == (None, 53, "UDP", None)
    assert web.port(53) is dns
    assert web.port_named("http") is http
    assert web.port(81) is None


def test_a_default_stands_where_it_would_be_written() -> None:
    web = service(an_object(WEB))
    assert web.type == "ClusterIP"
    assert not web.type.field
    assert web.type.field.path == ("spec", "type")
    assert web.ports[0].protocol.field.span().line == 8


def test_no_selector_differs_from_an_empty_one() -> None:
    assert service(made_of("v1", "Service", {})).selector is None
    assert service(made_of("v1", "Service", {"selector": None})).selector is None
    assert service(made_of("v1", "Service", {"selector": {}})).selector == {}


def test_headless_and_external_services_are_told_apart() -> None:
    headless = service(made_of("v1", "Service", {"clusterIP": "None"}))
    alias = service(made_of("v1", "Service", {"type": "ExternalName", "externalName": "example.com"}))
    assert (headless.is_headless, headless.is_external_name) == (True, False)
    assert (alias.is_headless, alias.is_external_name) == (False, True)
    assert alias.external_name == "example.com"


def test_the_view_names_its_object() -> None:
    web = service(an_object(WEB.replace("name: web", "annotations: {a: b}, labels: {l: v}, name: web", 1)))
    assert (web.name, web.namespace, str(web)) == ("web", "shop", "Service shop/web")
    assert repr(web) == "Service shop/web"
    assert web.annotations == {"a": "b"}
    assert web.labels == {"l": "v"}
    assert web.field is web.resource.field
