"""What governs a port, its protocol and its default policy (linkerd.md, C1 to C4, C8, C10)."""

from __future__ import annotations

import pytest

from meshlint.mesh import MeshSettings
from tests.security.linkerd.worlds import (
    CLOSED,
    Case,
    grpc_route,
    http_route,
    identity,
    linkerd,
    made,
    namespace,
    net,
    policy,
    server,
    tls,
    workload,
)

WEB = (policy("tls/web"), tls(identity("web")))
DENY = linkerd(default_inbound_policy="deny")
MESHED = linkerd(default_inbound_policy="all-authenticated")
READY = "readinessProbe: {httpGet: {path: '/ready?full=1', port: http}}"
PROBED = workload(probes=READY)


def annotated(key: str, value: str, **more: str) -> str:
    return workload(annotations=f"config.linkerd.io/{key}: '{value}'", **more)


PROXIES = [
    Case(
        "a pod without a proxy enforces nothing",
        (server(),),
        "allow",
        who="",
        space=namespace(annotations=""),
    ),
    Case(
        "nor one that opts out",
        (server(),),
        "allow",
        who="",
        cart=workload(annotations="linkerd.io/inject: disabled"),
    ),
    Case(
        "nor one on the host's network", (server(),), "allow", who="", cart=workload(spec="hostNetwork: true")
    ),
    Case(
        "nor one of an unknown word",
        (server(),),
        "allow",
        who="",
        space=namespace(annotations="linkerd.io/inject: 'true'"),
    ),
    Case(
        "a pod asks for itself",
        (server(),),
        "deny",
        cart=workload(annotations="linkerd.io/inject: enabled"),
        space=namespace(annotations=""),
    ),
    Case(
        "a skipped port enforces nothing",
        (server(),),
        "allow",
        who="",
        cart=annotated("skip-inbound-ports", "8080"),
    ),
    Case(
        "a range of skipped ports",
        (server(),),
        "allow",
        who="",
        cart=annotated("skip-inbound-ports", "22,8000-8100"),
    ),
    Case(
        "a namespace skips a port",
        (server(),),
        "allow",
        who="",
        space=namespace(
            annotations="linkerd.io/inject: enabled, config.linkerd.io/skip-inbound-ports: '8080'"
        ),
    ),
    Case(
        "the pod has the last word",
        (server(),),
        "deny",
        cart=annotated("skip-inbound-ports", "22"),
        space=namespace(
            annotations="linkerd.io/inject: enabled, config.linkerd.io/skip-inbound-ports: '8080'"
        ),
    ),
    Case("a port that is skipped unless said otherwise", (server(port=4567),), "allow", who="", port=4567),
    Case(
        "the annotation replaces that list",
        (server(port=4567),),
        "deny",
        port=4567,
        cart=annotated("skip-inbound-ports", "22"),
    ),
    Case("the namespace is not in the files", (server(),), "depends", space="", settings=MeshSettings()),
    Case(
        "it does not matter where the call is let in",
        (server(), *WEB),
        "allow",
        space="",
        settings=MeshSettings(),
    ),
]

PORTS = [
    Case("a number", (server(8080), *WEB), "allow"),
    Case("another number is not governed", (server(9090), *WEB), "deny", settings=DENY),
    Case("a number that no container declares", (server(9090), *WEB), "allow", port=9090, settings=DENY),
    Case("a name", (server("http"), *WEB), "allow", settings=DENY),
    Case("a name counts by letter", (server("HTTP"), *WEB), "deny", settings=DENY),
    Case(
        "a name of a port for UDP",
        (server("http"), *WEB),
        "deny",
        settings=DENY,
        cart=workload(ports="{name: http, containerPort: 8080, protocol: UDP}"),
    ),
    Case("a number in quotes is a name", (server("'8080'"), *WEB), "deny", settings=DENY),
    Case(
        "a name of two containers' ports",
        (server("http"), *WEB),
        "allow",
        port=8081,
        settings=DENY,
        cart=workload(ports="{name: http, containerPort: 8080}, {name: http, containerPort: 8081}"),
    ),
    Case(
        "a port of an init container",
        (server("http"), *WEB),
        "allow",
        port=9000,
        settings=DENY,
        cart=workload(
            ports="", spec="initContainers: [{name: i, ports: [{name: http, containerPort: 9000}]}]"
        ),
    ),
    Case("the proxy's own port by name", (server("linkerd-admin"), *WEB), "allow", port=4191, settings=DENY),
    Case("labels that differ", (server(selector="matchLabels: {app: web}"), *WEB), "deny", settings=DENY),
    Case("an empty selector", (server(selector=""), *WEB), "allow", settings=DENY),
    Case(
        "an expression",
        (server(selector="matchExpressions: [{key: app, operator: In, values: [cart]}]"), *WEB),
        "allow",
        settings=DENY,
    ),
    Case(
        "labels and expressions must both fit",
        (server(selector="matchLabels: {app: cart}, matchExpressions: [{key: x, operator: Exists}]"), *WEB),
        "deny",
        settings=DENY,
    ),
    Case(
        "In without values never fits",
        (server(selector="matchExpressions: [{key: app, operator: In}]"), *WEB),
        "deny",
        settings=DENY,
    ),
    Case(
        "Exists with values never fits",
        (server(selector="matchExpressions: [{key: app, operator: Exists, values: []}]"), *WEB),
        "deny",
        settings=DENY,
    ),
    Case(
        "NotIn fits a missing label",
        (server(selector="matchExpressions: [{key: x, operator: NotIn, values: [other]}]"), *WEB),
        "allow",
        settings=DENY,
    ),
    Case("a server of another namespace", (server(namespace="x"), *WEB), "deny", settings=DENY),
    Case(
        "two servers that agree",
        (server(), server(name="dart"), *WEB, policy("tls/web", target="Server/dart", name="q")),
        "allow",
    ),
    Case("two servers that do not", (server(), server(name="dart"), *WEB), "depends"),
]

