"""Which routes of Istio answer the preflights of browsers?"""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import VirtualService


def answering_preflights(mesh: Mesh) -> tuple[VirtualService, ...]:
    """The VirtualServices of which some route has a CORS policy."""
    return mesh.picked(mesh.virtual_services.all, _answers_some)


def cors_routes(virtual_service: VirtualService) -> tuple[HttpRoute, ...]:
    """The routes of a VirtualService that have a CORS policy."""
    return tuple(route for route in virtual_service.http if route.cors_policy is not None)


def _answers_some(virtual_service: VirtualService) -> bool:
    return bool(cors_routes(virtual_service))
