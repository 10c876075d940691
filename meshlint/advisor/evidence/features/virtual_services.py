"""What VirtualServices do with requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.advisor.evidence.features.evidence import Found, mappings, seen
from meshlint.documents import Field, Path
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.istio.destination import mirrors
from meshlint.resources.istio.http_match import HttpMatch, http_match
from meshlint.resources.istio.parts import parts
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, gateways_of

_SPEC: Path = ("spec",)
_SETTINGS = (
    ("rewriting", ("rewrite", "redirect", "headers", "directResponse")),
    ("retries-timeouts", ("retries", "timeout")),
    ("fault-injection", ("fault",)),
    ("cors", ("corsPolicy",)),
)
"""Needs, and the settings of a route of which each shows one: it shows at the first that is written."""


def virtual_service_needs(mesh: Mesh) -> Found:
    """The needs that VirtualServices show, at the route that shows them.

    Routes are asked as they are written: their views would tell of much more.
    """
    for resource in mesh.virtual_services.kind.objects:
        spec = resource.field.value.get("spec")
        if not isinstance(spec, dict):
            continue
        at_gateway = MESH_GATEWAY not in (gateways_of(resource) or (MESH_GATEWAY,))
        for path, route in mappings(_SPEC, spec, "http"):
            for need, field in _needs(resource, path, route):
                yield seen(need, resource, field, at_gateway=at_gateway)
        for section in ("tls", "tcp"):
            for path, l4_route in mappings(_SPEC, spec, section):
                if _is_split(l4_route):
                    yield seen("traffic-splitting", resource, path, at_gateway=at_gateway)


def _is_split(route: dict[str, Any]) -> bool:
    return len(mappings((), route, "route")) > 1


def _needs(resource: Resource, path: Path, route: dict[str, Any]) -> Iterator[tuple[str, Field | Path]]:
    if _is_split(route):
        yield "traffic-splitting", (*path, "route")
    matches = parts(resource.at(*path), "match", http_match) if "match" in route else ()
    if any(map(_looks_at_requests, matches)):
        yield "request-routing", (*path, "match")
    mirrored = mirrors(resource.at(*path)) if "mirror" in route or "mirrors" in route else ()
    if mirrored:
        yield "mirroring", mirrored[0].field
    for need, keys in _SETTINGS:
        for key in keys:
            if route.get(key) is not None:
                yield need, (*path, key)
                break


def _looks_at_requests(match: HttpMatch) -> bool:
    conditions = (match.uri, match.method, match.authority, match.scheme)
    return any(conditions) or bool(match.headers or match.without_headers or match.query_params)