DEFAULTS = [
    Case("all-unauthenticated is how it is installed", (), "allow", who=""),
    Case("all-authenticated, with identity", (), "allow", settings=MESHED),
    Case("all-authenticated, without", (), "deny", who="", settings=MESHED),
    Case("deny", (), "deny", settings=DENY),
    Case("audit", (), "allow", who="", settings=linkerd(default_inbound_policy="audit")),
    Case(
        "cluster-authenticated, inside",
        (),
        "allow",
        address="192.168.7.7",
        settings=linkerd(default_inbound_policy="cluster-authenticated"),
    ),
    Case(
        "cluster-authenticated, outside",
        (),
        "deny",
        address="8.8.8.8",
        settings=linkerd(default_inbound_policy="cluster-authenticated"),
    ),
    Case(
        "cluster-unauthenticated, inside",
        (),
        "allow",
        who="",
        address="100.64.1.1",
        settings=linkerd(default_inbound_policy="cluster-unauthenticated"),
    ),
    Case(
        "cluster-unauthenticated, outside",
        (),
        "deny",
        who="",
        address="8.8.8.8",
        settings=linkerd(default_inbound_policy="cluster-unauthenticated"),
    ),
    Case(
        "other cluster networks",
        (),
        "allow",
        who="",
        address="8.8.8.8",
        settings=linkerd(default_inbound_policy="cluster-unauthenticated", cluster_networks=("8.0.0.0/8",)),
    ),
    Case("the pod's annotation", (), "deny", cart=annotated("default-inbound-policy", "deny")),
    Case(
        "the namespace's annotation",
        (),
        "deny",
        space=namespace(
            annotations="linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: deny"
        ),
    ),
    Case(
        "the pod wins over the namespace",
        (),
        "allow",
        cart=annotated("default-inbound-policy", "all-authenticated"),
        space=namespace(
            annotations="linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: deny"
        ),
    ),
    Case(
        "an unknown word on the pod leaves the control plane's",
        (),
        "allow",
        who="",
        cart=annotated("default-inbound-policy", "all_authenticated"),
        space=namespace(
            annotations="linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: deny"
        ),
    ),
    Case(
        "policies do not open a port without a server",
        (policy("tls/web", target="Namespace/shop"), tls(identity("web"))),
        "deny",
        settings=DENY,
    ),
    Case(
        "and do not close it",
        (policy("tls/web", target="Namespace/shop"), tls(identity("web"))),
        "allow",
        who="",
    ),
    Case(
        "a server takes the default's place",
        (server(),),
        "deny",
        settings=linkerd(default_inbound_policy="all-unauthenticated"),
    ),
    Case(
        "ports that require an identity",
        (),
        "deny",
        who="",
        cart=annotated("proxy-require-identity-inbound-ports", "8080"),
    ),
    Case(
        "they admit an identity", (), "allow", cart=annotated("proxy-require-identity-inbound-ports", "8080")
    ),
    Case(
        "other ports are as before",
        (),
        "allow",
        who="",
        cart=annotated("proxy-require-identity-inbound-ports", "9090"),
    ),
    Case(
        "it means nothing under deny",
        (),
        "deny",
        cart=annotated("proxy-require-identity-inbound-ports", "8080"),
        settings=DENY,
    ),
    Case(
        "nor under audit",
        (),
        "allow",
        who="",
        cart=annotated("proxy-require-identity-inbound-ports", "8080"),
        settings=linkerd(default_inbound_policy="audit"),
    ),
    Case(
        "nor with a server",
        (server(access="all-unauthenticated"),),
        "allow",
        who="",
        cart=annotated("proxy-require-identity-inbound-ports", "8080"),
    ),
    Case(
        "cluster-unauthenticated becomes cluster-authenticated",
        (),
        "deny",
        who="",
        address="10.1.1.1",
        cart=annotated("proxy-require-identity-inbound-ports", "8080"),
        settings=linkerd(default_inbound_policy="cluster-unauthenticated"),
    ),
]

