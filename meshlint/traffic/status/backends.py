"""The backends of routes of the Gateway API: whether they exist and may be referred to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from meshlint.documents import Text
from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.reference import GROUP, BackendRef, backend_ref
from meshlint.resources.gateway_api.reference_grant import ReferenceGrant
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.status.grants import allows, grants


class BackendFault(Enum):
    """Why the share of a backend fails."""

    MISSING = "does not exist"
    DOTTED = "is a host name, not the name of a Service"
    NO_PORT = "has no port here"
    CLOSED_PORT = "does not open the port"
    NOT_GRANTED = "is in a namespace that grants no reference"


@frozen(eq=False)
class FaultyBackend:
    """A backend whose share fails; `nearest` are names that may have been meant, or its ports."""

    route: AnyRoute
    backend: BackendRef
    fault: BackendFault
    nearest: tuple[str, ...] = ()


def faulty_backends(mesh: Mesh) -> Iterator[FaultyBackend]:
    """Every backend and mirror that is a Service and surely cannot be reached."""
    known = grants(mesh)
    for route in mesh.routes:
        for backend in backends(route):
            if backend.is_a("", "Service") and backend.name:
                yield from _faults(mesh, route, backend, known)


def backends(route: AnyRoute) -> Iterator[BackendRef]:
    """The backends of all rules, those of mirrors among them."""
    for rule in route.rules:
        yield from rule.backend_refs
        for one in rule.filters:
            yield from _mirrored(one, route.namespace)


def _mirrored(one: Filter, namespace: str) -> Iterator[BackendRef]:
    if one.mirror is not None:
        yield backend_ref(one.mirror, namespace)


def _faults(
    mesh: Mesh, route: AnyRoute, backend: BackendRef, known: tuple[ReferenceGrant, ...]
) -> Iterator[FaultyBackend]:
    name = str(backend.name or "")
    if "." in name:
        yield FaultyBackend(route, backend, BackendFault.DOTTED)
        return
    found = mesh.hosts.resolve(_written(mesh, backend), backend.namespace)
    if isinstance(found, Missing):
        yield FaultyBackend(route, backend, BackendFault.MISSING, found.nearest)
        return
    if backend.port is None and not backend.field / "port":
        yield FaultyBackend(route, backend, BackendFault.NO_PORT)
    elif isinstance(found, Found) and found.target.service is not None:
        yield from _closed(route, backend, found.target.service)
    if _needs_grant(route, backend) and not any(allows(grant, route.resource, backend) for grant in known):
        yield FaultyBackend(route, backend, BackendFault.NOT_GRANTED)


def _written(mesh: Mesh, backend: BackendRef) -> Text:
    """The name of a backend with its place, in full where its namespace is written beside it."""
    name = backend.name or Text.of("", backend.field)
    if not backend.field / "namespace":
        return name
    full = ServiceName(str(backend.namespace), str(name)).host(mesh.settings.cluster_domain)
    return Text.of(full, name.field)


def _closed(route: AnyRoute, backend: BackendRef, service: Service) -> Iterator[FaultyBackend]:
    ports = [port.port for port in service.ports if port.port is not None]
    if ports and backend.port is not None and backend.port not in ports:
        yield FaultyBackend(route, backend, BackendFault.CLOSED_PORT, tuple(map(str, ports)))


def _needs_grant(route: AnyRoute, backend: BackendRef) -> bool:
    """Whether a grant is asked for: only of routes of gateways, not of the mesh (Istio, Linkerd: GAMMA)."""
    through_gateway = any(parent.is_a(GROUP, "Gateway") for parent in route.parent_refs)
    return through_gateway and backend.namespace != route.namespace
