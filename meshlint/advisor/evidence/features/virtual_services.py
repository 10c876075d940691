"""What VirtualServices do with requests."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute

_REWRITING = ("rewrite", "redirect", "headers", "directResponse")
_RETRYING = ("retries", "timeout")


def virtual_service_needs(mesh: Mesh) -> Found:
    """The needs that VirtualServices show, at the route that shows them."""
    for virtual_service in mesh.virtual_services:
        at_gateway = not is_for_mesh(virtual_service)
        resource = virtual_service.resource
        for route in virtual_service.http:
            for need, field in _needs(route):
                yield seen(need, resource, field, at_gateway=at_gateway)
        for l4_route in (*virtual_service.tls, *virtual_service.tcp):
            if len(l4_route.route) > 1:
                yield seen("traffic-splitting", resource, l4_route.field, at_gateway=at_gateway)


def _needs(route: HttpRoute) -> Iterator[tuple[str, Field]]:
    if len(route.route) > 1:
        yield "traffic-splitting", route.field / "route"
    if any(_looks_at_requests(match) for match in route.match):
        yield "request-routing", route.field / "match"
    if route.mirrors:
        yield "mirroring", route.mirrors[0].field
    for need, keys in (
        ("rewriting", _REWRITING),
        ("retries-timeouts", _RETRYING),
        ("fault-injection", ("fault",)),
        ("cors", ("corsPolicy",)),
    ):
        written = next((route.field / key for key in keys if route.field / key), None)
        if written is not None:
            yield need, written


def _looks_at_requests(match: HttpMatch) -> bool:
    conditions = (match.uri, match.method, match.authority, match.scheme)
    return any(conditions) or bool(match.headers or match.without_headers or match.query_params)
