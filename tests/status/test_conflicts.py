"""Listeners of one Gateway that give way to others."""

from __future__ import annotations

from meshlint.api.reading.project import read_texts
from meshlint.traffic.status.conflicts import Conflict, conflicts
from meshlint.traffic.status.statuses import Statuses

GATEWAY = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: http, port: 80, protocol: HTTP}]
"""
LISTENERS = """apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: NAME, namespace: shop}
spec:
  parentRef: {name: edge}
  listeners: [{name: http, port: 81, protocol: HTTP, hostname: shop.example.com}]
"""


def found(*names: str) -> list[Conflict]:
    sets = {f"{number}.yaml": LISTENERS.replace("NAME", name) for number, name in enumerate(names)}
    mesh = read_texts({"edge.yaml": GATEWAY, **sets}).mesh
    (gateway,) = mesh.kubernetes_gateways
    return list(conflicts(gateway, Statuses(mesh).listener_sets).values())


def test_two_sets_for_one_host_and_port() -> None:
    (conflict,) = found("one", "two")
    assert conflict.other_owner.resource.name == "one"


def test_a_set_that_is_written_twice_is_no_rival_of_itself() -> None:
    assert found("one", "one") == []
    assert len(found("one", "one", "two")) == 1
