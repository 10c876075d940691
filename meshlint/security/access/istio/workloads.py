"""Whether one workload of Istio may call another."""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.workloads.waypoints import Waypoint
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.ambient.waypoints import AtWaypoint, Passage, identity_of_waypoint, passage
from meshlint.security.istio import Decision, Guard, Request, Verdict, guard
from meshlint.security.istio.listeners import judged
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.transport.calls import Hop, Transport, hop
from meshlint.security.transport.capture import inbound_bypass
from meshlint.security.transport.inbound import UNCAPTURED, chains
from meshlint.security.transport.servers import workload_mtls
from meshlint.values import evolve, frozen

_OWN_ADDRESS = frozenset({"source_ip", "remote_ip"})
"""What the proxies behind a waypoint may see of the waypoint instead of the client."""


@frozen(eq=False, repr=False)
class Access:
    """What comes of a request on its way: how it travels, and what the policies on the way say.

    `identity` is the one that the deciding policies see: behind a `waypoint` the server sees the waypoint's.
    """

    hop: Hop
    decision: Decision
    identity: str | None
    waypoint: Waypoint | None = None


def identity_of(mesh: Mesh, workload: Workload) -> str:
    """The identity that a workload's proxy shows, without its scheme (Istio: identities of workloads)."""
    account = workload.pod.service_account_name
    return f"{mesh.settings.trust_domain}/ns/{workload.namespace}/sa/{account}"


@frozen(eq=False, slots=False, repr=False)
class PortAccess:
    """Access to a container port of a server: what its policies come to, made ready for many requests.

    With a `service`, it is called by that name or address, else by the address of a pod: in ambient mode that
    decides through which waypoint calls go.
    """

    mesh: Mesh
    server: Workload
    port: int
    service: Service | None = None

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """What judges connections at the server: one for each kind of listener that may take them."""
        attached = self.mesh.authorization_policies.attached_to(self.server)
        kinds = chains(self.mesh, self.server, self.port)
        return tuple(guard(self.mesh, attached, chain) for chain in kinds)

    @cached_property
    def at_waypoint(self) -> AtWaypoint | None:
        """What judges calls at the waypoint of the service, or of the pods, before they come to the server.

        None if there surely is none. Not every caller passes it: `passage_of` knows.
        """
        called = AtWaypoint.of(self.mesh, self.server, self.port, self.service)
        return called if called is None or called.ports else AtWaypoint.of(self.mesh, self.server, self.port)

    def ask(self, client: Workload | None, request: Request) -> Access:
        """What comes of `request` by `client`, else by whoever the request says; see `access`."""
        if self.at_waypoint is None:
            return self._directly(client, request)
        way = self._passage(client, request)
        if way.waypoint is None:
            return self._directly(client, request)
        through = self._through(self.at_waypoint, client, request)
        return through if way.is_known else _either(through, self._directly(client, request), way.reason)

    def passage_of(self, client: Workload | None) -> Passage:
        """Whether calls of `client`, or of one outside of the mesh, pass the waypoint."""
        found = self._passages.get(client)
        if found is None:
            service = None if self.at_waypoint is None else self.at_waypoint.service
            found = self._passages[client] = passage(self.mesh, client, self.server, service)
        return found

    def _passage(self, client: Workload | None, request: Request) -> Passage:
        """A caller that only shows an identity may or may not be in ambient mode."""
        is_outside = request.identity is None and "identity" not in request.left_open
        if client is not None or is_outside or self.at_waypoint is None:
            return self.passage_of(client)
        reason = "whether the caller is in ambient mode is left open"
        return Passage(self.at_waypoint.waypoint, reason, is_known=False)

    def _directly(self, client: Workload | None, request: Request) -> Access:
        if client is not None:
            way = self.hop_of(client)
            request = _identified(self.mesh, client, way, request)
        else:
            request = request if self.sees_identities else request.without_identity()
            way = self._stated(request)
        if way.transport is Transport.BROKEN:
            return Access(way, Decision(Verdict.DENY, way.reason), request.identity)
        return Access(way, _if_it_arrives(way, self.at_server(request)), request.identity)

    def _through(self, at: AtWaypoint, client: Workload | None, request: Request) -> Access:
        """Judged at the waypoint as the client, and behind it as the waypoint (Istio: waypoints, ztunnel)."""
        if client is not None:
            request = evolve(request, identity=identity_of(self.mesh, client))
        first = at.decide(request)
        if first.is_denied:
            return Access(self._behind, first, request.identity, at.waypoint)
        identity = identity_of_waypoint(self.mesh, at.waypoint)
        left_open = (request.left_open - {"identity"}) | _OWN_ADDRESS
        second = self.at_server(evolve(request, identity=identity, left_open=left_open))
        if second.is_denied:
            return Access(self._behind, second, identity, at.waypoint)
        return Access(self._behind, _both(first, second), request.identity, at.waypoint)

    @cached_property
    def _behind(self) -> Hop:
        sidecar, ambient = istio_sidecar(self.mesh, self.server), istio_ambient(self.mesh, self.server)
        if sidecar.is_present or ambient.is_present:
            return Hop(Transport.MUTUAL_TLS, "the waypoint takes it over mTLS and passes it on over mTLS")
        if sidecar.is_absent and ambient.is_absent:
            return Hop(Transport.PLAINTEXT, "the waypoint passes it on to a server without proxy")
        return Hop(Transport.DEPENDS, "whether the server has a proxy is not in the files")

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
    def _passages(self) -> dict[Workload | None, Passage]:
        return {}

    @cached_property
    def sees_identities(self) -> bool:
        """Whether a caller can prove who it is: not where the sidecar surely takes no mutual TLS.

        Clients send plaintext there, whatever certificate they have (Istio: PeerAuthentication, DISABLE).
        """
        mode = workload_mtls(self.mesh, self.server, self.port)
        return mode.modes != {MtlsMode.DISABLE} or not istio_sidecar(self.mesh, self.server).is_present

    @cached_property
    def unguarded(self) -> Decision | None:
        """What comes of every request where no proxy judges, or where that is not in the files."""
        if self.port in UNCAPTURED:
            return Decision(Verdict.ALLOW, "the proxy's own ports are open to everyone")
        sidecar, ambient = istio_sidecar(self.mesh, self.server), istio_ambient(self.mesh, self.server)
        if sidecar.is_absent and ambient.is_absent:
            return Decision(Verdict.ALLOW, "the server has no proxy, so no policy guards it")
        if not sidecar.is_present and not ambient.is_present:
            return Decision(Verdict.DEPENDS, "whether the server has a proxy is not in the files")
        if sidecar.is_present and inbound_bypass(self.server).takes(self.port):
            return Decision(Verdict.ALLOW, "the port goes past the server's proxy, so no policy guards it")
        return None

    def at_server(self, request: Request) -> Decision:
        """What comes of `request` at the server's own proxy, with the caller that it names."""
        if self.unguarded is not None:
            return self.unguarded
        return judged(self.guards, request)

    def _stated(self, request: Request) -> Hop:
        if "identity" in request.left_open:
            return Hop(Transport.DEPENDS, "the caller is left open")
        if request.identity is None:
            return self.hop_of(None)
        return Hop(Transport.MUTUAL_TLS, "the caller shows an identity")


