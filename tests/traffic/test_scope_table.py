"""What a client's proxy knows: Sidecars, exportTo and the DestinationRules for a client, case by case."""

from __future__ import annotations

import pytest

from meshlint.traffic.effects.policies import client_policy
from meshlint.traffic.request import Client, Request
from meshlint.traffic.ways.proxied import way
from tests.traffic.worlds import (
    connections,
    destination_rule,
    mesh,
    outcome,
    service,
    service_entry,
    sidecar,
    split,
    to,
    virtual_service,
)

WEB, APP = Client("web"), Client("web", {"app": "a"})
FQDN = "reviews.shop.svc.cluster.local"


def _egress(*hosts: str, more: str = "") -> str:
    listed = ", ".join(f'"{host}"' for host in hosts)
    return f"egress: [{{hosts: [{listed}]}}]{', ' + more if more else ''}"


def _to(name: str, namespace: str = "shop", more: str = "", host: str = FQDN) -> str:
    return virtual_service(name, namespace, (host,), split(to(f"{name}.test")), more)


ONLY = "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"
LOCAL = _egress("./*", more=ONLY)
SCOPES = [
    ("5.3 no Sidecar", (), WEB, "reviews"),
    ("5.3 everything", (sidecar("s", _egress("*/*", more=ONLY)),), WEB, "reviews"),
    ("5.3 no egress is everything", (sidecar("s", ONLY),), WEB, "reviews"),
    ("5.3 the own namespace only", (sidecar("s", LOCAL),), WEB, "502"),
    ("5.3 the service's namespace", (sidecar("s", _egress("shop/*", more=ONLY)),), WEB, "reviews"),
    ("5.3 the full host", (sidecar("s", _egress(f"shop/{FQDN}", more=ONLY)),), WEB, "reviews"),
    ("5.3 any namespace, this host", (sidecar("s", _egress(f"*/{FQDN}", more=ONLY)),), WEB, "reviews"),
    ("5.3 a wildcard", (sidecar("s", _egress("shop/*.shop.svc.cluster.local", more=ONLY)),), WEB, "reviews"),
    ("5.3 a short name matches nothing", (sidecar("s", _egress("shop/reviews", more=ONLY)),), WEB, "502"),
    ("5.3 another namespace", (sidecar("s", _egress("third/*", more=ONLY)),), WEB, "502"),
    ("5.3 left out", (sidecar("s", _egress("*/*", f"~shop/{FQDN}", more=ONLY)),), WEB, "502"),
    ("5.3 left out of every namespace", (sidecar("s", _egress("*/*", f"~/{FQDN}", more=ONLY)),), WEB, "502"),
    (
        "5.3 another host is left out",
        (sidecar("s", _egress("*/*", "~shop/x.test", more=ONLY)),),
        WEB,
        "reviews",
    ),
    ("5.3 unknown and ALLOW_ANY", (sidecar("s", _egress("./*")),), WEB, "passes"),
    (
        "5.3 a policy of its own",
        (sidecar("s", _egress("./*", more="outboundTrafficPolicy: {mode: ALLOW_ANY}")),),
        WEB,
        "passes",
    ),
    (
        "5.3 an egress proxy",
        (
            sidecar(
                "s",
                _egress("./*", more="outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: p.test}}"),
            ),
        ),
        WEB,
        "p",
    ),
    ("5.3 a Sidecar of another namespace", (sidecar("s", LOCAL, "third"),), WEB, "reviews"),
    ("5.3 the root namespace's", (sidecar("s", LOCAL, "istio-system"),), WEB, "502"),
    (
        "5.3 the own one before the root's",
        (sidecar("s", LOCAL, "istio-system"), sidecar("t", _egress("*/*"))),
        WEB,
        "reviews",
    ),
    (
        "5.3 with a selector in the root namespace it is for that only",
        (sidecar("s", f"workloadSelector: {{labels: {{app: a}}}}, {LOCAL}", "istio-system"),),
        APP,
        "reviews",
    ),
    (
        "5.3 the selected one first",
        (sidecar("s", LOCAL), sidecar("t", f"workloadSelector: {{labels: {{app: a}}}}, {_egress('*/*')}")),
        APP,
        "reviews",
    ),
    (
        "5.3 not selected",
        (sidecar("s", LOCAL), sidecar("t", f"workloadSelector: {{labels: {{app: b}}}}, {_egress('*/*')}")),
        APP,
        "502",
    ),
    (
        "5.3 the dot of the root's is the client's namespace",
        (sidecar("s", _egress("./*", more=ONLY), "istio-system"),),
        Client("shop"),
        "reviews",
    ),
    (
        "5.3 a listener for this port",
        (
            sidecar(
                "s", f"egress: [{{port: {{number: 80, protocol: HTTP, name: h}}, hosts: ['shop/*']}}], {ONLY}"
            ),
        ),
        WEB,
        "reviews",
    ),
    (
        "5.3 a listener for another port",
        (
            sidecar(
                "s", f"egress: [{{port: {{number: 81, protocol: HTTP, name: h}}, hosts: ['shop/*']}}], {ONLY}"
            ),
        ),
        WEB,
        "502",
    ),
    (
        "5.3 the listener of the port before the one for all",
        (
            sidecar(
                "s",
                "egress: [{port: {number: 80, protocol: HTTP, name: h}, hosts: ['./*']}, "
                f"{{hosts: ['*/*']}}], {ONLY}",
            ),
        ),
        WEB,
        "502",
    ),
    (
        "5.3 VirtualService of an imported namespace",
        (sidecar("s", _egress("shop/*")), _to("v")),
        WEB,
        "v",
    ),
    (
        "5.3 VirtualService of another namespace",
        (sidecar("s", _egress("shop/*")), _to("v", "third")),
        WEB,
        "reviews",
    ),
    (
        "5.3 VirtualService by its host",
        (sidecar("s", _egress(f"*/{FQDN}")), _to("v", "third")),
        WEB,
        "v",
    ),
    (
        "5.3 VirtualService by a wildcard of its own",
        (sidecar("s", _egress(f"shop/{FQDN}")), _to("v", host="*.shop.svc.cluster.local")),
        WEB,
        "v",
    ),
    (
        "5.3 destinations are pulled in",
        (
            sidecar("s", _egress(f"shop/{FQDN}")),
            virtual_service("v", "shop", (FQDN,), split(to("other"))),
            service("other"),
        ),
        WEB,
        "other",
    ),
    (
        "3.1 exportTo still counts for them",
        (
            virtual_service("v", "shop", (FQDN,), split(to("other"))),
            service("other").replace(
                "namespace: shop", "namespace: shop, annotations: {networking.istio.io/exportTo: '.'}"
            ),
        ),
        WEB,
        "other!503",
    ),
]


