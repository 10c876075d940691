"""How a root VirtualService hands requests on to VirtualServices without hosts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product

from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.namespaces import VIRTUAL_SERVICES
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.parts import StringMatch
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.values import frozen


class DelegateFault(Enum):
    """Why a delegate does not take over."""

    MISSING = "there is no such VirtualService"
    HAS_HOSTS = "it has hosts of its own, so it is no delegate"
    INVISIBLE = "it is not exported to the root's namespace"
    NESTED = "a delegate cannot delegate again"


@frozen(eq=False, repr=False)
class FaultyDelegate:
    """A route of `root` whose delegate does not take over, so that the route disappears."""

    root: VirtualService
    route: HttpRoute
    fault: DelegateFault
    delegate: VirtualService | None = None


@frozen(eq=False, repr=False)
class DelegatedRoute:
    """A route of a delegate as `root` uses it: both matches must hold. A side without a match takes all."""

    root_route: HttpRoute
    delegate: VirtualService
    route: HttpRoute
    matches: tuple[tuple[HttpMatch | None, HttpMatch | None], ...]
    is_dropped: bool
    """Whether a conflict of the matches makes Istio leave the route out."""


def delegates(mesh: Mesh, root: VirtualService, route: HttpRoute) -> tuple[VirtualService, ...]:
    """The VirtualServices that a route hands on to: one, or alternatives written for one name."""
    if route.delegate is None:
        return ()
    return mesh.virtual_services.named(*mesh.virtual_services.delegate_name(root, route.delegate))


def faulty_delegates(mesh: Mesh) -> Iterator[FaultyDelegate]:
    """Every delegate that does not take over, with evidence that it does not."""
    for root in mesh.virtual_services:
        for route in root.http:
            if route.delegate is not None:
                yield from _faults(mesh, root, route)


def orphans(mesh: Mesh) -> Iterator[VirtualService]:
    """Every VirtualService without hosts that no other one in view hands on to."""
    for virtual_service in mesh.virtual_services:
        has_routes = virtual_service.http or virtual_service.tcp or virtual_service.tls
        if virtual_service.is_delegate and has_routes and not mesh.virtual_services.roots(virtual_service):
            yield virtual_service


def delegated(root_route: HttpRoute, delegate: VirtualService) -> Iterator[DelegatedRoute]:
    """The routes that `delegate` puts in the place of `root_route` (Istio: delegation).

    Each match of the delegate is joined with those of the root that it does not contradict (istiod:
    mergeHTTPMatchRequests).
    """
    for route in delegate.http:
        inner = route.match or (None,)
        pairs = ((root, match) for match, root in product(inner, root_route.match or (None,)))
        kept = tuple(pair for pair in pairs if not _conflict(*pair))
        # A match of the delegate that goes with none of the root's drops the whole route of the delegate.
        is_dropped = any(all(match is not found for _, found in kept) for match in inner)
        yield DelegatedRoute(root_route, delegate, route, kept, is_dropped)


def _faults(mesh: Mesh, root: VirtualService, route: HttpRoute) -> Iterator[FaultyDelegate]:
    found = delegates(mesh, root, route)
    if root.is_delegate:
        yield FaultyDelegate(root, route, DelegateFault.NESTED)
    elif not found:
        namespace = (route.delegate.namespace if route.delegate else None) or root.resource.namespace
        if mesh.namespaces.shows(namespace, VIRTUAL_SERVICES, route.field):
            yield FaultyDelegate(root, route, DelegateFault.MISSING)
    elif all(not one.is_delegate for one in found):
        yield FaultyDelegate(root, route, DelegateFault.HAS_HOSTS, found[0])
    elif not any(mesh.virtual_services.visibility(one).includes(root.resource.namespace) for one in found):
        yield FaultyDelegate(root, route, DelegateFault.INVISIBLE, found[0])


def _conflict(root: HttpMatch | None, delegate: HttpMatch | None) -> bool:
    if root is None or delegate is None:
        return False
    return (
        _texts_conflict(root, delegate)
        or _differ(root.port, delegate.port)
        or bool(root.source_namespace and root.source_namespace != delegate.source_namespace)
        or bool(root.gateways and not set(delegate.gateways) <= set(root.gateways))
        or any(_maps_conflict(*pair) for pair in _maps(root, delegate))
        or any(root.source_labels[key] != delegate.source_labels[key] for key in _shared(root, delegate))
    )


def _texts_conflict(root: HttpMatch, delegate: HttpMatch) -> bool:
    if root.ignore_uri_case != delegate.ignore_uri_case:
        return True
    pairs = (
        (root.uri, delegate.uri),
        (root.scheme, delegate.scheme),
        (root.method, delegate.method),
        (root.authority, delegate.authority),
    )
    return any(_outside(mine, theirs) for mine, theirs in pairs)


def _outside(root: StringMatch | None, delegate: StringMatch | None) -> bool:
    """Whether the delegate's test leaves the root's; a regular expression beside another test always does."""
    if root is None or delegate is None:
        return False
    if "regex" in (root.kind, delegate.kind):
        return True
    if root.kind == "prefix":
        return not delegate.value.startswith(root.value)
    return delegate.kind == "prefix" or root.value != delegate.value


def _differ(root: int | None, delegate: int | None) -> bool:
    return root is not None and delegate is not None and root != delegate


def _maps(
    root: HttpMatch, delegate: HttpMatch
) -> Iterator[tuple[Mapping[str, StringMatch], Mapping[str, StringMatch]]]:
    yield root.headers, delegate.headers
    yield root.without_headers, delegate.without_headers
    yield root.query_params, delegate.query_params


def _maps_conflict(root: Mapping[str, StringMatch], delegate: Mapping[str, StringMatch]) -> bool:
    return any(_outside(root[key], delegate[key]) for key in root.keys() & delegate.keys())


def _shared(root: HttpMatch, delegate: HttpMatch) -> set[str]:
    return root.source_labels.keys() & delegate.source_labels.keys()
