"""Routes of the Gateway API, and those of Linkerd's own group that are read alike."""

from __future__ import annotations

from meshlint.resources import Resource, ResourceSet
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.gateway_api.route import AnyRoute, connection_route, grpc_route, http_route

POLICY_GROUP = "policy.linkerd.io"

ROUTE_KINDS: tuple[tuple[str, str], ...] = (
    (GROUP, "GRPCRoute"),
    (GROUP, "HTTPRoute"),
    (GROUP, "TCPRoute"),
    (GROUP, "TLSRoute"),
    (GROUP, "UDPRoute"),
    (POLICY_GROUP, "HTTPRoute"),
)
"""The kinds of routes, as (group, kind)."""


def read_routes(resources: ResourceSet) -> tuple[AnyRoute, ...]:
    """All routes, kind by kind, each kind in the order of the names."""
    return tuple(_read(resource) for group, kind in ROUTE_KINDS for resource in resources.of(group, kind))


def _read(resource: Resource) -> AnyRoute:
    if resource.group == POLICY_GROUP:
        from meshlint.resources.linkerd.http_route import policy_http_route

        return policy_http_route(resource)
    if resource.kind == "HTTPRoute":
        return http_route(resource)
    return grpc_route(resource) if resource.kind == "GRPCRoute" else connection_route(resource)
