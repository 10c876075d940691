"""Routes of the Gateway API, and those of Linkerd's own group that are read alike."""

from __future__ import annotations

from collections.abc import Iterator

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


def routes_in(resources: ResourceSet) -> Iterator[Resource]:
    """All routes, kind by kind, each kind in the order of the names."""
    return (resource for group, kind in ROUTE_KINDS for resource in resources.of(group, kind))


def read_route(resource: Resource) -> AnyRoute:
    """A route of any of these kinds."""
    if resource.group == POLICY_GROUP:
        from meshlint.resources.linkerd.http_route import policy_http_route

        return policy_http_route(resource)
    if resource.kind == "HTTPRoute":
        return http_route(resource)
    return grpc_route(resource) if resource.kind == "GRPCRoute" else connection_route(resource)
