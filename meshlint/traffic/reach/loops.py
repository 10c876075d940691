"""Redirects that lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource


def redirect_loops(mesh: Mesh) -> Iterator[tuple[Resource, HttpRoute]]:
    """The routes whose redirect changes nothing that keeps its own match from taking the next request.

    One that changes the scheme, or the authority to a host that the route is not for, ends.
    """
    for virtual_service in mesh.virtual_services:
        for route in virtual_service.http:
            if _loops(mesh, virtual_service, route):
                yield virtual_service.resource, route


def _loops(mesh: Mesh, virtual_service: VirtualService, route: HttpRoute) -> bool:
    redirect = route.redirect
    if (
        redirect is None
        or redirect.prefix_rewrite
        or redirect.scheme
        or redirect.port
        or redirect.derive_port
    ):
        return False
    hosts = mesh.virtual_services.hosts(virtual_service)
    if redirect.authority and redirect.authority.lower() not in hosts:
        return False
    if not (redirect.uri or redirect.authority):
        return False
    return any(_takes_again(match, redirect.uri, redirect.authority) for match in route.match or (None,))


def _takes_again(match: HttpMatch | None, uri: str | None, authority: str | None) -> bool:
    """Whether a match surely takes what the redirect makes of any request that it took."""
    if match is None:
        return True
    if match.authority is not None and authority is not None:
        return False
    if uri is None or match.uri is None:
        return True
    return uri.startswith(match.uri.value) if match.uri.kind == "prefix" else uri == match.uri.value
