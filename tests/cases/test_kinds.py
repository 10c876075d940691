"""Kinds of mistakes that small inputs showed, in other clothes: loud where made, silent elsewhere."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from meshlint.api import check_texts
from meshlint.engine.rule import Severity

POD = """
    apiVersion: apps/v1
    kind: KIND
    metadata: {name: till, namespace: shop, labels: {team: front}}
    spec:
      selector: {matchLabels: {app: till}}
      template:
        metadata: {labels: {app: till}}
        spec: {containers: [{name: main, image: "registry.example/IMAGE:1", ports: [{containerPort: 8080}]}]}
    """
SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {name: NAME, namespace: shop, labels: {tier: shown}}
    spec: {selector: {app: NAME}, ports: [{name: PORT, port: NUMBER, targetPort: NUMBER}]}
    """
INJECTED = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {istio-injection: enabled}}
    """
STRICT = """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: shop}
    spec: {mtls: {mode: STRICT}}
    """


def yaml(text: str, **words: object) -> str:
    for word, value in words.items():
        text = text.replace(word.upper(), str(value))
    return dedent(text)


def pod(kind: str = "Deployment", image: str = "till") -> str:
    return yaml(POD, kind=kind, image=image)


def service(name: str = "till", port: str = "http", number: int = 8080) -> str:
    return yaml(SERVICE, name=name, port=port, number=number)


def istio(kind: str, spec: str, name: str = "one", group: str = "networking") -> str:
    head = (
        f"apiVersion: {group}.istio.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n"
    )
    return head + indent(dedent(spec).strip(), "  ") + "\n"


def policy(spec: str, name: str = "one") -> str:
    return istio("AuthorizationPolicy", spec, name, "security")


def loud(*texts: str) -> list[str]:
    """The rules that warn, as often as they do."""
    found = check_texts({"a.yaml": "---\n".join(map(dedent, texts))}).findings
    return sorted(one.rule for one in found if one.severity >= Severity.WARNING)


MESHED = (INJECTED, STRICT, pod(), service())


LOGIN = "action: CUSTOM\nprovider: {name: login}\nrules: [{to: [{operation: "
DENIED = "action: DENY\nrules: [{to: [{operation: {ports: ['8080'], hosts: [a.b]}}]}]"


@pytest.mark.parametrize(
    ("policies", "count"),
    [
        ([LOGIN + "{hosts: [a.b]}}]}]"], 1),
        ([LOGIN + "{hosts: ['*.b']}}]}]"], 1),
        ([LOGIN + "{hosts: [a.b, 'a.b:*']}}]}]"], 0),
        ([LOGIN + "{notHosts: [a.b]}}]}]"], 0),
        ([DENIED], 1),
        ([DENIED, "rules: [{to: [{operation: {hosts: [c.b]}}]}]"], 0),
        ([DENIED, "rules: [{to: [{operation: {methods: [GET]}}]}]"], 1),
    ],
)
def test_a_port_in_the_host_gets_past_a_policy(policies: list[str], count: int) -> None:
    written = [policy(spec, f"p{number}") for number, spec in enumerate(policies)]
    assert loud(*MESHED, *written).count("AUTHZ055") == count


OF_TILL = "selector: {matchLabels: {app: till}}\n"
ENTRY = """
    hosts: [api.example.com]
    ports: [{number: 443, name: tls, protocol: TLS}]
    location: LOCATION
    resolution: DNS
    """
ROUTED = """
    hosts: [api.example.com]
    gateways: [edge]
    http: [{route: [{destination: {host: till}}]}]
    """


@pytest.mark.parametrize(
    ("spec", "others", "is_loud"),
    [
        ("rules: [{to: [{operation: {hosts: [api.example.com]}}]}]", (), True),
        ("rules: [{to: [{operation: {hosts: ['API.example.com:443']}}]}]", (), True),
        ("action: DENY\nrules: [{to: [{operation: {ports: ['1'], hosts: [api.example.com]}}]}]", (), True),
        (
            "selector: {matchLabels: {app: till}}\nrules: [{to: [{operation: {hosts: [pay.shop]}}]}]",
            (),
            False,
        ),
        (OF_TILL + "rules: [{to: [{operation: {hosts: [pay.shop.svc.cluster.local]}}]}]", (), True),
        ("rules: [{to: [{operation: {hosts: [pay.shop.svc.cluster.local]}}]}]", (), False),
        ("rules: [{to: [{operation: {hosts: [till.shop.svc.cluster.local]}}]}]", (), False),
        ("rules: [{to: [{operation: {hosts: [unknown.example.com]}}]}]", (), False),
        ("rules: [{to: [{operation: {hosts: [api.example.com]}}, {operation: {paths: [/a]}}]}]", (), False),
        (
            "rules: [{to: [{operation: {hosts: [api.example.com]}}]}]",
            (istio("VirtualService", ROUTED, "in"),),
            False,
        ),
        (
            "selector: {matchLabels: {istio: egressgateway}}\n"
            "rules: [{to: [{operation: {hosts: [api.example.com]}}]}]",
            (),
            False,
        ),
    ],
)
def test_a_policy_for_requests_to_others(spec: str, others: tuple[str, ...], is_loud: bool) -> None:
    pay = [service("pay"), pod().replace("till", "pay")]
    entry = istio("ServiceEntry", ENTRY.replace("LOCATION", "MESH_EXTERNAL"), "api")
    assert ("AUTHZ440" in loud(*MESHED, *pay, entry, *others, policy(spec))) is is_loud


@pytest.mark.parametrize("kind", ["DestinationRule", "EnvoyFilter", "WasmPlugin"])
@pytest.mark.parametrize(
    ("label", "is_loud"), [("tier: shown", True), ("team: front", True), ("app: till", False)]
)
def test_labels_of_a_service_and_of_a_controller_are_none_of_pods(
    kind: str, label: str, is_loud: bool
) -> None:
    key = "labels" if kind == "EnvoyFilter" else "matchLabels"
    place = "selector" if kind == "WasmPlugin" else "workloadSelector"
    rest = {
        "DestinationRule": "host: till\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}",
        "EnvoyFilter": "configPatches: [{applyTo: LISTENER, patch: {operation: REMOVE}}]",
        "WasmPlugin": "url: oci://registry.example.com/a:1",
    }[kind]
    group, version = {
        "DestinationRule": ("networking", "v1"),
        "EnvoyFilter": ("networking", "v1alpha3"),
        "WasmPlugin": ("extensions", "v1alpha1"),
    }[kind]
    text = istio(kind, f"{place}: {{{key}: {{{label}}}}}\n{rest}", group=group)
    told = loud(*MESHED, text.replace("istio.io/v1\n", f"istio.io/{version}\n"))
    assert bool({"SUBSET030", "ROUTE291"} & set(told)) is is_loud


@pytest.mark.parametrize(
    ("ports", "is_broken"),
    [
        ("[{port: {number: 443}, tls: {mode: DISABLE}}]", False),
        ("[{port: {number: 443}, tls: {mode: SIMPLE}}]", False),
        ("[{port: {number: 8080}, tls: {mode: DISABLE}}]", True),
    ],
)
def test_a_setting_for_a_port_that_is_not_there_breaks_nothing(ports: str, is_broken: bool) -> None:
    rule = istio("DestinationRule", f"host: till\ntrafficPolicy: {{portLevelSettings: {ports}}}")
    assert ("MTLS004" in loud(*MESHED, rule)) is is_broken


EXACT = "match: [{uri: {exact: /a}}], "


def route(name: str, match: str, host: str = "till") -> str:
    spec = f"hosts: [a.b]\ngateways: [ns/edge]\nhttp: [{{{match}route: [{{destination: {{host: {host}}}}}]}}]"
    return istio("VirtualService", spec, name)


@pytest.mark.parametrize(
    ("routes", "count"),
    [
        ([route("one", ""), route("two", "match: [{uri: {prefix: /}}], ", "pay")], 1),
        ([route("one", ""), route("two", "timeout: 5s, "), route("three", "", "pay")], 1),
        ([route("one", ""), route("two", "")], 0),
        ([route("one", ""), route("two", "match: [{uri: {prefix: /a}}], ", "pay")], 0),
        (
            [
                route("one", "match: [{uri: {exact: /a}}], "),
                route("two", "match: [{uri: {exact: /a}}], ", "pay"),
            ],
            1,
        ),
    ],
)
def test_routes_for_the_same_requests_are_told_once(routes: list[str], count: int) -> None:
    assert loud(*routes).count("ROUTE032") == count


HTTP_RULE = "rules: [{to: [{operation: {methods: [GET]}}]}]"


@pytest.mark.parametrize(
    ("image", "port", "number", "others", "is_loud"),
    [
        ("redis", "main", 6379, (), True),
        ("bitnami/postgresql", "db", 5555, (), True),
        ("till", "main", 8080, (), False),
        ("redis", "http-admin", 8080, (), False),
        ("redis", "tcp", 6379, (), True),
    ],
)
def test_a_rule_about_requests_before_a_server_of_connections(
    image: str, port: str, number: int, others: tuple[str, ...], is_loud: bool
) -> None:
    told = loud(INJECTED, STRICT, pod(image=image), service("till", port, number), policy(HTTP_RULE), *others)
    assert ("AUTHZ033" in told) is is_loud


def test_a_server_of_connections_among_others_is_told_if_nothing_else_admits() -> None:
    web = [pod().replace("till", "web"), service("web")]
    cache = [pod(image="redis"), service("till", "main", 6379)]
    ports = policy("rules: [{to: [{operation: {ports: ['6379']}}]}]", "ports")
    assert "AUTHZ033" in loud(INJECTED, STRICT, *web, *cache, policy(HTTP_RULE))
    assert "AUTHZ033" not in loud(INJECTED, STRICT, *web, *cache, policy(HTTP_RULE), ports)


@pytest.mark.parametrize(
    ("value", "is_loud"),
    [
        ("cluster.local/ns/shop/sa/till", True),
        ("spiffe://cluster.local/ns/shop/sa/till", True),
        ("cluster.local/ns/shop/*", True),
        ("https://issuer.example.com/ns/shop/sa/till", False),
        ("issuer.example.com/till", False),
        ("*", False),
    ],
)
def test_a_workload_is_no_principal_of_a_token(value: str, is_loud: bool) -> None:
    rules = f"rules: [{{from: [{{source: {{requestPrincipals: ['{value}']}}}}]}}]"
    assert ("AUTHZ441" in loud(*MESHED, policy(rules))) is is_loud


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_canonical_name_is_a_label_of_meshed_pods(kind: str) -> None:
    selector = "selector: {matchLabels: {service.istio.io/canonical-name: NAME}}"
    spec = f"{selector}\ntracing: [{{disableSpanReporting: true}}]"
    texts = [istio("Telemetry", spec.replace("NAME", name), group="telemetry") for name in ("till", "pay")]
    told = [loud(INJECTED, STRICT, pod(kind), service(), text) for text in texts]
    assert ["OBSERVE003" in one for one in told] == [False, True]


BALANCED = """
    apiVersion: v1
    kind: Service
    metadata: {name: till, namespace: shop, annotations: {ANNOTATIONS}}
    spec: {type: LoadBalancer, selector: {app: till}, ports: [{name: https, port: 443, targetPort: 8080}]}
    """
PROBED = pod().replace("ports:", "readinessProbe: {httpGet: {path: /, port: 8080}}, ports:")


@pytest.mark.parametrize(
    ("annotations", "is_loud"),
    [
        ("", True),
        ("service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn", False),
        ("service.beta.kubernetes.io/do-loadbalancer-certificate-id: abc", False),
        ("load-balancer.hetzner.cloud/http-certificates: shop", False),
        (
            "service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn, "
            "service.beta.kubernetes.io/aws-load-balancer-ssl-ports: '8443'",
            True,
        ),
        (
            "service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn, "
            "service.beta.kubernetes.io/aws-load-balancer-backend-protocol: https",
            True,
        ),
        ("service.beta.kubernetes.io/aws-load-balancer-type: nlb", True),
    ],
)
def test_a_balancer_may_end_tls(annotations: str, is_loud: bool) -> None:
    told = loud(PROBED, yaml(BALANCED, annotations=annotations))
    assert ("PORT061" in told) is is_loud


@pytest.mark.parametrize(
    ("kind", "version", "is_refused"),
    [
        ("install.istio.io", "v1alpha1", False),
        ("install.istio.io", "v1", True),
        ("install.istio.io", "v1alpha2", True),
    ],
)
def test_a_kind_without_a_schema_has_its_versions(kind: str, version: str, is_refused: bool) -> None:
    text = f"apiVersion: {kind}/{version}\nkind: IstioOperator\nmetadata: {{name: a}}\nspec: {{}}\n"
    assert ("SCHEMA009" in loud(text)) is is_refused