ROUTED = http_route("{matches: [{path: {type: Exact, value: /nothing}}]}")
PROTOCOLS = [
    Case("detection takes HTTP", (server(protocol="unknown"), *WEB), "allow"),
    Case(
        "detection takes other bytes by the server's grants",
        (server(protocol="unknown"), *WEB),
        "allow",
        send="",
    ),
    Case("detection refuses other bytes without a grant", (server(protocol="unknown"),), "deny", send=""),
    Case("other bytes pass by the routes", (server(), *WEB, ROUTED), "allow", send=""),
    Case(
        "a grant of a route does not help them",
        (server(), policy("tls/web", target="HTTPRoute/r"), tls(identity("web")), http_route()),
        "deny",
        send="",
    ),
    Case("HTTP/1 takes no other bytes", (server(protocol="HTTP/1"), *WEB), "deny", send=""),
    Case("HTTP/2 takes no other bytes", (server(protocol="HTTP/2"), *WEB), "deny", send=""),
    Case("gRPC takes no other bytes", (server(protocol="gRPC"), *WEB), "deny", send=""),
    Case("opaque takes bytes", (server(protocol="opaque"), *WEB), "allow", send=""),
    Case("opaque takes HTTP as bytes", (server(protocol="opaque"), *WEB), "allow"),
    Case("opaque has no routes", (server(protocol="opaque"), *WEB, ROUTED), "allow"),
    Case("TLS takes bytes", (server(protocol="TLS"), *WEB), "allow", send=""),
    Case("TLS has no routes", (server(protocol="TLS"), *WEB, ROUTED), "allow"),
    Case("HTTP/1 has routes", (server(protocol="HTTP/1"), *WEB, ROUTED), "not found"),
    Case("HTTP/2 has routes", (server(protocol="HTTP/2"), *WEB, ROUTED), "not found"),
    Case("gRPC has no HTTP routes", (server(protocol="gRPC"), *WEB, ROUTED), "allow", send="POST /a.B/C"),
    Case(
        "gRPC has its own",
        (server(protocol="gRPC"), *WEB, grpc_route("{matches: [{method: {service: x.Y}}]}")),
        "not found",
        send="POST /a.B/C",
    ),
    Case(
        "HTTP has none for gRPC",
        (server(protocol="HTTP/2"), *WEB, grpc_route("{matches: [{method: {service: x.Y}}]}")),
        "allow",
        send="POST /a.B/C",
    ),
    Case("a port without a server detects", (), "allow", settings=MESHED, send=""),
    Case(
        "an opaque port without a server",
        (),
        "deny",
        who="",
        settings=MESHED,
        send="GET /ready",
        cart=workload(annotations="config.linkerd.io/opaque-ports: '8080'", probes=READY),
    ),
    Case(
        "one name in the list voids it",
        (),
        "allow",
        who="",
        settings=MESHED,
        send="GET /ready",
        cart=workload(annotations="config.linkerd.io/opaque-ports: '8080,http'", probes=READY),
    ),
    Case(
        "the server's protocol counts in the list's place",
        (server(protocol="unknown"),),
        "allow",
        who="",
        send="GET /ready",
        cart=workload(annotations="config.linkerd.io/opaque-ports: '8080'", probes=READY),
    ),
    Case(
        "a port that is opaque unless said otherwise",
        (),
        "deny",
        who="",
        port=3306,
        settings=MESHED,
        send="GET /ready",
        cart=workload(ports="{name: http, containerPort: 3306}", probes=READY),
    ),
]

