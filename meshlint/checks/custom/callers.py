"""Who may call workloads that only some should reach, as `meshlint access` answers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.checks.custom.scope import Parameters, fits, hit, in_scope
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload, workload
from meshlint.security.access import AccessDesk, AccessRequest, Target
from meshlint.security.membership.belonging import belonging
from meshlint.security.transport.inbound import served_ports

_OPEN: Final = frozenset({"headers", "claims", "sni", "metadata", "remote_ip"})
_MOST_QUESTIONS: Final = 200_000
"""How many calls one rule asks about; a set in which there are more is told of, not passed over."""


@remembered
def desk_of(mesh: Mesh) -> AccessDesk:
    """The desk that all rules of a user's own share."""
    return AccessDesk(mesh)


def allowed_callers(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Workloads that may be called from a namespace which is none of those allowed.

    A call counts that is surely let in for some request at least; what something unknown decides does not.
    """
    clients = _clients(world, parameters)
    left = _MOST_QUESTIONS
    for resource in in_scope(world, parameters):
        pods = workload(resource)
        if pods is None:
            continue
        ports = sorted(served_ports(world.mesh, pods))
        left -= len(clients) * max(1, len(ports))
        if left < 0:
            yield _too_many(resource)
            return
        yield from _reached(world, parameters, pods, ports, clients)


def _clients(world: World, parameters: Parameters) -> list[Workload | None]:
    """A workload of each account and proxy that should not call, and None for callers outside of the mesh."""
    found: dict[tuple[object, ...], Workload] = {}
    for one in sorted(world.mesh.workloads.all, key=lambda one: one.resource.id):
        if not fits(one.namespace, parameters["callers"]):
            plane = belonging(world.mesh, one).dataplane
            found.setdefault((one.namespace, one.pod.service_account_name, plane), one)
    return [*found.values(), *([None] if not parameters["outside"] else [])]


def _reached(
    world: World, parameters: Parameters, pods: Workload, ports: list[int], clients: list[Workload | None]
) -> Iterator[Hit]:
    told: set[str | None] = set()
    for client in clients:
        place = None if client is None else client.namespace
        if place in told or (client is not None and client.resource is pods.resource):
            continue
        port = next((one for one in ports if _is_let_in(world, client, pods, one)), None)
        if port is not None:
            told.add(place)
            who = "from outside of the mesh" if client is None else f"from the namespace {place}, by {client}"
            message = f"{pods.resource} may be called {who}, on port {port}"
            yield hit(pods.resource, parameters, pods.resource.metadata / "name", message, about=place or "")


def _is_let_in(world: World, client: Workload | None, pods: Workload, port: int) -> bool:
    asked = AccessRequest(str(pods), port, left_open=_OPEN)
    decision = desk_of(world.mesh).decide(client, Target(pods, port), asked)
    return decision.is_allowed or decision.is_partial


def _too_many(resource: Resource) -> Hit:
    message = f"From {resource} on, it was not looked at who may call: there are too many callers and ports"
    return Hit(resource.metadata / "name", message, resource, in_doubt=True)
