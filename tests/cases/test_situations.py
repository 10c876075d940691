"""Situations in which manifests tell less than they seem to: silent, and loud once they tell enough."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest

from meshlint.api import CheckOptions, ReadOptions, check_texts
from meshlint.engine.rule import Severity

SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {name: NAME}
    spec: {selector: {app: NAME}, ports: [{name: http, port: 80}]}
    """
DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME, namespace: shop}
    spec:
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec: {containers: [{name: main, image: "registry.example.com/main:1"}]}
    """
ROUTE = """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: to-NAME}
    spec: {hosts: [shop.example.com], gateways: [edge/public], http: [{route: [{destination: {host: NAME}}]}]}
    """
RULE = """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: HOST, namespace: web}
    spec: {host: HOST.shop.svc.cluster.local}
    """
SERVER = """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: web, namespace: shop}
    spec: {port: 80, podSelector: {matchLabels: {KEY: VALUE}}}
    """
NAMESPACE = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {LABELS}}
    """
POLICY = """
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: web, namespace: shop}
    spec:
      selector: {matchLabels: {app: web}}
      rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/front]}}]}]
    """
STRICT_ELSEWHERE = """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: elsewhere}
    spec: {mtls: {mode: STRICT}}
    """
SUBSET = """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: web, namespace: shop}
    spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}
    """
SUBSETS = """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: web, namespace: shop}
    spec: {host: web, subsets: [{name: NAME, labels: {version: v1}}]}
    """


def loud(files: Mapping[str, str]) -> set[str]:
    outcome = check_texts({name: dedent(text) for name, text in files.items()})
    return {finding.rule for finding in outcome.findings if finding.severity >= Severity.WARNING}


def named(text: str, name: str) -> str:
    return text.replace("NAME", name).replace("HOST", name)


def unplaced(text: str) -> str:
    return text.replace(", namespace: shop", "")


@pytest.mark.parametrize(
    ("routed", "service", "is_loud"),
    [
        ("app/routes/r.yaml", "app/s.yaml", False),
        ("app/r.yaml", "app/s.yaml", True),
        ("app/r.yaml", "app/services/s.yaml", True),
        ("demo/r.yaml", "app/s.yaml", False),
    ],
)
def test_services_show_a_missing_host_only_from_beside_or_below(
    routed: str, service: str, is_loud: bool
) -> None:
    files = {routed: named(ROUTE, "ratings"), service: named(SERVICE, "gateway")}
    files["app/other.yaml"] = named(ROUTE, "gateway")
    assert ("ROUTE010" in loud(files)) is is_loud


def test_services_further_up_show_a_misspelt_host() -> None:
    files = {"app/routes/r.yaml": named(ROUTE, "reviws"), "app/s.yaml": named(SERVICE, "reviews")}
    assert "ROUTE010" in loud(files)


@pytest.mark.parametrize(("place", "is_loud"), [("base/service.yaml", False), ("service.yaml", True)])
def test_a_kustomization_may_put_a_prefix_to_a_service(place: str, is_loud: bool) -> None:
    other = named(SERVICE, "other").replace("name: other}", "name: other, namespace: shop}", 1)
    files = {"rule.yaml": named(RULE, "web-app-service"), place: named(SERVICE, "service"), "o.yaml": other}
    files["known.yaml"] = named(RULE, "other")
    assert ("SUBSET010" in loud(files)) is is_loud


@pytest.mark.parametrize(
    ("key", "value", "is_loud"),
    [
        ("app", "wob", True),
        ("linkerd.io/workload-ns", "shop", False),
        ("linkerd.io/proxy-deployment", "web", False),
        ("charts.example.com/part", "web", False),
    ],
)
def test_a_server_may_select_by_labels_that_no_template_shows(key: str, value: str, is_loud: bool) -> None:
    server = SERVER.replace("KEY", f'"{key}"').replace("VALUE", value)
    assert ("AUTHZ228" in loud({"a.yaml": server, "b.yaml": named(DEPLOYMENT, "web")})) is is_loud


