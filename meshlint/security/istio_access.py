"""Whether one workload of Istio may call another."""

from __future__ import annotations

from functools import cached_property

from attrs import evolve, frozen

from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.inbound import UNCAPTURED, chains
from meshlint.security.istio_authorization import Chain, Decision, Guard, Request, Verdict, guard
from meshlint.security.istio_injection import istio_ambient, istio_sidecar
from meshlint.security.transport import Hop, Transport, hop

_SAME = "what the proxy finds the connection to speak"


@frozen(eq=False, repr=False)
class Access:
    """What comes of a request on its way: how it travels, and what the server's policies say."""

    hop: Hop
    decision: Decision
    identity: str | None


def identity_of(mesh: Mesh, workload: Workload) -> str:
    """The identity that a workload's proxy shows, without its scheme (Istio: identities of workloads)."""
    account = workload.pod.service_account_name
    return f"{mesh.settings.trust_domain}/ns/{workload.namespace}/sa/{account}"


@frozen(eq=False, slots=False, repr=False)
class PortAccess:
    """Access to a container port of a server: what its policies come to, made ready for many requests."""

    mesh: Mesh
    server: Workload
    port: int

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """What judges connections: one for each kind of listener that may take them."""
        attached = self.mesh.authorization_policies.attached_to(self.server)
        kinds = chains(self.mesh, self.server, self.port)
        return tuple(guard(attached, chain, self.mesh.settings) for chain in kinds)

    def ask(self, client: Workload | None, request: Request) -> Access:
        """What comes of `request` by `client`, else by whoever the request says; see `access`."""
        if client is not None:
            way = self.hop_of(client)
            request = _identified(self.mesh, client, way, request)
        else:
            way = self._stated(request)
        if way.transport is Transport.BROKEN:
            return Access(way, Decision(Verdict.DENY, way.reason), request.identity)
        return Access(way, self._decided(request), request.identity)

    def hop_of(self, client: Workload | None) -> Hop:
        """How calls of `client`, or of one outside of the mesh, travel."""
        found = self._hops.get(client)
        if found is None:
            found = self._hops[client] = hop(self.mesh, client, self.server, self.port)
        return found

    @cached_property
    def _hops(self) -> dict[Workload | None, Hop]:
        return {}

    @cached_property
    def _unguarded(self) -> Decision | None:
        """What comes of every request where no proxy judges, or where that is not in the files."""
        if self.port in UNCAPTURED:
            return Decision(Verdict.ALLOW, "the proxy's own ports are open to everyone")
        sidecar, ambient = istio_sidecar(self.mesh, self.server), istio_ambient(self.mesh, self.server)
        if sidecar.is_absent and ambient.is_absent:
            return Decision(Verdict.ALLOW, "the server has no proxy, so no policy guards it")
        if not sidecar.is_present and not ambient.is_present:
            return Decision(Verdict.DEPENDS, "whether the server has a proxy is not in the files")
        return None

    def _decided(self, request: Request) -> Decision:
        if self._unguarded is not None:
            return self._unguarded
        judging = [one for one in self.guards if _fits(one.chain, request)] or self.guards
        decisions = [one.decide(request) for one in judging]
        if len({one.verdict for one in decisions}) == 1:
            return decisions[0]
        matches = tuple(match for one in decisions for match in one.deciding)
        return Decision(Verdict.DEPENDS, "the protocol decides", matches, depends_on=(_SAME,))

    def _stated(self, request: Request) -> Hop:
        if "identity" in request.left_open:
            return Hop(Transport.DEPENDS, "the caller is left open")
        if request.identity is None:
            return self.hop_of(None)
        return Hop(Transport.MUTUAL_TLS, "the caller shows an identity")


def access(mesh: Mesh, client: Workload | None, server: Workload, request: Request) -> Access:
    """What comes of `request` to `server`; its `destination_port` is one of the server's container ports.

    The caller is `client`, else whoever the request says; without an identity it is outside of the mesh. For
    many requests to one port, ask one `PortAccess`.
    """
    return PortAccess(mesh, server, request.destination_port or 0).ask(client, request)


def guards(mesh: Mesh, server: Workload, port: int) -> tuple[Guard, ...]:
    """What judges connections to a container port: one for each kind of listener that may take them."""
    return PortAccess(mesh, server, port).guards


def _fits(chain: Chain, request: Request) -> bool:
    """Whether a listener may take the request: with a method, a path or a host it is no plain connection."""
    speaks_http = request.method is not None or request.path is not None or request.host is not None
    return chain is not Chain.TCP or not speaks_http


def _identified(mesh: Mesh, client: Workload, way: Hop, request: Request) -> Request:
    if way.has_identity is None:
        return evolve(request, left_open=request.left_open | {"identity"})
    return evolve(request, identity=identity_of(mesh, client) if way.has_identity else None)
