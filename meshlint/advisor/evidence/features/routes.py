"""What routes of the Gateway API ask of a mesh.

A route whose parents are gateways of any ingress controller asks nothing of a mesh; one whose parent is a
Service or a Server, or a gateway of Istio, does.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute

_MESH_PARENTS = frozenset({"Service", "Server", "ServiceEntry", "EgressNetwork"})
_REWRITING = frozenset({"URLRewrite", "RequestRedirect", "RequestHeaderModifier", "ResponseHeaderModifier"})
_SERVER = "Server"
_EVERYTHING = ("PathPrefix", "/")


def route_needs(mesh: Mesh) -> Found:
    """The needs that routes show, at the rule that shows them."""
    istio_gateways = {
        (gateway.namespace, gateway.name)
        for gateway in mesh.resources.of("gateway.networking.k8s.io", "Gateway")
        if str(gateway.spec.text("gatewayClassName") or "").startswith("istio")
    }
    for route in mesh.routes:
        in_mesh = any(parent.kind in _MESH_PARENTS for parent in route.parent_refs)
        at_istio = any((str(p.namespace), str(p.name)) in istio_gateways for p in route.parent_refs)
        if in_mesh or at_istio:
            inbound = all(parent.kind == _SERVER for parent in route.parent_refs)
            for need, field in _needs(route, inbound=inbound):
                yield seen(need, route.resource, field, at_gateway=not in_mesh)


def _needs(route: AnyRoute, *, inbound: bool) -> Iterator[tuple[str, Field]]:
    for rule in route.rules:
        if inbound:
            yield "request-authorization", rule.field
            continue
        if len(rule.backend_refs) > 1:
            yield "traffic-splitting", rule.field / "backendRefs"
        if any(_looks_at_requests(match) for match in rule.matches):
            yield "request-routing", rule.field / "matches"
        if rule.timeouts or rule.field / "retry":
            yield "retries-timeouts", rule.timeouts or rule.field / "retry"
        types = {str(one.type) for one in rule.filters}
        if "RequestMirror" in types:
            yield "mirroring", rule.field / "filters"
        if types & _REWRITING:
            yield "rewriting", rule.field / "filters"
        if "CORS" in types:
            yield "cors", rule.field / "filters"


def _looks_at_requests(match: object) -> bool:
    path = getattr(match, "path", None)
    written = (getattr(match, name, None) for name in ("method", "headers", "query_params", "service"))
    return any(written) or (path is not None and (str(path.type), str(path.value)) != _EVERYTHING)