PROBES = [
    Case(
        "a probe is let in without a server",
        (),
        "allow",
        who="",
        send="GET /ready",
        cart=PROBED,
        settings=DENY,
    ),
    Case("a probe is let in with a server", (server(),), "allow", who="", send="GET /ready", cart=PROBED),
    Case("a query does not matter", (server(),), "allow", who="", send="GET /ready?x=1", cart=PROBED),
    Case("another path is not", (server(),), "deny", who="", send="GET /", cart=PROBED),
    Case("a longer path is not", (server(),), "deny", who="", send="GET /ready/", cart=PROBED),
    Case("another method is not", (server(),), "deny", who="", send="HEAD /ready", cart=PROBED),
    Case("another port is not", (server(9090),), "deny", who="", send="GET /ready", port=9090, cart=PROBED),
    Case(
        "without a path it is the root",
        (server(),),
        "allow",
        who="",
        send="GET /",
        cart=workload(probes="livenessProbe: {httpGet: {port: 8080}}"),
    ),
    Case(
        "startup probes count",
        (server(),),
        "allow",
        who="",
        send="GET /up",
        cart=workload(probes="startupProbe: {httpGet: {path: /up, port: 8080}}"),
    ),
    Case(
        "a named port in another case",
        (server(),),
        "allow",
        who="",
        send="GET /up",
        cart=workload(probes="startupProbe: {httpGet: {path: /up, port: HTTP}}"),
    ),
    Case(
        "a named port that is not there",
        (server(),),
        "deny",
        who="",
        send="GET /up",
        cart=workload(probes="startupProbe: {httpGet: {path: /up, port: web}}"),
    ),
    Case(
        "gRPC probes do not count",
        (server(),),
        "deny",
        who="",
        send="GET /",
        cart=workload(probes="readinessProbe: {grpc: {port: 8080}}"),
    ),
    Case(
        "TCP probes do not count",
        (server(),),
        "deny",
        who="",
        send="",
        cart=workload(probes="readinessProbe: {tcpSocket: {port: 8080}}"),
    ),
    Case(
        "hooks do not count",
        (server(),),
        "deny",
        who="",
        send="GET /x",
        cart=workload(probes="lifecycle: {preStop: {httpGet: {path: /x, port: 8080}}}"),
    ),
    Case(
        "HTTP/1 lets probes in", (server(protocol="HTTP/1"),), "allow", who="", send="GET /ready", cart=PROBED
    ),
    Case(
        "HTTP/2 lets probes in", (server(protocol="HTTP/2"),), "allow", who="", send="GET /ready", cart=PROBED
    ),
    Case("gRPC does not", (server(protocol="gRPC"),), "not found", who="", send="GET /ready", cart=PROBED),
    Case("opaque does not", (server(protocol="opaque"),), "deny", who="", send="GET /ready", cart=PROBED),
    Case("TLS does not", (server(protocol="TLS"),), "deny", who="", send="GET /ready", cart=PROBED),
    Case(
        "a route takes the exception away",
        (server(), http_route()),
        "deny",
        who="",
        send="GET /ready",
        cart=PROBED,
    ),
    Case(
        "a route elsewhere turns it into 404",
        (server(), ROUTED),
        "not found",
        who="",
        send="GET /ready",
        cart=PROBED,
    ),
    Case(
        "a route with a network brings it back",
        (server(), http_route(), policy("net/nodes", target="HTTPRoute/r"), net("0.0.0.0/0", "::/0")),
        "allow",
        who="",
        send="GET /ready",
        cart=PROBED,
    ),
    Case(
        "a gRPC route does not take it away",
        (server(), grpc_route()),
        "allow",
        who="",
        send="GET /ready",
        cart=PROBED,
    ),
    Case(
        "only from the networks of probes",
        (server(),),
        "deny",
        who="",
        send="GET /ready",
        address="8.8.8.8",
        cart=PROBED,
        settings=linkerd(probe_networks=("10.0.0.0/8",)),
    ),
    Case(
        "from them",
        (server(),),
        "allow",
        who="",
        send="GET /ready",
        address="10.8.8.8",
        cart=PROBED,
        settings=linkerd(probe_networks=("10.0.0.0/8",)),
    ),
    Case(
        "probes of init containers count",
        (server(),),
        "allow",
        who="",
        send="GET /i",
        cart=workload(spec="initContainers: [{name: i, readinessProbe: {httpGet: {path: /i, port: 8080}}}]"),
    ),
]


@pytest.mark.parametrize("case", [*PROXIES, *PORTS, *DEFAULTS, *PROTOCOLS, *PROBES], ids=str)
def test_verdict(case: Case) -> None:
    assert made(case).verdict.value == case.verdict


def test_two_servers_say_what_it_depends_on() -> None:
    case = Case("two", (server(), server(name="dart"), *WEB), "depends", settings=CLOSED)
    assert made(case).depends_on == ("which of the Servers that claim the port is the oldest",)


def _aged(text: str, created: str) -> str:
    return text.replace("metadata: {", f"metadata: {{creationTimestamp: '{created}', ", 1)


@pytest.mark.parametrize(("first", "second", "verdict"), [("01", "02", "allow"), ("02", "01", "deny")])
def test_the_oldest_of_two_servers_counts_where_files_tell(first: str, second: str, verdict: str) -> None:
    servers = (
        _aged(server(access="all-authenticated"), f"2026-{first}-01T00:00:00Z"),
        _aged(server(name="dart"), f"2026-{second}-01T00:00:00Z"),
    )
    assert made(Case("two", servers, verdict)).verdict.value == verdict
