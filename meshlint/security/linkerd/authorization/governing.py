"""What governs a port: the Servers that claim it, their routes, or the default policy."""

from __future__ import annotations

from functools import cached_property

from meshlint.matching import AddressSet
from meshlint.matching.threefold import every
from meshlint.mesh import Mesh
from meshlint.mesh.policies.linkerd_routes import is_void
from meshlint.mesh.remembered import remembered
from meshlint.resources.age import perhaps_oldest
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.authorization.clients import Clients, Identities
from meshlint.security.linkerd.authorization.grants import Grant, default_grants, server_grants
from meshlint.security.linkerd.authorization.probes import probed_paths
from meshlint.security.linkerd.authorization.protocols import Protocol, default_protocol, server_protocol
from meshlint.security.linkerd.authorization.request import HttpRequest
from meshlint.security.linkerd.servers import servers_on
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Governing:
    """The rule over a port of a workload if `server` is the one that counts, or None where there is none."""

    mesh: Mesh
    workload: Workload
    port: int
    server: Server | None
    protocol: Protocol
    routes: tuple[AnyRoute, ...] = ()
    """The routes that count; empty where the default route does, which takes every request."""
    void: AnyRoute | None = None
    """A route that has the proxy refuse all of the policy, so that nothing gets in."""
    probed: frozenset[str] = frozenset()
    """The paths that the kubelet may GET without a grant."""
    probers: Clients = field(factory=Clients)
    """From where a probe may come."""

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """What lets clients in, whatever route they take."""
        if self.server is None:
            return default_grants(self.mesh, self.workload, self.port)
        return server_grants(self.mesh, self.server)

    def probes(self, request: HttpRequest) -> bool | None:
        """Whether a request is a probe of the kubelet; None where an open part of it decides."""
        got = None if "method" in request.left_open else request.method == "GET"
        probed = request.bare_path in self.probed
        if "path" in request.left_open:
            return every((got, None if self.probed else False))
        return every((got, probed))


def governing(mesh: Mesh, workload: Workload, port: int) -> tuple[Governing, ...]:
    """The rule over a port; several where several Servers claim it and only their age tells which counts."""
    claiming = servers_on(mesh, workload, port)
    servers = perhaps_oldest(claiming, lambda one: one.resource, lambda one: one.name)
    if not servers:
        protocol = default_protocol(mesh, workload, port)
        allowed = probed_paths(mesh, workload, port) if protocol.has_http_routes else frozenset()
        return (Governing(mesh, workload, port, None, protocol, (), None, allowed, _probers(mesh)),)
    return tuple(_by_server(mesh, workload, port, server) for server in servers)


def accepted_routes(mesh: Mesh, server: Server) -> tuple[AnyRoute, ...]:
    """The routes that count at a Server, as long as its protocol has such routes.

    Where a GRPCRoute names the Server too, its HTTPRoutes are refused (Linkerd: conflicting routes).
    """
    attached = mesh.linkerd.routes_of(server)
    has_grpc = any(one.is_grpc for one in attached)
    kept = (one.route for one in attached if one.refusal is None and one.is_grpc == has_grpc)
    return tuple({id(route): route for route in kept}.values())


def _by_server(mesh: Mesh, workload: Workload, port: int, server: Server) -> Governing:
    protocol = server_protocol(server)
    kind = "GRPCRoute" if protocol is Protocol.GRPC else "HTTPRoute" if protocol.has_http_routes else ""
    routes = tuple(route for route in accepted_routes(mesh, server) if route.kind == kind)
    has_default_routes = protocol.has_http_routes and not routes
    allowed = probed_paths(mesh, workload, port) if has_default_routes else frozenset()
    void = next((route for route in routes if is_void(route)), None)
    return Governing(mesh, workload, port, server, protocol, routes, void, allowed, _probers(mesh))


@remembered
def _probers(mesh: Mesh) -> Clients:
    return Clients.of(Identities.anyone(), AddressSet.of(*mesh.settings.linkerd.probe_networks))
