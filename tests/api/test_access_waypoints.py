"""Calls by the name of a Service are judged at its waypoint, and calls of pods by their address are not."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.api import AccessRequest, Project, Verdict, read_texts
from tests.security.istio_worlds import namespace, security, service, workload

WAYPOINT = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: amb}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
"""
NO_POSTS = """{targetRefs: [{kind: Service, group: "", name: server}], action: DENY,
  rules: [{to: [{operation: {methods: [POST]}}]}]}"""


def project() -> Project:
    documents = (
        namespace("amb", "istio.io/dataplane-mode: ambient", "istio.io/use-waypoint: waypoint"),
        namespace("side", "istio-injection: enabled"),
        namespace("out"),
        workload("client", "amb"),
        workload("beside", "side"),
        workload("stranger", "out"),
        workload("server", "amb"),
        service("server", "amb", port=80, target=8080),
        WAYPOINT,
        security("AuthorizationPolicy", "no-posts", "amb", NO_POSTS),
    )
    return read_texts({"mesh.yaml": "---\n".join(documents)})


@pytest.mark.parametrize(
    ("caller", "port", "method", "expected"),
    [
        ("amb/client", 80, "POST", Verdict.DENY),
        ("amb/client", 80, "GET", Verdict.ALLOW),
        ("amb/client", 8080, "POST", Verdict.ALLOW),
        ("side/beside", 80, "POST", Verdict.ALLOW),
        ("out/stranger", 80, "POST", Verdict.ALLOW),
    ],
)
def test_who_passes_the_waypoint(caller: str, port: int, method: str, expected: Verdict) -> None:
    asked: dict[str, Any] = {"port": port, "method": method, "path": "/", "host": "server"}
    decision = project().access(AccessRequest("amb/server", source=caller, **asked))
    assert decision.verdict is expected
    told = [one.name for one in decision.deciding]
    assert told == (["AuthorizationPolicy amb/no-posts"] if decision.is_denied else [])
