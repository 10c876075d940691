"""Each cell of the table of what clients send and servers take."""

from __future__ import annotations

import pytest

from meshlint.security.transport.calls import Transport, hop
from tests.security.istio_worlds import (
    destination_rule,
    mesh,
    named,
    namespace,
    security,
    service,
    workload,
)

IN = namespace("in", "istio-injection: enabled")
OUT = namespace("out")
TLS = {
    "raw": "DISABLE",
    "mesh": "ISTIO_MUTUAL",
    "simple": "SIMPLE",
    "own": "MUTUAL, clientCertificate: a, privateKey: b",
}

CELLS = [
    ("raw", "none", "http", Transport.PLAINTEXT),
    ("raw", "DISABLE", "http", Transport.PLAINTEXT),
    ("raw", "PERMISSIVE", "tcp", Transport.PLAINTEXT),
    ("raw", "STRICT", "http", Transport.BROKEN),
    ("mesh", "none", "http", Transport.BROKEN),
    ("mesh", "DISABLE", "http", Transport.BROKEN),
    ("mesh", "DISABLE", "tcp", Transport.BROKEN),
    ("mesh", "PERMISSIVE", "http", Transport.MUTUAL_TLS),
    ("mesh", "STRICT", "tcp", Transport.MUTUAL_TLS),
    ("simple", "none", "http", Transport.ONE_WAY_TLS),
    ("simple", "DISABLE", "http", Transport.BROKEN),
    ("simple", "DISABLE", "tcp", Transport.PASSED_TLS),
    ("simple", "PERMISSIVE", "http", Transport.BROKEN),
    ("simple", "PERMISSIVE", "tcp", Transport.PASSED_TLS),
    ("simple", "STRICT", "http", Transport.BROKEN),
    ("own", "PERMISSIVE", "http", Transport.BROKEN),
    ("own", "STRICT", "http", Transport.DEPENDS),
    ("auto", "none", "http", Transport.PLAINTEXT),
    ("auto", "DISABLE", "http", Transport.PLAINTEXT),
    ("auto", "PERMISSIVE", "http", Transport.MUTUAL_TLS),
    ("auto", "STRICT", "http", Transport.MUTUAL_TLS),
]


@pytest.mark.parametrize(("sent", "mode", "port_name", "expected"), CELLS)
def test_what_is_sent_meets_what_is_taken(sent: str, mode: str, port_name: str, expected: Transport) -> None:
    where = "out" if mode == "none" else "in"
    documents = [
        IN,
        OUT,
        workload("client", "in"),
        workload("server", where),
        service("server", where, port_name),
    ]
    if mode != "none":
        documents.append(security("PeerAuthentication", "default", "in", f"{{mtls: {{mode: {mode}}}}}"))
    if sent != "auto":
        host = f"server.{where}.svc.cluster.local"
        spec = f"{{host: {host}, trafficPolicy: {{tls: {{mode: {TLS[sent]}}}}}}}"
        documents.append(destination_rule("server", "in", spec))
    world = mesh(*documents)
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is expected


def test_endpoints_are_judged_by_the_host_where_the_entry_of_a_port_has_no_tls() -> None:
    spec = (
        "{host: server.in.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}, "
        "portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]}}"
    )
    world = mesh(
        IN, workload("client", "in"), workload("server", "in"), service("server", "in"),
        destination_rule("server", "in", spec),
    )  # fmt: skip
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.PLAINTEXT


def test_a_client_outside_of_the_mesh_sends_plaintext() -> None:
    strict = security("PeerAuthentication", "default", "in", "{mtls: {mode: STRICT}}")
    world = mesh(
        IN, OUT, workload("client", "out"), workload("server", "in"), service("server", "in"), strict
    )
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.BROKEN