@pytest.mark.parametrize(("case", "objects", "client", "expected"), SCOPES, ids=[c[0] for c in SCOPES])
def test_what_a_sidecar_lets_in(case: str, objects: tuple[str, ...], client: Client, expected: str) -> None:
    assert outcome(way(mesh(service("reviews"), *objects), client, Request(FQDN))) == expected


def test_of_two_sidecars_for_a_workload_the_oldest_counts() -> None:
    """5.3: duplicates."""
    at = mesh(service("reviews"), sidecar("s", _egress("*/*")), sidecar("t", _egress("./*")))
    found = way(at, WEB, Request(FQDN))
    assert found.undecided == ("the oldest of Sidecar web/s, Sidecar web/t is in force",)
    assert found.sidecar is not None


REASONS = [
    ("5.3 not let in", (sidecar("s", LOCAL),), FQDN, 80, "Sidecar web/s does not let the host in"),
    ("3.1 not exported", (), "priv.shop.svc.cluster.local", 80, "the host is not exported to the client"),
    ("3.2 no such port", (), FQDN, 81, "the host has no port 81"),
    ("5.3 unknown", (), "x.test", 81, "the mesh does not know the host"),
]


@pytest.mark.parametrize(("case", "objects", "host", "port", "reason"), REASONS, ids=[c[0] for c in REASONS])
def test_why_a_host_is_unknown(
    case: str, objects: tuple[str, ...], host: str, port: int, reason: str
) -> None:
    hidden = service("priv").replace(
        "namespace: shop", "namespace: shop, annotations: {networking.istio.io/exportTo: '.'}"
    )
    found = way(mesh(service("reviews"), hidden, *objects), WEB, Request(host, port))
    assert found.reason.startswith(reason)


HTTP = "[{number: 80, name: http, protocol: HTTP}]"
ENTRIES = [
    ("5.2 exported to everyone", (service_entry("e", ("a.test",), HTTP),), "a"),
    ("5.2 to its own namespace", (service_entry("e", ("a.test",), HTTP, more="exportTo: ['.']"),), "502"),
    ("5.2 to this one", (service_entry("e", ("a.test",), HTTP, more="exportTo: [web]"),), "a"),
    ("5.2 to nobody", (service_entry("e", ("a.test",), HTTP, more="exportTo: ['~']"),), "502"),
    ("5.2 a wildcard", (service_entry("e", ("*.test",), HTTP),), "a"),
    (
        "5.2 a hidden one does not stand before a wider one",
        (
            service_entry("e", ("a.test",), HTTP, more="exportTo: ['.']"),
            service_entry("w", ("*.test",), HTTP),
        ),
        "a",
    ),
    (
        "5.3 a Sidecar has to list the wildcard",
        (service_entry("e", ("*.test",), HTTP), sidecar("s", _egress("shop/a.test", more=ONLY))),
        "502",
    ),
    (
        "5.3 or something wider",
        (service_entry("e", ("*.test",), HTTP), sidecar("s", _egress("shop/*.test", more=ONLY))),
        "a",
    ),
    ("5.3 of its namespace", (service_entry("e", ("a.test",), HTTP), sidecar("s", LOCAL)), "502"),
]


