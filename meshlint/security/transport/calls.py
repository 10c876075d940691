"""How a call travels between two workloads of Istio: encrypted and identified, plain, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.hosts.services import target_ports
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources import Resource
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import ObjectId
from meshlint.security.membership.istio import carries_proxy, is_filled_in, istio_ambient, istio_sidecar
from meshlint.security.transport.capture import inbound_bypass, outbound_bypass
from meshlint.security.transport.clients import MESH, ONE_WAY, OWN_CERTIFICATES, PLAINTEXT
from meshlint.security.transport.hidden import barring_sidecar, hiding_sidecar
from meshlint.security.transport.inbound import protocols
from meshlint.security.transport.modes import written_modes
from meshlint.security.transport.servers import namespace_mtls, workload_mtls
from meshlint.values import frozen


class Transport(Enum):
    """What a hop is; DEPENDS where something outside of the files decides."""

    MUTUAL_TLS = "mTLS"
    PLAINTEXT = "plaintext"
    ONE_WAY_TLS = "one-way TLS"
    OWN_TLS = "mutual TLS"
    PASSED_TLS = "TLS of the applications"
    BROKEN = "broken"
    DEPENDS = "depends"


class _Sent(Enum):
    RAW = "raw"
    MESH = "mesh"
    ONE_WAY = "one way"
    OWN = "own certificates"
    UNKNOWN = "unknown"


TLS_MODE = "security.istio.io/tlsMode"
_TUNNEL = "networking.istio.io/tunnel"
_OVER_ZTUNNEL = "ztunnel takes calls from the mesh over mTLS"
_WHICH = "which of several policies is the oldest and counts is not in the files"
_BY_MODE = {PLAINTEXT: _Sent.RAW, ONE_WAY: _Sent.ONE_WAY, OWN_CERTIFICATES: _Sent.OWN, MESH: _Sent.MESH}


@frozen(eq=False, repr=False)
class Client:
    """Pods with a sidecar that call; `labels` are None where any of the namespace are meant."""

    namespace: str
    labels: Mapping[str, str] | None = None


@frozen(eq=False, repr=False)
class Way:
    """A Service and the number of the port of it that a client calls."""

    service: Service
    port: int


@frozen(eq=False, repr=False)
class Hop:
    """How the calls of one client to one container port travel, and the objects that decide it.

    `unless_broken` is how they travel if they do, where that is all that depends.
    """

    transport: Transport
    reason: str
    deciding: tuple[Resource, ...] = ()
    unless_broken: Transport | None = None

    @property
    def has_identity(self) -> bool | None:
        """Whether the server's policies see who calls; None where that depends."""
        transport = self.unless_broken or self.transport
        return None if transport is Transport.DEPENDS else transport is Transport.MUTUAL_TLS


def hop(mesh: Mesh, client: Workload | None, server: Workload, port: int) -> Hop:
    """How calls of `client` (None: one outside of the mesh) to a container port of `server` travel.

    (Istio: what a client sends against what a server takes.)
    """
    if istio_ambient(mesh, server).is_present:
        return _to_ztunnel(mesh, client, server, port)
    if client is not None and _tunnels(mesh, client, server):
        return Hop(Transport.MUTUAL_TLS, "ztunnel takes calls to sidecars through a tunnel with mTLS")
    called = [(one.service, one.port) for one in ways(mesh, server, port)]
    barring = None if client is None else barring_sidecar(mesh, client, called)
    if barring is not None:
        return Hop(Transport.BROKEN, "the client's Sidecar leaves the service out", (barring,))
    sent, rules = _sent(mesh, client, server, port)
    return _arriving(mesh, sent, rules, server, port)


def sidecar_hop(mesh: Mesh, namespace: str, way: Way, server: Workload, port: int) -> Hop:
    """How calls of pods with a sidecar in `namespace` travel on `way` to a container port of `server`."""
    if istio_ambient(mesh, server).is_present:
        return Hop(Transport.MUTUAL_TLS, _OVER_ZTUNNEL)
    sent, rules = _sent_by_sidecar(mesh, Client(namespace), (way,), server, port)
    return _arriving(mesh, sent, rules, server, port)


def hop_from_proxy(
    mesh: Mesh,
    mode: str | None,
    way: Way | None,
    server: Workload,
    port: int,
    *,
    outside: bool = False,
    guess: bool = False,
) -> Hop:
    """How calls of a proxy of the mesh, a sidecar's or a gateway's, to a container port of `server` travel.

    `mode` is the TLS mode that is in force for the client; None leaves it to automatic mutual TLS. That is
    never chosen for what is taken for the outside of the mesh (Istio: client mode). With `guess`, names stand
    in for the age of policies.
    """
    mode = PLAINTEXT if outside and mode is None else mode
    if istio_ambient(mesh, server).is_present and mode in (None, MESH):
        return Hop(Transport.MUTUAL_TLS, _OVER_ZTUNNEL)
    leading = () if way is None else (way,)
    if mode is None:
        sent = _automatic(mesh, leading, server, port, guess=guess)
    else:
        sent = _BY_MODE.get(mode, _Sent.UNKNOWN)
    return _arriving(mesh, sent, (), server, port, guess=guess)


