"""The backends of routes of the Gateway API: whether they exist and may be referred to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.remembered import remembered
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.reference import GROUP, BackendRef, backend_ref
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.service import Service
from meshlint.traffic.status.conditions import Objection
from meshlint.traffic.status.references import BACKEND_NOT_FOUND, References, written
from meshlint.values import frozen


class BackendFault(Enum):
    """Why the share of a backend fails."""

    MISSING = "does not exist"
    DOTTED = "is a host name, not the name of a Service"
    NO_PORT = "has no port here"
    CLOSED_PORT = "does not open the port"
    NOT_GRANTED = "is in a namespace that grants no reference"


@frozen(eq=False)
class FaultyBackend:
    """A backend whose share fails; `nearest` are names that may have been meant, or its ports.

    It is not `certain` where what no file shows may put it right.
    """

    route: AnyRoute
    backend: BackendRef
    fault: BackendFault
    nearest: tuple[str, ...] = ()
    certain: bool = True


@remembered
def faulty_backends(mesh: Mesh) -> tuple[FaultyBackend, ...]:
    """Every backend and mirror that is a Service and cannot be reached, or may not be."""
    from meshlint.traffic.status.statuses import statuses_of  # what a set without routes does not need

    judge = statuses_of(mesh).references
    return tuple(fault for route in mesh.routes for fault in _of_route(judge, route))


def _of_route(judge: References, route: AnyRoute) -> Iterator[FaultyBackend]:
    through_gateway = any(parent.is_a(GROUP, "Gateway") for parent in route.parent_refs)
    for backend in backends(route):
        if backend.is_a("", "Service") and backend.name:
            denied = judge.denial(route, backend) if through_gateway else None
            yield from _faults(judge, route, backend, denied)


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
    judge: References, route: AnyRoute, backend: BackendRef, denied: Objection | None
) -> Iterator[FaultyBackend]:
    """What keeps requests from a backend: what its controller says of it, and whether the port is open."""
    wrong = judge.service_problem(backend)
    if wrong is not None and wrong.certain:
        yield _faulty(judge.mesh, route, backend, wrong)
        if wrong.reason == BACKEND_NOT_FOUND or "." in str(backend.name):
            return
    service = _service(judge.mesh, backend) if wrong is None else None
    if service is not None and judge.mesh.namespaces.placement.go_together(route.resource, service.resource):
        yield from _closed(route, backend, service)
    if denied is not None:
        yield FaultyBackend(route, backend, BackendFault.NOT_GRANTED, certain=denied.certain)


def _service(mesh: Mesh, backend: BackendRef) -> Service | None:
    found = mesh.hosts.resolve(written(mesh, backend), backend.namespace)
    return found.target.service if isinstance(found, Found) else None


def _faulty(mesh: Mesh, route: AnyRoute, backend: BackendRef, wrong: Objection) -> FaultyBackend:
    """A backend that the controller calls wrong, with what may have been meant."""
    if wrong.reason == BACKEND_NOT_FOUND:
        found = mesh.hosts.resolve(written(mesh, backend), backend.namespace)
        nearest = found.nearest if isinstance(found, Missing) else ()
        return FaultyBackend(route, backend, BackendFault.MISSING, nearest)
    dotted = "." in str(backend.name)
    return FaultyBackend(route, backend, BackendFault.DOTTED if dotted else BackendFault.NO_PORT)


def _closed(route: AnyRoute, backend: BackendRef, service: Service) -> Iterator[FaultyBackend]:
    ports = [port.port for port in service.ports if port.port is not None]
    if ports and backend.port is not None and backend.port not in ports:
        yield FaultyBackend(route, backend, BackendFault.CLOSED_PORT, tuple(map(str, ports)))