@pytest.mark.parametrize(("case", "objects", "expected"), ENTRIES, ids=[c[0] for c in ENTRIES])
def test_who_knows_the_host_of_a_service_entry(case: str, objects: tuple[str, ...], expected: str) -> None:
    all_only = sidecar("root", f"egress: [{{hosts: ['*/*']}}], {ONLY}", "istio-system")
    assert outcome(way(mesh(all_only, *objects), WEB, Request("a.test"))) == expected


def test_a_listener_of_a_sidecar_sets_the_protocol() -> None:
    """5.3: the protocol of `egress.port` is what the proxy listens with."""
    listener = "egress: [{port: {number: 80, protocol: TCP, name: t}, hosts: ['*/*']}]"
    route = connections("t", (FQDN,), "tcp", f"[{{route: [{to('t.test')}]}}]")
    at = mesh(service("reviews"), _to("h"), route, sidecar("s", listener))
    assert outcome(way(at, WEB, Request(FQDN))) == "t"


def _rule(name: str, mode: str, namespace: str = "web", host: str = FQDN, more: str = "") -> str:
    policy = f"trafficPolicy: {{tls: {{mode: {mode}}}}}"
    return destination_rule(name, namespace, host, more=f"{policy}, {more}" if more else policy)


SELECTED = "workloadSelector: {matchLabels: {app: a}}, exportTo: ['.']"
RULES = [
    ("4.3 selected", (_rule("a", "SIMPLE", more=SELECTED),), APP, "SIMPLE"),
    ("4.3 not selected", (_rule("a", "SIMPLE", more=SELECTED),), WEB, "auto"),
    (
        "4.3 it replaces the plain one",
        (_rule("a", "SIMPLE", more=SELECTED), _rule("b", "DISABLE")),
        APP,
        "SIMPLE",
    ),
    (
        "4.3 for others the plain one stays",
        (_rule("a", "SIMPLE", more=SELECTED), _rule("b", "DISABLE")),
        WEB,
        "DISABLE",
    ),
    (
        "4.1 any hit ends the search, even one for others",
        (_rule("a", "SIMPLE", more=SELECTED), _rule("b", "DISABLE", "shop")),
        WEB,
        "auto",
    ),
    ("4.3 only of the client's namespace", (_rule("a", "SIMPLE", "shop", more=SELECTED),), APP, "auto"),
    (
        "4.1 of the own namespace only what is seen there",
        (_rule("a", "SIMPLE", more="exportTo: [shop]"), _rule("b", "DISABLE", host="*.local")),
        WEB,
        "DISABLE",
    ),
    (
        "4.1 of the root namespace its private ones first",
        (_rule("a", "SIMPLE", "istio-system", more="exportTo: ['.']"), _rule("b", "DISABLE", "shop")),
        Client("istio-system"),
        "SIMPLE",
    ),
    (
        "4.1 and its public ones last",
        (_rule("a", "SIMPLE", "istio-system"), _rule("b", "DISABLE", "shop")),
        Client("istio-system"),
        "DISABLE",
    ),
]


@pytest.mark.parametrize(("case", "rules", "client", "mode"), RULES, ids=[c[0] for c in RULES])
def test_the_rules_for_a_client(case: str, rules: tuple[str, ...], client: Client, mode: str) -> None:
    assert client_policy(mesh(service("reviews"), *rules), client, FQDN, 80).tls_mode == mode


AGES = [
    ("4.2 one rule", (_rule("a", "SIMPLE"),), ""),
    ("4.2 two policies", (_rule("a", "SIMPLE"), _rule("b", "DISABLE")), "the policy of the oldest"),
    ("4.2 one policy and subsets", (_rule("a", "SIMPLE"), destination_rule("b", "web", FQDN, ("v1",))), ""),
    (
        "4.2 not exported alike",
        (_rule("a", "SIMPLE"), destination_rule("b", "web", FQDN, ("v1",), "exportTo: ['*']")),
        "the newest",
    ),
    (
        "4.2 one subset twice",
        (destination_rule("a", "web", FQDN, ("v1",)), destination_rule("b", "web", FQDN, ("v1",))),
        "the subset of the oldest",
    ),
]


@pytest.mark.parametrize(("case", "rules", "undecided"), AGES, ids=[c[0] for c in AGES])
def test_several_rules_for_one_host(case: str, rules: tuple[str, ...], undecided: str) -> None:
    found = client_policy(mesh(service("reviews"), *rules), WEB, FQDN, 80, "v1").undecided
    assert found[0].startswith(undecided) if undecided else not found