def _tunnels(mesh: Mesh, client: Workload, server: Workload) -> bool:
    """Whether the client's ztunnel has a tunnel to the server's sidecar, whatever mode is set for its port.

    Where ambient mode is installed, injected sidecars end tunnels, too, unless a label of their pods says
    otherwise (Istio: the injection template, and ambient's profile).
    """
    if not istio_ambient(mesh, client).is_present or not istio_sidecar(mesh, server).is_present:
        return False
    return server.pod.labels.get(_TUNNEL, "http") == "http"


def _arriving(
    mesh: Mesh,
    sent: _Sent,
    rules: tuple[DestinationRule, ...],
    server: Workload,
    port: int,
    *,
    guess: bool = False,
) -> Hop:
    """What comes of what a client sends to a server outside of ambient mode."""
    deciding = tuple(rule.resource for rule in rules)
    if sent is _Sent.UNKNOWN:
        return Hop(Transport.DEPENDS, "whether both sides have a proxy is not in the files", deciding)
    membership = istio_sidecar(mesh, server)
    if membership.is_absent:
        return _to_plain_server(sent, deciding)
    if membership.is_present and inbound_bypass(server).takes(port):
        return _past_the_proxy(sent, deciding)
    mtls = workload_mtls(mesh, server, port)
    mtls = mtls.guessed() if guess else mtls
    deciding = (*deciding, *(policy.resource for policy in mtls.deciding))
    if not membership.is_present:
        return Hop(Transport.DEPENDS, "what the server's proxy takes is not in the files", deciding)
    http = {protocol.is_http for protocol in protocols(mesh, server, port)} == {True}
    return _agreed([_to_sidecar(sent, mode, http, deciding) for mode in mtls.modes], deciding)


def _agreed(hops: list[Hop], deciding: tuple[Resource, ...]) -> Hop:
    """What comes of several hops of which nobody knows which one it is."""
    found = {one.transport: one for one in hops}
    if len(found) == 1:
        return hops[0]
    whole = [one for one in found if one is not Transport.BROKEN]
    unless_broken = whole[0] if len(whole) == 1 else None
    return Hop(Transport.DEPENDS, _WHICH, deciding, unless_broken)


def _to_sidecar(sent: _Sent, mode: MtlsMode, http: bool, deciding: tuple[Resource, ...]) -> Hop:
    strict, disabled = mode is MtlsMode.STRICT, mode is MtlsMode.DISABLE
    if sent is _Sent.RAW:
        if strict:
            return Hop(Transport.BROKEN, "the client sends plaintext and the server demands mTLS", deciding)
        return Hop(Transport.PLAINTEXT, "the client sends plaintext and the server takes it", deciding)
    if sent is _Sent.MESH:
        if disabled:
            return Hop(Transport.BROKEN, "the client sends mTLS and the server has turned it off", deciding)
        return Hop(Transport.MUTUAL_TLS, "both proxies speak mTLS", deciding)
    if strict and sent is _Sent.ONE_WAY:
        return Hop(Transport.BROKEN, "the client shows no certificate and the server demands one", deciding)
    if strict:
        return Hop(Transport.DEPENDS, "the server has to accept the client's own certificate", deciding)
    if http:
        return Hop(Transport.BROKEN, "the client sends TLS to a port that is declared as HTTP", deciding)
    return Hop(Transport.PASSED_TLS, "the client's TLS goes through to the application", deciding)


def _to_plain_server(sent: _Sent, deciding: tuple[Resource, ...]) -> Hop:
    if sent is _Sent.RAW:
        return Hop(Transport.PLAINTEXT, "the server has no proxy", deciding)
    if sent is _Sent.MESH:
        return Hop(Transport.BROKEN, "the client sends the mesh's mTLS to a server without proxy", deciding)
    return Hop(Transport.ONE_WAY_TLS, "the application has to speak TLS itself", deciding)


def _past_the_proxy(sent: _Sent, deciding: tuple[Resource, ...]) -> Hop:
    """The client's proxy goes by the pod's label and does not know of the port (Istio: excluded ports)."""
    if sent is _Sent.RAW:
        return Hop(Transport.PLAINTEXT, "the port goes past the server's proxy", deciding)
    if sent is _Sent.MESH:
        return Hop(
            Transport.BROKEN, "the client sends mTLS and the port goes past the server's proxy", deciding
        )
    return Hop(Transport.ONE_WAY_TLS, "the application has to speak TLS itself", deciding)


