"""What controllers say of routes takes no longer for one of many than for one of few."""

from __future__ import annotations

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.traffic.status.linkerd import CONFLICTED, LinkerdController
from tests.counting import calls, grows_no_faster

SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: s-{0}, namespace: shop}}
spec: {{selector: {{app: s-{0}}}, ports: [{{name: http, port: 80}}]}}
"""
ROUTE = """apiVersion: gateway.networking.k8s.io/v1
kind: {1}
metadata: {{name: r-{0}, namespace: shop}}
spec:
  parentRefs: [{{group: "{2}", kind: Service, name: s-{0}, port: 80}}]
  rules: [{{backendRefs: [{{name: s-{0}, port: 80}}]}}]
"""


def shop(number: int) -> Mesh:
    """So many Services, each with two routes of different kinds."""
    parts = [SERVICE.format(one) for one in range(number)]
    parts += [ROUTE.format(one, "HTTPRoute", "core") for one in range(number)]
    parts += [ROUTE.format(one, "GRPCRoute", "") for one in range(number)]
    return read_texts({"shop.yaml": "---\n".join(parts)}).as_written


def told(mesh: Mesh) -> list[tuple[str, str, str]]:
    controller = LinkerdController(mesh)
    return [
        (route.kind, route.name, one.reason)
        for route in mesh.routes
        for parent in route.parent_refs
        for one in controller.conditions(route, parent) or ()
    ]


def test_only_routes_of_one_parent_conflict() -> None:
    found = [one[:2] for one in told(shop(3)) if one[2] == CONFLICTED]
    assert found == [("HTTPRoute", f"r-{one}") for one in range(3)]


def test_conflicts_are_looked_up() -> None:
    def work(number: int) -> int:
        mesh = shop(number)
        return calls(lambda: told(mesh))

    work(2)
    assert grows_no_faster(work, 10)
