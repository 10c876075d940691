"""Redirects of VirtualServices that lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from meshlint.matching import StringSet
from meshlint.mesh import Mesh
from meshlint.mesh.left_off import decided
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.lines import lines_of_hosts


def redirect_loops(mesh: Mesh) -> Iterator[tuple[Resource, HttpRoute]]:
    """The routes whose redirect changes nothing that keeps its own match from taking the next request.

    One that changes the scheme, or the authority to a host that the route is not for, ends; so does one to
    a path that another route may take before.
    """
    for virtual_service in mesh.picked(mesh.virtual_services.all, _redirects):
        for position in _redirecting(virtual_service):
            route = virtual_service.http[position]
            if _loops(mesh, virtual_service, route) and not _is_taken(mesh, virtual_service, position):
                yield virtual_service.resource, route


def _redirects(virtual_service: VirtualService) -> bool:
    return bool(_redirecting(virtual_service))


def _redirecting(virtual_service: VirtualService) -> tuple[int, ...]:
    """Which routes of a VirtualService redirect."""
    held = enumerate(virtual_service.http)
    return tuple(position for position, route in held if route.redirect is not None)


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


def _is_taken(mesh: Mesh, virtual_service: VirtualService, position: int) -> bool:
    """Whether the path of a redirect may be another route's: an earlier one's, or another object's."""
    redirect = virtual_service.http[position].redirect
    if redirect is None or not redirect.uri:
        return False
    target = Condition(path=StringSet.exact(redirect.uri))
    return any(
        decided(mesh, partial(line.condition.overlaps, target)) is not False
        for owner, line in lines_of_hosts(mesh, virtual_service)
        if owner is not virtual_service or line.position < position
    )
