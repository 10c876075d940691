"""How calls come in from outside: by what makes pods public, by gateways, and where no proxy is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.ingress import Ingress, ingress
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDesk, Destination, Target
from meshlint.security.access.calling import OUTSIDE, Caller
from meshlint.values import frozen

_OPENING = frozenset({"LoadBalancer", "NodePort"})
_INWARD = ("egress", "eastwest", "waypoint")
"""Words of gateways that the public does not come in by."""
_BARE = "no proxy is asked for"


@frozen(eq=False, repr=False)
class Entrance:
    """Ports that `caller` calls from outside. `by` is what opens them, in words, and `at` where that is."""

    caller: Caller
    targets: tuple[Target, ...]
    by: str
    at: Field | None = None


def entrances(desk: AccessDesk, workload: Workload) -> Iterator[Entrance]:
    """The ways in to the pods of a workload: what makes them public first, then its ports as they are.

    Whether calls are let in there is another question.
    """
    mesh = desk.mesh
    services = mesh.services.of(workload)
    for service in services:
        targets = ports_of(desk, workload, service)
        if service.type in _OPENING or service.external_ips:
            kind = str(service.type) if service.type in _OPENING else "external addresses of"
            yield Entrance(OUTSIDE, targets, f"{kind} {service.resource}", service.resource.spec / "type")
        for resource, field in ingresses(mesh).get(service, ()):
            yield Entrance(Caller(str(resource), is_unknown=True), targets, str(resource), field)
    for gateway in mesh.gateways.served_by(workload) if not services else ():
        if not is_inward(gateway.resource):
            ports = (one.port.number for one in gateway.servers)
            opened = tuple(Target(workload, number) for number in ports if number is not None)
            yield Entrance(OUTSIDE, opened, str(gateway.resource), gateway.resource.spec)
    yield Entrance(OUTSIDE, every_port(desk, workload), _BARE)


def is_inward(gateway: Resource) -> bool:
    """Whether a Gateway's name, class or selector says that the public does not come in by it."""
    words = [gateway.name, str(gateway.spec.text("gatewayClassName") or "")]
    words += gateway.spec.mapping("selector").values()
    return any(inward in word for word in words for inward in _INWARD)


def is_open_gateway(mesh: Mesh, label: str) -> bool:
    """Whether the public may come in by the Gateway of that label, if it is in view."""
    known = [one.resource for one in (*mesh.gateways.all, *mesh.kubernetes_gateways)]
    return not any(is_inward(one) for one in known if f"gateway/{one.namespace}/{one.name}" == label)


def ports_of(desk: AccessDesk, workload: Workload, service: Service) -> tuple[Target, ...]:
    """The ports of a workload that a Service leads to."""
    return desk.names.all_targets(Destination(service.namespace, service.name, (workload,), service))


def every_port(desk: AccessDesk, workload: Workload) -> tuple[Target, ...]:
    """Every port that is known of a workload: those of its Services, else its own."""
    services = desk.mesh.services.of(workload)
    through = [target for service in services for target in ports_of(desk, workload, service)]
    return tuple(through) or desk.names.all_targets(
        Destination(workload.namespace, workload.name, (workload,))
    )


@remembered
def ingresses(mesh: Mesh) -> dict[Service, tuple[tuple[Resource, Field], ...]]:
    """The Ingresses that lead to each Service, with the place that names it."""
    found: dict[Service, list[tuple[Resource, Field]]] = {}
    for group in ("networking.k8s.io", "extensions"):
        for resource in mesh.resources.of(group, "Ingress"):
            for service, field in _backends(mesh, ingress(resource)):
                found.setdefault(service, []).append((resource, field))
    return {service: tuple(held) for service, held in found.items()}


def _backends(mesh: Mesh, one: Ingress) -> Iterator[tuple[Service, Field]]:
    backends = [path.backend for path in one.paths]
    backends += [] if one.default_backend is None else [one.default_backend]
    for backend in backends:
        name = ServiceName(one.namespace, str(backend.service or ""))
        service = mesh.services.get(name)
        if service is not None:
            yield service, backend.field