def _to_ztunnel(mesh: Mesh, client: Workload | None, server: Workload, port: int) -> Hop:
    if client is not None:
        ambient, sidecar = istio_ambient(mesh, client), istio_sidecar(mesh, client)
        if ambient.is_present or sidecar.is_present:
            return Hop(Transport.MUTUAL_TLS, _OVER_ZTUNNEL)
        if not (ambient.is_absent and sidecar.is_absent):
            return Hop(Transport.DEPENDS, "whether the client is in the mesh is not in the files")
    mtls = workload_mtls(mesh, server, port)
    deciding = tuple(policy.resource for policy in mtls.deciding)
    if mtls.accepts_plaintext is None:
        return Hop(Transport.DEPENDS, _WHICH, deciding, Transport.PLAINTEXT)
    if mtls.accepts_plaintext:
        return Hop(
            Transport.PLAINTEXT, "the client is outside of the mesh and ztunnel takes plaintext", deciding
        )
    return Hop(Transport.BROKEN, "the client is outside of the mesh and mTLS is demanded", deciding)


def _sent(
    mesh: Mesh, client: Workload | None, server: Workload, port: int
) -> tuple[_Sent, tuple[DestinationRule, ...]]:
    """What the client's proxy sends (Istio: client side of mutual TLS)."""
    if client is None:
        return _Sent.RAW, ()
    membership = istio_sidecar(mesh, client)
    if not membership.is_present:
        ambient = istio_ambient(mesh, client)
        if membership.is_absent and ambient.is_absent:
            return _Sent.RAW, ()
        # ztunnel speaks plaintext to what has no tunnel of its own.
        return (_Sent.RAW if ambient.is_present else _Sent.UNKNOWN), ()
    leading, bypass = ways(mesh, server, port), outbound_bypass(client)
    if leading and all(hiding_sidecar(mesh, client, way.service, way.port) for way in leading):
        return _Sent.RAW, ()
    past = {bypass.takes(way.port) for way in leading}
    if True in past:
        return (_Sent.UNKNOWN if False in past else _Sent.RAW), ()
    return _sent_by_sidecar(mesh, Client(client.namespace, client.pod.labels), leading, server, port)


def _sent_by_sidecar(
    mesh: Mesh, client: Client, leading: Sequence[Way], server: Workload, port: int
) -> tuple[_Sent, tuple[DestinationRule, ...]]:
    for way in leading:
        modes, rules = written_modes(mesh, client.namespace, client.labels, way.service, way.port)
        if modes:
            agreed = len(modes) == 1
            return (_BY_MODE.get(next(iter(modes)), _Sent.UNKNOWN) if agreed else _Sent.UNKNOWN), rules
    return _automatic(mesh, leading, server, port), ()


def _automatic(
    mesh: Mesh, leading: Sequence[Way], server: Workload, port: int, *, guess: bool = False
) -> _Sent:
    """What automatic mTLS sends: the mesh's own where the endpoint is known to take it."""
    off = MtlsMode.DISABLE
    wide, narrow = namespace_mtls(mesh, server.namespace), workload_mtls(mesh, server, port)
    around, modes = (wide.guessed(), narrow.guessed()) if guess else (wide, narrow)
    if not mesh.settings.auto_mtls or around.modes == {off}:
        return _Sent.RAW
    if leading and all(way.service.is_headless for way in leading):
        return _unless(off in around.modes, _to_every_pod(_behind(mesh, leading[0].service)))
    if modes.modes == {off}:
        return _Sent.RAW
    return _unless(off in around.modes | modes.modes, _to_every_pod([_is_known_to_take(mesh, server)]))


def _unless(contested: bool, sent: _Sent) -> _Sent:
    """What is sent; not known where one of several policies, the oldest of which counts, turns mTLS off."""
    return _Sent.UNKNOWN if contested and sent is _Sent.MESH else sent


def _behind(mesh: Mesh, service: Service) -> list[bool | None]:
    """Of each workload behind a Service, whether its pods are known to take mTLS.

    Of one that is written several times, only what all of its versions agree on is known.
    """
    told: dict[ObjectId, set[bool | None]] = {}
    for one in mesh.services.backing(service):
        if belong_together(service.resource, one.resource):
            told.setdefault(one.resource.id, set()).add(_is_known_to_take(mesh, one))
    return [answers.pop() if len(answers) == 1 else None for answers in told.values()]


def _to_every_pod(known: list[bool | None]) -> _Sent:
    """What all pods get alike: behind a headless Service plaintext as soon as one of them takes no mTLS.

    The mode of single workloads is not looked at there (Istio: automatic mTLS of passthrough clusters).
    """
    if False in known:
        return _Sent.RAW
    return _Sent.UNKNOWN if None in known else _Sent.MESH


def _is_known_to_take(mesh: Mesh, server: Workload) -> bool | None:
    """Whether pods carry the label by which clients choose mTLS; injection sets it unless it is written.

    A proxy that is written into the pods by hand is not known to clients without it (Istio: tlsMode label).
    """
    written = server.pod.labels.get(TLS_MODE)
    if written is not None:
        return written == "istio"
    if carries_proxy(server) and not is_filled_in(server):
        return False
    membership = istio_sidecar(mesh, server)
    return None if not membership.is_present and not membership.is_absent else membership.is_present


def ways(mesh: Mesh, server: Workload, port: int) -> list[Way]:
    """The Service ports that lead to a container port."""
    return [
        Way(service, one.port)
        for service in mesh.services.of(server)
        for one in service.ports
        if one.port is not None and port in target_ports(one, server)
    ]