@pytest.mark.parametrize(("labels", "is_loud"), [("team: web", False), ("istio-injection: disabled", True)])
def test_a_namespace_may_be_labelled_by_hand(labels: str, is_loud: bool) -> None:
    namespace = NAMESPACE.replace("LABELS", labels)
    files = {"a.yaml": namespace, "b.yaml": named(DEPLOYMENT, "web"), "c.yaml": POLICY}
    assert ("AUTHZ010" in loud(files)) is is_loud


def test_a_patch_is_no_object() -> None:
    injected = NAMESPACE.replace("LABELS", "istio-injection: enabled")
    patch = "$patch: delete\n" + dedent(injected)
    workload = named(DEPLOYMENT, "web")
    elsewhere = STRICT_ELSEWHERE
    assert "MTLS001" in loud({"a.yaml": injected, "b.yaml": workload, "c.yaml": elsewhere})
    assert "MTLS001" not in loud({"a.yaml": patch, "b.yaml": workload, "c.yaml": elsewhere})


def test_that_no_policy_demands_mtls_is_in_doubt_where_there_is_none_at_all() -> None:
    files = {
        "a.yaml": NAMESPACE.replace("LABELS", "istio-injection: enabled"),
        "b.yaml": named(DEPLOYMENT, "web"),
    }
    texts = {name: dedent(text) for name, text in files.items()}
    complete = CheckOptions(reading=ReadOptions(complete=True))
    severities = [
        {one.severity for one in check_texts(texts, options).findings if one.rule == "MTLS001"}
        for options in (CheckOptions(), complete)
    ]
    assert severities == [{Severity.INFO}, {Severity.WARNING}]


def test_a_patch_of_a_workload_is_no_workload() -> None:
    patch = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            metadata: {labels: {sidecar.istio.io/inject: "true"}}
            spec: {containers: [{name: main, resources: {}}]}
        """
    assert loud({"a.yaml": patch}) == set()


@pytest.mark.parametrize(("rule", "is_loud"), [("v2", True), ("v1", False)])
def test_a_rule_without_namespace_may_define_the_subset(rule: str, is_loud: bool) -> None:
    files = {
        "a.yaml": SUBSET,
        "b.yaml": named(SUBSETS, "v3"),
        "elsewhere/c.yaml": unplaced(named(SUBSETS, rule)),
    }
    assert ("SUBSET001" in loud(files)) is is_loud


@pytest.mark.parametrize(("place", "is_loud"), [("a/w.yaml", True), ("b/w.yaml", False)])
def test_pods_of_another_exercise_do_not_empty_a_subset(place: str, is_loud: bool) -> None:
    behind = unplaced(named(DEPLOYMENT, "web")) + "---" + named(SERVICE, "web")
    rest = unplaced(SUBSET) + "---" + unplaced(named(SUBSETS, "v1"))
    assert ("SUBSET004" in loud({place: behind, "a/r.yaml": rest})) is is_loud


def test_one_of_several_ways_to_write_a_service_may_be_visible() -> None:
    hidden = named(SERVICE, "web").replace(
        "name: web}", 'name: web, annotations: {networking.istio.io/exportTo: "."}}', 1
    )
    other = hidden.replace('"."', '"~"')
    route = unplaced(SUBSET).replace(", subset: v1", "")
    assert "ROUTE016" in loud({"a.yaml": other, "r.yaml": route})
    assert "ROUTE016" not in loud({"a.yaml": other, "b.yaml": hidden, "r.yaml": route})


def test_routes_of_different_exercises_do_not_compete() -> None:
    one = unplaced(SUBSET).replace(", subset: v1", "")
    other = one.replace("name: web}", "name: web-too}", 1)
    assert "ROUTE023" in loud({"a/r.yaml": one, "a/s.yaml": other})
    assert "ROUTE023" not in loud({"a/r.yaml": one, "b/s.yaml": other})


def test_gateways_of_different_exercises_do_not_compete() -> None:
    one = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: NAME}
        spec:
          selector: {istio: ingressgateway}
          servers: [{port: {number: 80, name: main, protocol: PROTOCOL}, hosts: ["*"]}]
        """
    http, tcp = (named(one, name).replace("PROTOCOL", name.upper()) for name in ("http", "tcp"))
    assert "GATEWAY062" in loud({"a/one.yaml": http, "a/other.yaml": tcp})
    assert "GATEWAY062" not in loud({"a/one.yaml": http, "b/other.yaml": tcp})


