"""VirtualService: how requests to its hosts are routed."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.istio.http_route import HttpRoute, http_route
from meshlint.resources.istio.l4_route import L4Route, l4_route
from meshlint.resources.istio.parts import SpecView, parts
from meshlint.resources.resource import Resource
from meshlint.values import frozen

MESH_GATEWAY = "mesh"
"""The gateway name that stands for all sidecars."""


@frozen(eq=False, repr=False)
class VirtualService(SpecView):
    """Routes for hosts; an empty `export_to` leaves visibility to the mesh's default for VirtualServices."""

    hosts: tuple[Text, ...]
    gateways: tuple[Text, ...]
    http: tuple[HttpRoute, ...]
    tls: tuple[L4Route, ...]
    tcp: tuple[L4Route, ...]
    export_to: tuple[Text, ...]

    @property
    def gateways_or_mesh(self) -> tuple[str, ...]:
        """The gateways it is bound to, the sidecars where none is named (Istio: VirtualService binding)."""
        return self.gateways or (MESH_GATEWAY,)

    @property
    def bound_gateways(self) -> frozenset[str]:
        """The gateways it is bound to, without the sidecars."""
        return frozenset(self.gateways_or_mesh) - {MESH_GATEWAY}

    @property
    def routes(self) -> tuple[HttpRoute | L4Route, ...]:
        """The routes of all three sections."""
        return (*self.http, *self.tls, *self.tcp)

    @property
    def is_delegate(self) -> bool:
        """Whether it only works through another VirtualService that delegates to it: it has no hosts."""
        return not self.hosts


def hosts_of(resource: Resource) -> tuple[Text, ...]:
    """The hosts that a VirtualService is for."""
    return resource.spec.texts("hosts")


def gateways_of(resource: Resource) -> tuple[Text, ...]:
    """The gateways that a VirtualService names."""
    return resource.spec.texts("gateways")


def virtual_service(resource: Resource) -> VirtualService:
    """The view of a VirtualService of any version."""
    spec = resource.spec
    return VirtualService(
        resource,
        hosts=hosts_of(resource),
        gateways=gateways_of(resource),
        http=parts(spec, "http", http_route),
        tls=parts(spec, "tls", l4_route),
        tcp=parts(spec, "tcp", l4_route),
        export_to=spec.texts("exportTo"),
    )
