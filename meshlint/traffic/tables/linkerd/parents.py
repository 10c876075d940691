"""Which routes count at a port of a Service or EgressNetwork for a client of Linkerd, and in which protocol.

A route counts where the controller accepts it: its parent is there, and no route of a kind that comes before
its own names exactly the same parent, wherever that route is. Routes of the parent's namespace are for every
client, those of another one for its own clients only (Linkerd: status of routes, outbound index).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from meshlint.mesh import Mesh
from meshlint.mesh.policies.linkerd_routes import is_void
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.resource import Resource
from meshlint.values import frozen

UNSUPPORTED = frozenset({"RequestMirror", "URLRewrite", "ExtensionRef", "CORS"})
"""Filters that make Linkerd ignore a whole route (Linkerd: outbound routes)."""

KINDS = ("GRPCRoute", "HTTPRoute", "TLSRoute", "TCPRoute")
"""The kinds of routes in the order in which Linkerd looks for one where it finds out the protocol."""


class ClientProtocol(Enum):
    """What a client's proxy takes a port for; what it finds out itself may be HTTP or bytes."""

    DETECT = "HTTP or anything else"
    HTTP1 = "HTTP/1"
    HTTP2 = "HTTP/2"
    GRPC = "gRPC"
    OPAQUE = "bytes"
    TLS = "TLS"

    @property
    def carries_requests(self) -> bool:
        """Whether requests are seen, if any are sent."""
        return self not in (ClientProtocol.OPAQUE, ClientProtocol.TLS)


_BY_KIND = {
    "GRPCRoute": ClientProtocol.GRPC,
    "TLSRoute": ClientProtocol.TLS,
    "TCPRoute": ClientProtocol.OPAQUE,
}


@frozen(repr=False)
class Parent:
    """What routes attach to: a Service or an EgressNetwork, with the port that is called."""

    resource: Resource
    port: int

    @property
    def is_egress(self) -> bool:
        """Whether it is an EgressNetwork."""
        return self.resource.group == POLICY

    def is_meant(self, ref: ParentRef) -> bool:
        """Whether a reference names this object, whatever port."""
        names = refers_to(ref, self.resource.group, self.resource.kind)
        return names and (ref.namespace, ref.name) == (self.resource.namespace, self.resource.name)


@frozen(eq=False, repr=False)
class PortRoutes:
    """The routes that count at a port, of the one kind that does, and what the port is taken for.

    `void` is a route that has the proxy refuse all of them.
    """

    protocol: ClientProtocol
    routes: tuple[AnyRoute, ...] = ()
    void: AnyRoute | None = None


def port_routes(
    mesh: Mesh, parent: Parent, kinds: tuple[str, ...], protocol: ClientProtocol, namespace: str
) -> PortRoutes:
    """What counts at a port for clients of a namespace.

    `kinds` are those that the port's protocol admits, of which the first one with any route counts, and
    `protocol` is what the port is taken for without routes.
    """
    visible = [
        one for one in accepted(mesh, parent) if one.namespace in (parent.resource.namespace, namespace)
    ]
    for kind in kinds:
        found = tuple(one for one in visible if one.kind == kind)
        if found:
            taken = protocol if kind == "HTTPRoute" else _BY_KIND[kind]
            return PortRoutes(taken, found, next((one for one in found if is_void(one)), None))
    return PortRoutes(protocol)


def accepted(mesh: Mesh, parent: Parent) -> Iterator[AnyRoute]:
    """The routes that the controller accepts at a port and that Linkerd can read, for whatever client."""
    for route in mesh.routes:
        refs = [one for one in route.parent_refs if parent.is_meant(one) and one.port in (None, parent.port)]
        if refs and is_read(route) and any(rival(mesh, route, parent, ref) is None for ref in refs):
            yield route


def rival(mesh: Mesh, route: AnyRoute, parent: Parent, ref: ParentRef) -> AnyRoute | None:
    """A route of a kind that comes before, with the very same parent: it has this one refused."""
    before = KINDS[: KINDS.index(route.kind)] if route.kind in KINDS else ()
    for other in mesh.routes if before else ():
        if other.kind in before and any(
            parent.is_meant(one) and one.port == ref.port for one in other.parent_refs
        ):
            return other
    return None


def is_read(route: AnyRoute) -> bool:
    """Whether Linkerd takes notice of a route: a filter that it does not know has it left out."""
    return not any(str(one.type) in UNSUPPORTED for rule in route.rules for one in rule.filters)