def test_two_policies_of_one_scope_that_disagree_leave_it_open() -> None:
    modes = [
        security("PeerAuthentication", mode.lower(), "in", f"{{mtls: {{mode: {mode}}}}}")
        for mode in ("STRICT", "PERMISSIVE")
    ]
    world = mesh(
        IN, OUT, workload("client", "out"), workload("server", "in"), service("server", "in"), *modes
    )
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.DEPENDS


def test_ztunnel_takes_the_mesh_over_mtls_and_others_as_the_mode_says() -> None:
    ambient = namespace("in", "istio.io/dataplane-mode: ambient")
    world = mesh(ambient, OUT, workload("a", "in"), workload("b", "in"), workload("c", "out"))
    server = named(world, "b")
    assert hop(world, named(world, "a"), server, 8080).transport is Transport.MUTUAL_TLS
    assert hop(world, named(world, "c"), server, 8080).transport is Transport.PLAINTEXT


def test_ztunnel_has_a_tunnel_to_sidecars_unless_their_label_denies_it() -> None:
    ambient = namespace("site", "istio.io/dataplane-mode: ambient")
    for mode in ("STRICT", "PERMISSIVE", "DISABLE"):
        policy = security("PeerAuthentication", "p", "in", f"{{mtls: {{mode: {mode}}}}}")
        world = mesh(IN, ambient, policy, workload("client", "site"), workload("server", "in"))
        found = hop(world, named(world, "client"), named(world, "server"), 8080)
        assert found.transport is Transport.MUTUAL_TLS
    bare = workload("server", "in", label="networking.istio.io/tunnel: none")
    world = mesh(IN, ambient, workload("client", "site"), bare)
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.PLAINTEXT


def headless(name: str, where: str) -> str:
    return service(name, where).replace("spec: {selector", "spec: {clusterIP: None, selector")


def sent_to_all(one: str, other: str, policy: str, port_name: str = "http") -> list[Transport]:
    """How calls travel to two workloads behind one headless Service, one and the other with a label."""
    label = "app: server"
    documents = [
        IN,
        workload("one", "in", label=one).replace("app: one,", f"{label}, role: one,"),
        workload("other", "in", label=other).replace("app: other,", f"{label}, role: other,"),
        headless("server", "in"),
        workload("client", "in"),
        policy,
    ]
    world = mesh(*documents)
    return [
        hop(world, named(world, "client"), named(world, name), 8080).transport for name in ("one", "other")
    ]


DISABLED = security(
    "PeerAuthentication", "one", "in", "{selector: {matchLabels: {role: one}}, mtls: {mode: DISABLE}}"
)
STRICT = security("PeerAuthentication", "default", "in", "{mtls: {mode: STRICT}}")
OPTED_OUT = 'sidecar.istio.io/inject: "false"'


def test_all_pods_behind_a_headless_service_are_sent_the_same() -> None:
    assert sent_to_all("a: b", "a: b", STRICT) == [Transport.MUTUAL_TLS, Transport.MUTUAL_TLS]
    assert sent_to_all("a: b", "a: b", DISABLED) == [Transport.BROKEN, Transport.MUTUAL_TLS]
    assert sent_to_all("a: b", OPTED_OUT, STRICT) == [Transport.BROKEN, Transport.PLAINTEXT]


def test_the_label_of_the_tls_mode_decides_what_is_sent() -> None:
    off, on = "security.istio.io/tlsMode: disabled", "security.istio.io/tlsMode: istio"
    world = mesh(
        IN, OUT, workload("client", "in"), workload("server", "in", label=off), service("server", "in")
    )
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.PLAINTEXT
    world = mesh(
        IN, OUT, workload("client", "in"), workload("server", "out", label=on), service("server", "out")
    )
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.BROKEN


def test_a_workload_that_is_written_twice_leaves_open_what_all_pods_are_sent() -> None:
    first = workload("server", "in")
    second = workload("server", "in", label=OPTED_OUT)
    world = mesh(IN, workload("client", "in"), headless("server", "in"), first, second)
    assert hop(world, named(world, "client"), named(world, "server"), 8080).transport is Transport.DEPENDS
