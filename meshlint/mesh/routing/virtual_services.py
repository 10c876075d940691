"""VirtualServices: the hosts they are for, who sees them, and how they delegate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.mesh.names.expansion import expand
from meshlint.mesh.namespaces.visibility import Visibility, visibility
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.mesh.shelves import HostShelf, Kind
from meshlint.resources import Resource
from meshlint.resources.istio.http_route import Delegate
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService, gateways_of, hosts_of
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class VirtualServices:
    """All VirtualServices, in the order of their names; files do not tell which is the oldest."""

    kind: Kind[VirtualService]
    settings: MeshSettings

    @property
    def all(self) -> tuple[VirtualService, ...]:
        """All of them."""
        return self.kind.shelf.all

    @cached_property
    def _roots(self) -> dict[tuple[str, str], tuple[VirtualService, ...]]:
        found: dict[tuple[str, str], list[VirtualService]] = {}
        for root in self.all:
            for delegate in _delegates(root):
                found.setdefault(self.delegate_name(root, delegate), []).append(root)
        return {key: tuple(dict.fromkeys(entries)) for key, entries in found.items()}

    @cached_property
    def by_host(self) -> HostShelf[VirtualService]:
        """Those of any kind, by the hosts that they are for."""
        return self.kind.by_host(lambda one: dict.fromkeys(self._expanded(hosts_of(one), one)))

    @cached_property
    def for_mesh(self) -> HostShelf[VirtualService]:
        """Those that sidecars follow, by the hosts that they are for."""
        return self.by_host.only(lambda one: MESH_GATEWAY in (gateways_of(one) or (MESH_GATEWAY,)))

    @cached_property
    def at_gateways(self) -> tuple[VirtualService, ...]:
        """Those that name a gateway, be it the word for the sidecars."""
        return self.kind.where(lambda one: bool(gateways_of(one)))

    @cached_property
    def _by_gateway(self) -> dict[str, tuple[VirtualService, ...]]:
        found: dict[str, list[VirtualService]] = {}
        for one in self.at_gateways:
            bound = (text for text in one.gateways if text != MESH_GATEWAY)
            for name in {str(gateway_name(text, one.resource.namespace)) for text in bound}:
                found.setdefault(name, []).append(one)
        return {name: tuple(entries) for name, entries in found.items()}

    def of_gateway(self, name: str) -> tuple[VirtualService, ...]:
        """Those that are bound to the Gateway `namespace/name`."""
        return self._by_gateway.get(name, ())

    def __iter__(self) -> Iterator[VirtualService]:
        """All of them."""
        return iter(self.all)

    def named(self, namespace: str, name: str) -> tuple[VirtualService, ...]:
        """The VirtualServices of that name: one, or the alternatives that are written for it."""
        key = namespace, name
        if key not in self._called:
            self._called[key] = self.kind.called(namespace, name)
        return self._called[key]

    @cached_property
    def _called(self) -> dict[tuple[str, str], tuple[VirtualService, ...]]:
        return {}

    def hosts(self, virtual_service: VirtualService) -> tuple[str, ...]:
        """The full names of its hosts; a short name is one in its own namespace."""
        found = self._hosts.get(virtual_service)
        if found is None:
            found = tuple(self._expanded(virtual_service.hosts, virtual_service.resource))
            self._hosts[virtual_service] = found
        return found

    @cached_property
    def _hosts(self) -> dict[VirtualService, tuple[str, ...]]:
        return {}

    def _expanded(self, hosts: Iterable[str], one: Resource) -> Iterator[str]:
        return (expand(host, one.namespace, self.settings.cluster_domain) for host in hosts)

    def visibility(self, virtual_service: VirtualService) -> Visibility:
        """The namespaces whose proxies see it; for a gateway that is the namespace of its pods."""
        default = self.settings.default_virtual_service_export_to
        return visibility(virtual_service.export_to, default, virtual_service.resource.namespace)

    def delegate_name(self, root: VirtualService, delegate: Delegate) -> tuple[str, str]:
        """The namespace and name that `delegate` of `root` leads to."""
        return (delegate.namespace or root.resource.namespace, delegate.name or "")

    def roots(self, delegate: VirtualService) -> tuple[VirtualService, ...]:
        """The VirtualServices that hand requests on to one without hosts."""
        return self._roots.get((delegate.resource.namespace, delegate.resource.name), ())


def is_for_mesh(virtual_service: VirtualService) -> bool:
    """Whether sidecars follow it (Istio: VirtualService binding)."""
    return MESH_GATEWAY in virtual_service.gateways_or_mesh


def _delegates(root: VirtualService) -> Iterator[Delegate]:
    return (route.delegate for route in root.http if route.delegate is not None)
