"""What a Sidecar leaves out although its workloads call it or are called on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.graph.calls import Call, addresses, calls
from meshlint.mesh.hosts.protocols import host_ports
from meshlint.mesh.parts import by_place
from meshlint.mesh.questions.sidecar_scopes import SidecarScope, outbound_policy, sidecar_scope
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.resources.istio.sidecar import IngressListener, Sidecar
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.transport.inbound import served_ports
from meshlint.traffic.destinations.routed import destinations
from meshlint.traffic.request import Client
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class HiddenCall:
    """A call that a workload is configured for, to a host that its Sidecar leaves out.

    `is_refused` tells whether unknown hosts are: else the call goes on as the workload sends it.
    """

    scope: SidecarScope
    sidecar: Sidecar
    client: Workload
    because: Text
    host: str

    @property
    def is_refused(self) -> bool:
        """Whether the proxy refuses hosts that it does not know."""
        return self.scope.outbound_policy is OutboundPolicy.REGISTRY_ONLY


def hidden_calls(mesh: Mesh) -> Iterator[HiddenCall]:
    """Calls of workloads with a proxy to Services that their only Sidecar does not let in.

    What a route that is let in leads to is let in as well (Istio: destinations are pulled in). Hosts of
    ServiceEntries that are hidden matter where only known hosts may be called.
    """
    leading = _leading_to(mesh) if mesh.sidecars else {}
    for call in calls(mesh) if mesh.sidecars else ():
        scope = _scope(mesh, call.client)
        if scope is None or scope.sidecar is None:
            continue
        name = mesh.hosts.service_name(call.service).host(mesh.settings.cluster_domain)
        routes = leading.get(name, ())
        if all(_leaves_out(scope, name, port, routes) for port in _ports(call)):
            yield HiddenCall(scope, scope.sidecar, call.client, call.because, name)
    yield from _hidden_entries(mesh, leading)


def _hidden_entries(mesh: Mesh, leading: Mapping[str, list[VirtualService]]) -> Iterator[HiddenCall]:
    for client in _refused_unknown(mesh) if mesh.sidecars and mesh.service_entries else ():
        scope = _scope(mesh, client)
        if scope is None or scope.sidecar is None or scope.outbound_policy is OutboundPolicy.ALLOW_ANY:
            continue
        told: set[str] = set()
        for host, port, because in addresses(client):
            known = mesh.hosts.known(host)
            ports = () if known is None or known.service is not None else host_ports(known)
            wanted = [one.number for one in ports if port in (None, one.number) and host not in told]
            if wanted and all(_leaves_out(scope, host, one, leading.get(host, ())) for one in wanted):
                told.add(host)
                yield HiddenCall(scope, scope.sidecar, client, because, host)


def _refused_unknown(mesh: Mesh) -> Iterator[Workload]:
    """The workloads whose Sidecar may be one that refuses unknown hosts."""
    strict = by_place(
        one for one in mesh.sidecars if outbound_policy(mesh, one) is not OutboundPolicy.ALLOW_ANY
    )
    anywhere = strict.get(mesh.settings.root_namespace, ())
    for client in mesh.workloads.all if strict else ():
        if any(_may_select(one, client) for one in (*strict.get(client.namespace, ()), *anywhere)):
            yield client


def _may_select(sidecar: Sidecar, client: Workload) -> bool:
    selector = sidecar.workload_selector
    return selector is None or selector.labels.items() <= client.pod.labels.items()


def _scope(mesh: Mesh, client: Workload) -> SidecarScope | None:
    """What the proxy of a workload knows; None where there is none, or no Sidecar surely in force."""
    scope = sidecar_scope(mesh, Client(client.namespace, client.pod.labels))
    is_known = scope.sidecar is not None and not scope.undecided and istio_sidecar(mesh, client).is_present
    return scope if is_known else None


def _ports(call: Call) -> list[int]:
    numbers = [port.port for port in call.service.ports if port.port is not None]
    return [call.port] if call.port is not None else numbers or [80]


def _leaves_out(scope: SidecarScope, name: str, port: int, routes: Iterable[VirtualService]) -> bool:
    known = scope.mesh.hosts.seen_from(name, scope.client.namespace)
    if known is None or scope.imports_host(known, port) or _names_alike(scope, name):
        return False
    return not any(scope.imports_route(one, port) for one in routes)


def _names_alike(scope: SidecarScope, name: str) -> bool:
    """Whether a Sidecar lists a service of that name elsewhere: files may be applied to another namespace."""
    listeners = () if scope.sidecar is None else scope.sidecar.egress
    listed = {text.partition("/")[2].partition(".")[0] for one in listeners for text in one.hosts}
    return name.partition(".")[0] in listed


def _leading_to(mesh: Mesh) -> dict[str, list[VirtualService]]:
    """The VirtualServices that send requests to a host, by its full name."""
    found: dict[str, list[VirtualService]] = {}
    for routed in destinations(mesh):
        found.setdefault(routed.host, []).append(routed.virtual_service)
    return found


def idle_ingress(mesh: Mesh) -> Iterator[tuple[Sidecar, IngressListener, Workload]]:
    """Ingress listeners for a port that no pod of the Sidecar declares and no Service leads to."""
    for sidecar in mesh.sidecars:
        if not sidecar.ingress:
            continue
        selector = sidecar.workload_selector
        labels = LabelSelector.of(selector.labels) if selector is not None else LabelSelector()
        workloads = mesh.workloads.select(sidecar.resource.namespace, labels)
        served = [served_ports(mesh, one) for one in workloads]
        for listener in sidecar.ingress:
            number = listener.port.number
            if workloads and number is not None and all(some and number not in some for some in served):
                yield sidecar, listener, workloads[0]