def access(
    mesh: Mesh,
    client: Workload | None,
    server: Workload,
    request: Request,
    service: Service | None = None,
) -> Access:
    """What comes of `request` to `server`; its `destination_port` is one of the server's container ports.

    The caller is `client`, else whoever the request says; without an identity it is outside of the mesh. It
    calls by the name or address of `service`, else by the address of a pod. For many requests to one port,
    ask one `PortAccess`.
    """
    return PortAccess(mesh, server, request.destination_port or 0, service).ask(client, request)


def guards(mesh: Mesh, server: Workload, port: int) -> tuple[Guard, ...]:
    """What judges connections at a container port: one for each kind of listener that may take them.

    What comes through a waypoint has been judged there, too (`PortAccess.at_waypoint`).
    """
    return PortAccess(mesh, server, port).guards


def _identified(mesh: Mesh, client: Workload, way: Hop, request: Request) -> Request:
    if way.has_identity is None:
        return evolve(request, left_open=request.left_open | {"identity"})
    return evolve(request, identity=identity_of(mesh, client) if way.has_identity else None)


def _if_it_arrives(way: Hop, decision: Decision) -> Decision:
    """What comes of a request whose way may be closed, if nothing but that is open."""
    if way.unless_broken is None or decision.is_denied:
        return decision
    depends_on = (*decision.depends_on, way.reason.removesuffix(" is not in the files"))
    return Decision(Verdict.DEPENDS, way.reason, decision.deciding, decision.policies, depends_on)


def _both(first: Decision, second: Decision) -> Decision:
    """What two proxies in a row say, neither of which surely denies."""
    is_allowed = first.is_allowed and second.is_allowed
    return Decision(
        Verdict.ALLOW if is_allowed else Verdict.DEPENDS,
        "the waypoint and the server's proxy let it in" if is_allowed else "parts that were left open decide",
        (*first.deciding, *second.deciding),
        (*first.policies, *second.policies),
        tuple(dict.fromkeys((*first.depends_on, *second.depends_on))),
    )


def _either(through: Access, past: Access, reason: str) -> Access:
    """What comes of a call of which nobody knows whether it passes a waypoint."""
    if through.decision.verdict is past.decision.verdict:
        return through
    deciding = (*through.decision.deciding, *past.decision.deciding)
    policies = (*through.decision.policies, *past.decision.policies)
    decision = Decision(
        Verdict.DEPENDS, "whether it passes a waypoint decides", deciding, policies, depends_on=(reason,)
    )
    way = Hop(Transport.DEPENDS, "whether it passes a waypoint is not in the files")
    same = through.hop.transport is past.hop.transport
    return Access(past.hop if same else way, decision, past.identity, through.waypoint)
