"""What istiod was seen to make of meshes, kind by kind."""

from __future__ import annotations

import pytest

from meshlint.api import AccessRequest, Project, ReadOptions, read_texts
from meshlint.reports.route.answer import Outcome
from tests.route.worlds import NAMESPACE, REVIEWS, WEB, ask
from tests.traffic.worlds import deployment

RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: shop}}
spec: {{host: "{host}", trafficPolicy: {{tls: {{mode: {mode}}}}}{more}}}
"""
GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: shop{created}}}
spec:
  selector: {{istio: edge}}
  servers:
  - port: {{number: 443, name: https, protocol: HTTPS}}
    hosts: ["*"]
    tls: {{mode: SIMPLE, credentialName: cert}}
"""
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: ["{host}"]{gateways}, http: [{{directResponse: {{status: {status}}}}}]}}
"""
EDGE = """
apiVersion: v1
kind: Pod
metadata: {name: edge, namespace: shop, labels: {istio: edge}}
spec: {containers: [{name: istio-proxy, image: proxyv2}]}
"""
ALIAS = """
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop}
spec: {type: ExternalName, externalName: reviews.shop.svc.cluster.local}
"""
ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{hosts: ["{host}"], ports: [{{number: {port}, name: http, protocol: HTTP}}], resolution: DNS}}
"""
OTHER = NAMESPACE.replace("name: shop", "name: away")
CALLER = deployment("client").replace("namespace: shop", "namespace: away")


def _closed(*texts: str, mesh_config: str = "") -> Project:
    config = (("mesh.yaml", mesh_config.encode()),) if mesh_config else ()
    whole = {f"{number}.yaml": text for number, text in enumerate((NAMESPACE, WEB, REVIEWS, *texts))}
    return read_texts(whole, ReadOptions(complete=True, mesh_config=config))


@pytest.mark.parametrize("more", [", exportTo: ['.']", ", workloadSelector: {matchLabels: {app: nobody}}"])
def test_a_rule_for_its_own_namespace_alone_hides_no_wider_one_from_others(more: str) -> None:
    wide = RULE.format(name="wide", host="*.svc.cluster.local", mode="DISABLE", more="")
    narrow = RULE.format(name="narrow", host="reviews", mode="ISTIO_MUTUAL", more=more)
    found = ask(_closed(OTHER, CALLER, wide, narrow), "reviews.shop", "away/client").destinations[0]
    assert found.transport is not None
    assert found.transport.text == "plaintext"


def test_access_goes_by_the_rule_that_selects_the_client() -> None:
    wide = RULE.format(name="wide", host="reviews", mode="DISABLE", more="")
    mine = RULE.format(
        name="mine", host="reviews", mode="ISTIO_MUTUAL", more=", workloadSelector: {matchLabels: {app: web}}"
    )
    found = _closed(wide, mine).access(AccessRequest(source="shop/web", destination="shop/reviews", port=80))
    assert found.transport.value == "mTLS"


@pytest.mark.parametrize(
    ("times", "status", "is_open"),
    [(("", ""), 201, True), (("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), 202, False)],
)
def test_the_oldest_server_for_a_host_is_served_alone(
    times: tuple[str, str], status: int, is_open: bool
) -> None:
    texts = [EDGE]
    for number, (name, time) in enumerate(zip(("one", "two"), times, strict=True), 1):
        texts.append(GATEWAY.format(name=name, created=f", creationTimestamp: '{time}'" if time else ""))
        bound = f", gateways: [{name}]"
        texts.append(ROUTE.format(name=name, host="a.test", gateways=bound, status=200 + number))
    answer = ask(_closed(*texts), "a.test", "gateway/one", port=443, scheme="https")
    assert (answer.status, bool(answer.undecided)) == (status, is_open)


def test_an_alias_has_the_routes_of_its_target() -> None:
    answer = ask(_closed(ALIAS, ROUTE.format(name="r", host="reviews", gateways="", status=418)), "pay")
    assert (answer.outcome, answer.status) == (Outcome.ANSWERED, 418)


def test_an_alias_of_nobody_known_passes_through() -> None:
    away = ALIAS.replace("reviews.shop.svc.cluster.local", "api.test")
    assert ask(_closed(away), "pay", port=80).outcome is Outcome.PASSED_THROUGH


def test_a_wider_entry_takes_the_port_that_a_host_lacks() -> None:
    narrow = ENTRY.format(name="narrow", namespace="shop", host="a.wild.test", port=8080)
    wide = ENTRY.format(name="wide", namespace="shop", host="*.wild.test", port=80).replace("DNS", "NONE")
    assert ask(_closed(narrow, wide), "a.wild.test", port=80).outcome is Outcome.FORWARDED


def test_the_entry_of_the_own_namespace_defines_a_host() -> None:
    mine = ENTRY.format(name="mine", namespace="away", host="db.test", port=80)
    theirs = ENTRY.format(name="theirs", namespace="shop", host="db.test", port=8080)
    asked = _closed(OTHER, CALLER, mine, theirs)
    found = {port: ask(asked, "db.test", "away/client", port=port).outcome for port in (80, 8080)}
    assert found == {80: Outcome.FORWARDED, 8080: Outcome.PASSED_THROUGH}


def test_bytes_on_a_port_of_http_pass_through() -> None:
    assert ask(_closed(), "reviews", scheme="tcp", port=80).outcome is Outcome.PASSED_THROUGH


@pytest.mark.parametrize(("port", "outcome"), [(80, Outcome.ANSWERED), (9999, Outcome.LOST)])
def test_only_where_http_is_listened_for_are_unknown_hosts_answered(port: int, outcome: Outcome) -> None:
    strict = _closed(mesh_config="outboundTrafficPolicy: {mode: REGISTRY_ONLY}")
    assert ask(strict, "unknown.test", port=port).outcome is outcome


def test_a_host_outside_of_the_registry_is_known_by_its_full_name_only() -> None:
    route = ROUTE.format(name="r", host="gone.shop.svc.cluster.local", gateways="", status=418)
    asked = _closed(route)
    assert ask(asked, "gone.shop.svc.cluster.local", port=80).status == 418
    assert ask(asked, "gone", port=80).status is None
