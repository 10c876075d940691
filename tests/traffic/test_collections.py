"""Folders of alternatives: what stands in one of them is no evidence on what is missing in another."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.traffic.status.attachments import AttachmentFault, gateway_attachments
from meshlint.traffic.status.backends import BackendFault, faulty_backends

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: outer}]
  rules: [{backendRefs: [{name: cart, port: 80}]}]
"""
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: %s}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
"""
OTHERS = "---".join(
    f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}
"""
    for name in ("orders", "prices", "stock", "users")
)
USED = "---".join(
    f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}}}
spec:
  parentRefs: [{{name: inner}}]
  rules: [{{backendRefs: [{{name: {name}, port: 80}}]}}]
"""
    for name in ("orders", "prices", "stock", "users")
)


def _mesh(folder: str) -> Mesh:
    """The route in folder `a`, and a Gateway and Services that other routes use in `folder`."""
    texts = {"a/route.yaml": ROUTE, f"{folder}/others.yaml": "---".join((GATEWAY % "inner", OTHERS, USED))}
    return read_texts(texts).mesh


@pytest.mark.parametrize(("folder", "told"), [("a", True), ("b", False)])
def test_a_gateway_and_a_service_are_missing_only_beside_others(folder: str, told: bool) -> None:
    mesh = _mesh(folder)
    missing = [one for one in gateway_attachments(mesh) if one.fault is AttachmentFault.MISSING]
    assert [str(one.parent.name) for one in missing] == (["outer"] if told else [])
    absent = [one for one in faulty_backends(mesh) if one.fault is BackendFault.MISSING]
    assert [str(one.backend.name) for one in absent] == (["cart"] if told else [])


def test_a_name_that_is_nearly_another_is_a_slip_wherever_that_stands() -> None:
    texts = {"a/b/route.yaml": ROUTE, "a/gateway.yaml": GATEWAY % "outers"}
    (one,) = gateway_attachments(read_texts(texts).mesh)
    assert one.fault is AttachmentFault.MISSING
