"""What VirtualServices do with requests."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.resources.istio.destination import mirrors
from meshlint.resources.istio.http_match import HttpMatch, http_match
from meshlint.resources.istio.parts import parts
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, gateways_of

_REWRITING = ("rewrite", "redirect", "headers", "directResponse")
_RETRYING = ("retries", "timeout")


def virtual_service_needs(mesh: Mesh) -> Found:
    """The needs that VirtualServices show, at the route that shows them.

    Routes are asked as they are written: their views would tell of much more.
    """
    for resource in mesh.virtual_services.kind.objects:
        at_gateway = MESH_GATEWAY not in (gateways_of(resource) or (MESH_GATEWAY,))
        for route in parts(resource.spec, "http", _itself):
            for need, field in _needs(route):
                yield seen(need, resource, field, at_gateway=at_gateway)
        for section in ("tls", "tcp"):
            for l4_route in parts(resource.spec, section, _itself):
                if _is_split(l4_route):
                    yield seen("traffic-splitting", resource, l4_route, at_gateway=at_gateway)


def _itself(field: Field) -> Field:
    return field


def _is_split(route: Field) -> bool:
    return len(parts(route, "route", _itself)) > 1


def _needs(route: Field) -> Iterator[tuple[str, Field]]:
    if _is_split(route):
        yield "traffic-splitting", route / "route"
    if any(_looks_at_requests(match) for match in parts(route, "match", http_match)):
        yield "request-routing", route / "match"
    mirrored = mirrors(route)
    if mirrored:
        yield "mirroring", mirrored[0].field
    for need, keys in (
        ("rewriting", _REWRITING),
        ("retries-timeouts", _RETRYING),
        ("fault-injection", ("fault",)),
        ("cors", ("corsPolicy",)),
    ):
        written = next((route / key for key in keys if route / key), None)
        if written is not None:
            yield need, written


def _looks_at_requests(match: HttpMatch) -> bool:
    conditions = (match.uri, match.method, match.authority, match.scheme)
    return any(conditions) or bool(match.headers or match.without_headers or match.query_params)
