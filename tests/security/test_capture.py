"""Ports that go past a sidecar: no policy, no mutual TLS, and no way in for clients that speak it."""

from __future__ import annotations

import pytest

from meshlint.mesh import Mesh
from meshlint.security.access.istio.workloads import access
from meshlint.security.istio import Request, Verdict
from meshlint.security.transport.calls import Transport, hop
from meshlint.security.transport.capture import inbound_bypass, outbound_bypass
from tests.security.istio_worlds import mesh, named, namespace, security, service, workload

TRAFFIC = "traffic.sidecar.istio.io/"
MODE = "sidecar.istio.io/interceptionMode"


def world(server: str = "", client: str = "") -> Mesh:
    return mesh(
        namespace("in", "istio-injection: enabled"),
        namespace("out"),
        workload("client", "in", annotation=client),
        workload("stranger", "out"),
        workload("server", "in", annotation=server),
        service("server", "in"),
        security("PeerAuthentication", "default", "in", "{mtls: {mode: STRICT}}"),
        security("AuthorizationPolicy", "nobody", "in", "{}"),
    )


PAST = [
    f'{TRAFFIC}excludeInboundPorts: "9000, 8080"',
    f'{TRAFFIC}includeInboundPorts: "9000"',
    f'{TRAFFIC}includeInboundPorts: ""',
    f"{MODE}: NONE",
]
SEEN = [
    "",
    f'{TRAFFIC}excludeInboundPorts: "80"',
    f'{TRAFFIC}excludeInboundPorts: "nonsense"',
    f'{TRAFFIC}includeInboundPorts: "*"',
    f'{TRAFFIC}includeInboundPorts: "8080,9000"',
    f'{TRAFFIC}excludeOutboundPorts: "8080"',
    f"{MODE}: TPROXY",
]


@pytest.mark.parametrize("annotation", PAST)
def test_a_port_past_the_proxy_is_open_to_plaintext_and_closed_to_the_mesh(annotation: str) -> None:
    found = world(annotation)
    server = named(found, "server")
    assert inbound_bypass(server).takes(8080)
    from_outside = access(found, None, server, Request(destination_port=8080))
    assert from_outside.hop.transport is Transport.PLAINTEXT
    assert from_outside.decision.verdict is Verdict.ALLOW
    assert hop(found, named(found, "client"), server, 8080).transport is Transport.BROKEN


@pytest.mark.parametrize("annotation", SEEN)
def test_other_ports_are_guarded(annotation: str) -> None:
    found = world(annotation)
    server = named(found, "server")
    assert not inbound_bypass(server).takes(8080)
    assert hop(found, None, server, 8080).transport is Transport.BROKEN
    assert access(found, named(found, "client"), server, Request(destination_port=8080)).decision.is_denied


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (f'{TRAFFIC}excludeOutboundPorts: "80"', Transport.BROKEN),
        (f"{MODE}: NONE", Transport.BROKEN),
        (f'{TRAFFIC}excludeOutboundPorts: "8080"', Transport.MUTUAL_TLS),
    ],
)
def test_a_client_past_its_proxy_sends_plaintext(annotation: str, expected: Transport) -> None:
    found = world(client=annotation)
    assert hop(found, named(found, "client"), named(found, "server"), 8080).transport is expected
    assert outbound_bypass(named(found, "server")).takes(80) is False
