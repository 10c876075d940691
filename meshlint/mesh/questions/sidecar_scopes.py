"""What a Sidecar lets its workloads see, and which Sidecar a workload has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.matching import LabelSelector, SelectorIndex, host_covers, hosts_overlap
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.mesh.workloads.client import Client
from meshlint.resources.istio.destination import Destination
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.sidecar import EgressListener, Sidecar
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class SidecarScope:
    """The part of the mesh that a client's proxy knows: all of it where no Sidecar is in force.

    `undecided` says what decides between several Sidecars.
    """

    mesh: Mesh
    client: Client
    sidecar: Sidecar | None
    undecided: tuple[str, ...] = ()

    @property
    def outbound_policy(self) -> OutboundPolicy:
        """What becomes of traffic to unknown hosts; without a policy of its own, the mesh's counts."""
        return outbound_policy(self.mesh, self.sidecar)

    @property
    def egress_proxy(self) -> Destination | None:
        """Where traffic to unknown hosts is sent instead of passing through."""
        own = self.sidecar.outbound_traffic_policy if self.sidecar is not None else None
        allowed = self.outbound_policy is OutboundPolicy.ALLOW_ANY
        return own.egress_proxy if own is not None and allowed else None

    def listener(self, port: int) -> EgressListener | None:
        """The listener of just this port, if the Sidecar has one."""
        listeners = () if self.sidecar is None else self.sidecar.egress
        return next((one for one in listeners if one.port is not None and one.port.number == port), None)

    def imports_host(self, host: Host, port: int) -> bool:
        """Whether the proxy knows a host on a port."""
        return self.imports_name(host.pattern, host.namespace, port)

    def imports_name(self, name: str, namespace: str | None, port: int) -> bool:
        """Whether the proxy knows a host of that name, or wildcard, of a namespace on a port."""
        return _imports(self._hosts(port), name, namespace, self.client.namespace)

    def imports_route(self, virtual_service: VirtualService, port: int) -> bool:
        """Whether the proxy follows a VirtualService on a port: one that shares a host with an entry for its
        namespace (Istio: Sidecar egress selects VirtualServices, by either side's wildcard).
        """
        hosts = self.mesh.virtual_services.hosts(virtual_service)
        return self.imports_any(hosts, virtual_service.resource.namespace, port)

    def imports_any(self, hosts: Iterable[str], namespace: str, port: int) -> bool:
        """Whether any of the hosts that an object of a namespace speaks of is let in."""
        entries, own = self._hosts(port), self.client.namespace
        return any(_imports(entries, host, namespace, own, either=True) for host in hosts)

    @cached_property
    def _on_other_ports(self) -> tuple[str, ...]:
        listeners = () if self.sidecar is None else self.sidecar.egress
        return tuple(host for one in listeners if one.port is None for host in one.hosts)

    def _hosts(self, port: int) -> tuple[str, ...] | None:
        """The entries that count for a port; None where everything is let in."""
        if self.sidecar is None or not self.sidecar.egress:
            return None
        chosen = self.listener(port)
        return self._on_other_ports if chosen is None else tuple(chosen.hosts)


def outbound_policy(mesh: Mesh, sidecar: Sidecar | None) -> OutboundPolicy:
    """What becomes of traffic to unknown hosts where a Sidecar is in force."""
    own = sidecar.outbound_traffic_policy if sidecar is not None else None
    if own is None:
        return mesh.settings.outbound_policy
    allowed = own.mode == OutboundPolicy.ALLOW_ANY.value
    return OutboundPolicy.ALLOW_ANY if allowed else OutboundPolicy.REGISTRY_ONLY


def sidecar_scope(mesh: Mesh, client: Client) -> SidecarScope:
    """The Sidecar in force for a client: its namespace's with a matching selector, else one without, else
    that of the root namespace without one. Gateways have none; of several the oldest counts (Istio: Sidecar).
    """
    if client.is_gateway:
        return SidecarScope(mesh, client, None)
    selecting, own = _sidecars_of(mesh, client.namespace)
    _, root = _sidecars_of(mesh, mesh.settings.root_namespace)
    chosen = (() if selecting is None else selecting.selecting(client.labels), own, root)
    found = next((some for some in chosen if some), None)
    if not found:
        return SidecarScope(mesh, client, None)
    names = {str(one.resource) for one in found}
    undecided = tuple(
        f"the oldest of {', '.join(sorted(names))} is in force" for _ in names if len(names) > 1
    )
    return SidecarScope(mesh, client, found[0], undecided[:1])


def imports(sidecar: Sidecar, host: str, owner: str | None) -> bool:
    """Whether a Sidecar lets its workloads see a host that a namespace owns (Istio: Sidecar egress).

    Without `egress` everything is visible. An entry with `~` leaves out what others let in.
    """
    if not sidecar.egress:
        return True
    entries = tuple(text for listener in sidecar.egress for text in listener.hosts)
    return _imports(entries, host, owner, sidecar.resource.namespace)


def hidden_rules(mesh: Mesh) -> Iterator[tuple[Sidecar, DestinationRule]]:
    """DestinationRules of a namespace for one host that the namespace's only Sidecar leaves out."""
    for sidecar in mesh.sidecars:
        selector = sidecar.workload_selector
        if selector is not None and selector.labels:
            continue
        for rule in mesh.destination_rules.shelf.living(sidecar.resource.namespace):
            host = mesh.destination_rules.host(rule)
            owner = mesh.hosts.owner(host)
            if owner not in (None, rule.resource.namespace) and not imports(sidecar, host, owner):
                yield sidecar, rule


@remembered
def _sidecars_of(mesh: Mesh, namespace: str) -> tuple[SelectorIndex[Sidecar] | None, tuple[Sidecar, ...]]:
    """The Sidecars of a namespace that select pods, if any do, and those for all of them."""
    selecting: list[tuple[LabelSelector, Sidecar]] = []
    wide: list[Sidecar] = []
    for one in mesh.sidecars:
        if one.resource.namespace != namespace:
            continue
        selector = one.workload_selector
        if selector is not None and selector.labels:
            selecting.append((LabelSelector.of(selector.labels), one))
        else:
            wide.append(one)
    return SelectorIndex(selecting) if selecting else None, tuple(wide)


def _imports(
    entries: tuple[str, ...] | None, host: str, owner: str | None, own: str, *, either: bool = False
) -> bool:
    """Whether entries let in a host of a namespace; `.` stands for `own`, the workload's namespace."""
    if entries is None:
        return True
    if any(_meets(text[1:], host, owner, own) for text in entries if text.startswith("~")):
        return False
    return any(_meets(text, host, owner, own, either) for text in entries if not text.startswith("~"))


def _meets(text: str, host: str, owner: str | None, own: str, either: bool = False) -> bool:
    place, _, pattern = text.partition("/")
    place = own if place == "." else place
    covers = hosts_overlap if either else host_covers
    return place in ("", "*", owner) and covers(pattern.lower(), host)
