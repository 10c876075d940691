"""Which routes of Istio answer the preflights of browsers?"""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import VirtualService


@kept
def answering_preflights(_: Mesh, virtual_service: VirtualService) -> tuple[HttpRoute, ...]:
    """The routes of a VirtualService that have a CORS policy: few have one, and each edit asks all for it."""
    return tuple(route for route in virtual_service.http if route.cors_policy is not None)
