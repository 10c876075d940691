"""A slip that the schema names is told by it, and not by what the webhook then finds wanting."""

from __future__ import annotations

import pytest

from meshlint.api import CheckOptions, ReadOptions, check_texts
from meshlint.engine.rule import Severity

AUTHORIZATION = "security.istio.io/v1\nkind: AuthorizationPolicy"
GATEWAY = "networking.istio.io/v1\nkind: Gateway"
IDENTITIES = "policy.linkerd.io/v1alpha1\nkind: MeshTLSAuthentication"
ACCOUNTS = ("AUTHZ018", "AUTHZ020")
LINKERD = ("AUTHZ250", "AUTHZ255")
ACCOUNT = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: b}\n"
VIRTUAL_SERVICE = "networking.istio.io/v1\nkind: VirtualService"


@pytest.mark.parametrize(
    ("kind", "spec", "told", "untold"),
    [
        (AUTHORIZATION, "{rules: [{from: [{source: {serviceAcounts: [a]}}]}]}", "SCHEMA001", "AUTHZ022"),
        (AUTHORIZATION, "{rules: [{from: [{source: {}}]}]}", "AUTHZ022", "SCHEMA001"),
        (AUTHORIZATION, "{action: Custom, provider: {name: a}, rules: [{}]}", "SCHEMA004", "AUTHZ022"),
        (AUTHORIZATION, "{action: DENY, provider: {name: a}, rules: [{}]}", "AUTHZ022", "SCHEMA004"),
        (AUTHORIZATION, "{rules: [{from: [{source: {serviceAccounts: [a/*]}}]}]}", "AUTHZ018", "AUTHZ020"),
        (AUTHORIZATION, "{rules: [{when: [{key: source.serviceAccount, values: [a/b/c]}]}]}", *ACCOUNTS),
        (AUTHORIZATION, "{rules: [{from: [{source: {ipBlocks: [a]}}]}]}", "AUTHZ020", "AUTHZ018"),
        (IDENTITIES, "{identities: [we*.b.serviceaccount.identity.linkerd.cluster.local]}", *LINKERD),
        (IDENTITIES, "{identities: [wep.b.serviceaccount.identity.linkerd.cluster.local]}", *LINKERD[::-1]),
        (GATEWAY, "{selector: {a: b}, srvers: []}", "SCHEMA001", "SCHEMA029"),
        (GATEWAY, "{selector: {a: b}}", "SCHEMA029", "SCHEMA001"),
    ],
)
def test_a_slip_is_told_by_who_names_it(kind: str, spec: str, told: str, untold: str) -> None:
    text = f"apiVersion: {kind}\nmetadata: {{name: a, namespace: b}}\nspec: {spec}\n{ACCOUNT}"
    rules = {one.rule for one in check_texts({"a.yaml": text}).findings}
    assert told in rules
    assert untold not in rules


def rules_of(text: str, **versions: str) -> list[str]:
    options = CheckOptions(reading=ReadOptions(versions=versions))
    return sorted(one.rule for one in check_texts({"a.yaml": text}, options).findings)


def test_a_slip_hides_no_other_mistake_of_the_same_message() -> None:
    """A misspelt timeout does not lead a route anywhere."""
    head = f"apiVersion: {VIRTUAL_SERVICE}\nmetadata: {{name: a, namespace: b}}\n"
    assert "ROUTE040" in rules_of(f"{head}spec: {{hosts: [a.b.c], http: [{{name: a, timeot: 5s}}]}}\n")
    assert "ROUTE040" not in rules_of(f"{head}spec: {{hosts: [a.b.c], http: [{{name: a, rout: []}}]}}\n")


def test_a_profile_is_told_by_the_webhook_alone() -> None:
    text = "apiVersion: linkerd.io/v1alpha2\nkind: ServiceProfile\nmetadata: {name: a.b.svc.cluster.local, "
    text += "namespace: b}\nspec: {routes: [{name: a, condition: {}}]}\n"
    assert len([one for one in rules_of(text) if one.startswith(("SCHEMA", "ROUTE"))]) == 1


def test_a_field_that_came_after_the_release_is_judged_no_further() -> None:
    text = (
        f"apiVersion: {AUTHORIZATION}\nmetadata: {{name: a, namespace: b}}\nspec: {{targetRefs: nothing}}\n"
    )
    assert rules_of(text, istio="1.20").count("UPGRADE033") == 1
    assert "SCHEMA002" not in rules_of(text, istio="1.20")
    assert "SCHEMA002" in rules_of(text, istio="1.29")


@pytest.mark.parametrize(
    ("version", "rule"),
    [("gateway.networking.k8s.io/v1", "SCHEMA008"), ("policy.linkerd.io/v1beta3", "GATEWAY107")],
)
def test_a_route_without_a_port_is_told_by_the_definition_where_that_refuses_it(
    version: str, rule: str
) -> None:
    text = f"apiVersion: {version}\nkind: HTTPRoute\nmetadata: {{name: a, namespace: b}}\nspec: "
    text += (
        "{parentRefs: [{name: a, kind: Service, group: '', port: 80}], rules: [{backendRefs: [{name: a}]}]}"
    )
    assert [one for one in rules_of(text) if one in ("SCHEMA008", "GATEWAY107")] == [rule]


ZONES = (
    "{host: a, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5},"
    " loadBalancer: {zoneAwareLbSetting: {failover: [{from: eu, to: eu}]}}}}"
)
LOOKED_UP = (
    "{hosts: ['*.a.test'], resolution: DYNAMIC_DNS, endpoints: [{address: 192.0.2.7}],"
    " ports: [{number: 443, name: tls, protocol: TLS}]}"
)


@pytest.mark.parametrize(
    ("kind", "spec", "release", "told"),
    [
        ("DestinationRule", ZONES, "1.30", "UPGRADE033"),
        ("DestinationRule", ZONES, "1.32", "SCHEMA030"),
        ("ServiceEntry", LOOKED_UP, "1.24", "UPGRADE033"),
        ("ServiceEntry", LOOKED_UP, "1.30", "EGRESS001"),
    ],
)
def test_no_webhook_judges_what_a_release_does_not_have(
    kind: str, spec: str, release: str, told: str
) -> None:
    head = f"apiVersion: networking.istio.io/v1\nkind: {kind}\nmetadata: {{name: a, namespace: b}}\n"
    options = CheckOptions(reading=ReadOptions(versions={"istio": release}))
    findings = check_texts({"a.yaml": f"{head}spec: {spec}\n"}, options).findings
    assert [one.rule for one in findings if one.severity is Severity.ERROR] == [told]
