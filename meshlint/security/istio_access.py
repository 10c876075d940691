"""Whether one workload of Istio may call another."""

from __future__ import annotations

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


def access(mesh: Mesh, client: Workload | None, server: Workload, request: Request) -> Access:
    """What comes of `request` to `server`; its `destination_port` is one of the server's container ports.

    The caller is `client`, else whoever the request says; without an identity it is outside of the mesh.
    """
    port = request.destination_port or 0
    if client is not None:
        way = hop(mesh, client, server, port)
        request = _identified(mesh, client, way, request)
    else:
        way = _stated(mesh, server, port, request)
    if way.transport is Transport.BROKEN:
        return Access(way, Decision(Verdict.DENY, way.reason), request.identity)
    return Access(way, _decided(mesh, server, port, request), request.identity)


def guards(mesh: Mesh, server: Workload, port: int) -> tuple[Guard, ...]:
    """What judges connections to a container port: one for each kind of listener that may take them."""
    attached = mesh.authorization_policies.attached_to(server)
    return tuple(guard(attached, chain, mesh.settings) for chain in chains(mesh, server, port))


def _decided(mesh: Mesh, server: Workload, port: int, request: Request) -> Decision:
    if port in UNCAPTURED:
        return Decision(Verdict.ALLOW, "the proxy's own ports are open to everyone")
    sidecar, ambient = istio_sidecar(mesh, server), istio_ambient(mesh, server)
    if sidecar.is_absent and ambient.is_absent:
        return Decision(Verdict.ALLOW, "the server has no proxy, so no policy guards it")
    if not sidecar.is_present and not ambient.is_present:
        return Decision(Verdict.DEPENDS, "whether the server has a proxy is not in the files")
    decisions = [one.decide(request) for one in guards(mesh, server, port) if _fits(one.chain, request)]
    if len({one.verdict for one in decisions}) == 1:
        return decisions[0]
    matches = tuple(match for one in decisions for match in one.deciding)
    return Decision(Verdict.DEPENDS, "the protocol decides", matches, depends_on=(_SAME,))


def _fits(chain: Chain, request: Request) -> bool:
    """Whether a listener may take the request: one with a method or a path is no plain connection."""
    speaks_http = request.method is not None or request.path is not None or request.host is not None
    return chain is not Chain.TCP or not speaks_http


def _identified(mesh: Mesh, client: Workload, way: Hop, request: Request) -> Request:
    if way.has_identity is None:
        return evolve(request, left_open=request.left_open | {"identity"})
    return evolve(request, identity=identity_of(mesh, client) if way.has_identity else None)


def _stated(mesh: Mesh, server: Workload, port: int, request: Request) -> Hop:
    if "identity" in request.left_open:
        return Hop(Transport.DEPENDS, "the caller is left open")
    if request.identity is None:
        return hop(mesh, None, server, port)
    return Hop(Transport.MUTUAL_TLS, "the caller shows an identity")
