"""Istio Gateways: what a route binds to, and which pods serve it."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh.namespaces import GATEWAYS, Namespaces
from meshlint.mesh.nearest import nearest
from meshlint.mesh.resolution import Found, Missing, Resolution, Unknown
from meshlint.mesh.settings import MeshSettings
from meshlint.mesh.workloads import Workloads
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.kubernetes.workload import Workload


@frozen(order=True, repr=False)
class GatewayName:
    """The Gateway that a route names."""

    namespace: str
    name: str

    def __str__(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


def gateway_name(reference: str, namespace: str) -> GatewayName:
    """What `gateways` of a VirtualService in `namespace` means by one entry.

    `g` and `./g` lie in the VirtualService's namespace, `ns/g` in the named one, and the old dotted form
    `g.ns` too (Istio: VirtualService binding).
    """
    place, slash, name = reference.partition("/")
    if slash:
        return GatewayName(namespace if place == "." else place, name)
    name, _, rest = reference.partition(".")
    return GatewayName(rest.partition(".")[0] or namespace, name)


@frozen(repr=False)
class ServerHost:
    """A host of a Gateway's server; `namespace` limits whose routes may use it, None leaves it open."""

    namespace: str | None
    host: str

    def is_open_to(self, namespace: str) -> bool:
        """Whether VirtualServices of a namespace may bind to it."""
        return self.namespace in (None, namespace)


def server_host(text: str, namespace: str) -> ServerHost:
    """One entry of `hosts` of a server of a Gateway in `namespace` (Istio: Gateway hosts)."""
    place, slash, host = text.partition("/")
    if not slash:
        return ServerHost(None, text.lower())
    if place == "*":
        return ServerHost(None, host.lower())
    return ServerHost(namespace if place == "." else place, host.lower())


@frozen(eq=False, slots=False, repr=False)
class Gateways:
    """All Istio Gateways, found by name, with the pods that each selects.

    A Gateway of the Gateway API may be named by a VirtualService, too.
    """

    all: tuple[Gateway, ...]
    kubernetes: tuple[KubernetesGateway, ...]
    workloads: Workloads
    namespaces: Namespaces
    settings: MeshSettings

    @cached_property
    def _by_name(self) -> dict[GatewayName, tuple[Gateway, ...]]:
        found: dict[GatewayName, list[Gateway]] = {}
        for gateway in self.all:
            name = GatewayName(gateway.resource.namespace, gateway.resource.name)
            found.setdefault(name, []).append(gateway)
        return {name: tuple(gateways) for name, gateways in found.items()}

    @cached_property
    def _kubernetes_by_name(self) -> dict[GatewayName, KubernetesGateway]:
        return {GatewayName(one.namespace, one.name): one for one in self.kubernetes}

    @cached_property
    def _pods(self) -> dict[int, tuple[Workload, ...]]:
        return {id(gateway): self._selected(gateway) for gateway in self.all}

    def named(self, name: GatewayName) -> tuple[Gateway, ...]:
        """The Gateways of that name: one, or the alternatives that are written for it."""
        return self._by_name.get(name, ())

    def kubernetes_named(self, name: GatewayName) -> KubernetesGateway | None:
        """The Gateway of the Gateway API of that name."""
        return self._kubernetes_by_name.get(name)

    def alternatives(self, gateway: Gateway) -> tuple[Gateway, ...]:
        """The versions that are written for one Gateway, itself among them."""
        return self.named(GatewayName(gateway.resource.namespace, gateway.resource.name))

    def resolve(self, reference: str, namespace: str) -> Resolution[tuple[Gateway, ...]]:
        """What a VirtualService in `namespace` is bound to by `reference`.

        A name that is missing in its namespace but stands in another one is missing for certain.
        """
        name = gateway_name(reference, namespace)
        near = reference.field if isinstance(reference, Text) else None
        found = self.named(name)
        if found:
            return Found(found)
        if self.kubernetes_named(name) is not None:
            return Unknown()
        if {name.name, str(name), reference} & set(self.settings.external_gateways):
            return Unknown()
        if self.namespaces.placement.may_hold(GATEWAYS, name.name, qualified="/" in reference):
            return Unknown()
        elsewhere = tuple(str(known) for known in sorted(self._by_name) if known.name == name.name)
        beside = (known.name for known in self._by_name if known.namespace == name.namespace)
        close = elsewhere or nearest(name.name, beside)
        if elsewhere or self.namespaces.shows(name.namespace, GATEWAYS, near, around=bool(close)):
            return Missing(close)
        return Unknown()

    def pods(self, gateway: Gateway) -> tuple[Workload, ...]:
        """The workloads in view that serve a Gateway; its selector reaches into every namespace."""
        return self._pods.get(id(gateway), ())

    def _selected(self, gateway: Gateway) -> tuple[Workload, ...]:
        if gateway.selector is None or not gateway.selector.labels:
            return ()
        return self.workloads.select(None, LabelSelector.of(gateway.selector.labels))
