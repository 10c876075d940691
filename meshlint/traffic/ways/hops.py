"""What becomes of a request that a route sends on: the port, the pods and the policy of each destination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh import Mesh, Missing
from meshlint.mesh.hosts.protocols import HostPort, host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import service_name
from meshlint.mesh.routing.effective_policies import EffectivePolicy
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.destinations.endpoints import has_pods, subset_workloads
from meshlint.traffic.destinations.entries import entry_machines, entry_workloads
from meshlint.traffic.destinations.idle_services import idle_service
from meshlint.traffic.destinations.passed_on import is_called_nowhere, kept_port
from meshlint.traffic.destinations.scaled_down import are_stopped
from meshlint.traffic.effects.policies import client_policy
from meshlint.traffic.request import Client
from meshlint.traffic.tables.entries import CLOSED, Forward, Layer, Target
from meshlint.traffic.tables.istio.sidecars import visible_host
from meshlint.traffic.ways.way import Hop
from meshlint.values import evolve

NO_CLUSTER = 503
NO_ENDPOINT = 503


def hops(
    mesh: Mesh, client: Client, action: Forward, listener_port: int, layer: Layer = Layer.HTTP
) -> Iterator[Hop]:
    """Where each destination of a route leads for a client that called on `listener_port`."""
    for target in action.targets:
        alias = _alias(mesh, client, target, listener_port, layer)
        name = target.host if alias is None else str(alias.external_name).lower().rstrip(".")
        known = target.known or visible_host(mesh, client, name)
        named = known if alias is None else Host(target.host, alias, ())
        ports = () if named is None else host_ports(named)
        port = target_port(client, ports, target, listener_port, layer)
        policy = client_policy(mesh, client, name, port, target.subset)
        status, problem = _fault(mesh, client, evolve(target, host=name), known, port, policy)
        status = action.lost if status == NO_CLUSTER else status
        workloads, machines = _endpoints(mesh, known, policy) if status is None else (None, ())
        if status is not None and layer is not Layer.HTTP:
            status = CLOSED
        yield Hop(
            target,
            target.part,
            name,
            port,
            target.subset,
            policy,
            workloads,
            status,
            problem,
            machines=machines,
            known=known,
            called_port=None if client.is_gateway else kept_port(known, port, listener_port),
        )


def _alias(mesh: Mesh, client: Client, target: Target, listener_port: int, layer: Layer) -> Service | None:
    """The ExternalName Service that a destination names, in whose place its target is called. A sidecar's
    HTTP route follows only one that has the port that was called (istiod: GetDestinationCluster).
    """
    named = service_name(target.host, mesh.settings.cluster_domain)
    service = None if named is None else mesh.services.get(named)
    if service is None or mesh.hosts.external_name(target.host) is None:
        return None
    if not mesh.hosts.visibility_of_service(service).includes(client.namespace):
        return None
    anywhere = client.is_gateway or layer is not Layer.HTTP
    return service if anywhere or service.port(listener_port) is not None else None


def target_port(
    client: Client, ports: Sequence[HostPort], target: Target, listener_port: int, layer: Layer = Layer.HTTP
) -> int | None:
    """The port that traffic goes to where the route names none.

    A sidecar keeps the port of requests that was called. A gateway, and any route of connections, takes the
    only port of the destination, and the number of the listener where there are several (Istio: destination
    resolution).
    """
    if target.port is not None:
        return target.port
    whole = client.is_gateway or layer is not Layer.HTTP
    return ports[0].number if whole and len(ports) == 1 else listener_port


def _fault(
    mesh: Mesh, client: Client, target: Target, known: Host | None, port: int | None, policy: EffectivePolicy
) -> tuple[int | None, str]:
    if target.status is not None:
        return target.status, "the backend is not valid"
    if known is None:
        gone = isinstance(mesh.hosts.resolve(target.host, client.namespace), Missing)
        hidden = mesh.hosts.known(target.host) is not None
        if hidden:
            return NO_CLUSTER, "the host is not exported to the client"
        return (NO_CLUSTER, "the host does not exist") if gone else (None, "")
    if port not in {one.number for one in host_ports(known)} and host_ports(known):
        return NO_CLUSTER, f"the host has no port {port}"
    if target.subset and policy.subset is None:
        return NO_CLUSTER, "no DestinationRule that the client sees defines the subset"
    if client.is_gateway and is_called_nowhere(known):
        return NO_ENDPOINT, "nothing resolves the host, and a gateway has no address that a client called"
    return _empty(mesh, known, policy)


def _empty(mesh: Mesh, known: Host, policy: EffectivePolicy) -> tuple[int | None, str]:
    """Whether a subset has nobody in it; that of names which DNS resolves has no labels at all, and makes no
    cluster (istiod: endpoints of ServiceEntries).
    """
    if known.service is not None:
        return _deserted(mesh, known, known.service, policy)
    if policy.subset is None or not policy.subset.labels:
        return None, ""
    if known.is_passed_on:
        return None, ""
    labels = policy.subset.labels
    behind = entry_workloads(mesh, known, labels) or entry_machines(mesh, known, labels)
    return (None, "") if behind else (NO_ENDPOINT, "no endpoint is in the subset")


def _deserted(mesh: Mesh, known: Host, service: Service, policy: EffectivePolicy) -> tuple[int | None, str]:
    """Whether no pod runs behind a Service, or the subset of it that the route names."""
    labels = policy.subset.labels if policy.subset is not None else {}
    if not known.entries and idle_service(mesh, service) is not None:
        return NO_ENDPOINT, "no pod is behind the Service"
    if labels and has_pods(mesh, service, labels) is False:
        return NO_ENDPOINT, "no pod is in the subset"
    if not known.entries and are_stopped(mesh, service, subset_workloads(mesh, service, labels)):
        return NO_ENDPOINT, "its workloads have no replicas"
    return None, ""


def _endpoints(
    mesh: Mesh, known: Host | None, policy: EffectivePolicy
) -> tuple[tuple[Workload, ...] | None, tuple[WorkloadEntry, ...]]:
    if known is None:
        return None, ()
    labels = policy.subset.labels if policy.subset is not None else {}
    if known.service is not None:
        return subset_workloads(mesh, known.service, labels) or None, ()
    inside = not known.entries[0].is_external
    return entry_workloads(mesh, known, labels) or None, entry_machines(mesh, known, labels) if inside else ()