@pytest.mark.parametrize(("container", "is_loud"), [("main", True), ("istio-proxy", False)])
def test_the_ports_of_a_gateway_are_those_of_its_servers(container: str, is_loud: bool) -> None:
    workload = named(DEPLOYMENT, "web").replace(
        "name: main, ", f"name: {container}, ports: [{{containerPort: 8443}}], "
    )
    service = named(SERVICE, "web").replace("name: web}", "name: web, namespace: shop}", 1)
    service = service.replace("name: http, port: 80", "name: tcp-raw, port: 8443")
    policy = """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: web, namespace: shop}
        spec:
          action: DENY
          selector: {matchLabels: {app: web}}
          rules: [{to: [{operation: {methods: [GET]}}]}]
        """
    files = {
        "a.yaml": NAMESPACE.replace("LABELS", "istio-injection: enabled"),
        "b.yaml": workload,
        "c.yaml": service,
        "d.yaml": policy,
    }
    assert ("AUTHZ034" in loud(files)) is is_loud


KUBERNETES_GATEWAY = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: edge}
    spec: {gatewayClassName: istio, listeners: [{name: NAME, port: 80, protocol: HTTP}]}
    """
ATTACHED = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: web-NAME}
    spec: {parentRefs: [{name: edge, sectionName: NAME}], rules: [{backendRefs: [{name: web, port: 80}]}]}
    """


def test_a_route_attaches_to_the_nearest_version_of_its_gateway_in_sets_of_any_size() -> None:
    files = {
        f"{name}/{file}.yaml": named(text, name)
        for name in ("one", "two")
        for file, text in (("gateway", KUBERNETES_GATEWAY), ("route", ATTACHED))
    }
    padding = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cNUMBER}\n"
    files["rest.yaml"] = "---\n".join(padding.replace("NUMBER", str(number)) for number in range(3100))
    assert "GATEWAY101" not in loud(files)
    files["two/route.yaml"] = named(ATTACHED, "one")
    assert "GATEWAY101" in loud(files)


CLAIMING = """
    apiVersion: policy.linkerd.io/v1beta3
    kind: Server
    metadata: {name: NAME, namespace: shop}
    spec: {port: 80, podSelector: {matchLabels: {app: web}}}
    """


def test_servers_of_different_exercises_do_not_compete() -> None:
    pods = named(DEPLOYMENT, "web")
    files = {
        "a/pods.yaml": pods,
        "a/server.yaml": named(CLAIMING, "one"),
        "b/server.yaml": named(CLAIMING, "two"),
    }
    assert "AUTHZ229" in loud(files)
    assert "AUTHZ229" not in loud({**files, "b/pods.yaml": pods.replace("main:1", "main:2")})


def test_a_missing_host_is_told_of_the_route_with_its_rule_as_a_place() -> None:
    service = named(SERVICE, "web").replace("name: web}", "name: web, namespace: shop}", 1)
    files = {"a.yaml": service, "b.yaml": named(RULE, "wbe"), "c.yaml": named(RULE, "web")}
    route = named(ROUTE, "wbe.shop.svc.cluster.local")
    files["d.yaml"] = route.replace("name: to-wbe.shop.svc.cluster.local", "name: to-web, namespace: web")
    told = check_texts({name: dedent(text) for name, text in files.items()}).findings
    (route_told,) = (one for one in told if one.rule == "ROUTE010")
    assert [one.location.file for one in route_told.related] == ["b.yaml"]
