"""What a controller says of a listener by itself: its protocol, its TLS, and the routes that it takes."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.gateway_api.gateway import Gateway
from meshlint.resources.gateway_api.listener import Listener, ListenerSet
from meshlint.resources.gateway_api.reference import GROUP, Reference, Target, reference
from meshlint.traffic.status.certificates import Certificates
from meshlint.traffic.status.conditions import (
    ACCEPTED,
    CONFLICTED,
    PROGRAMMED,
    RESOLVED,
    Condition,
    Objection,
    Truth,
    first,
    judged,
)
from meshlint.traffic.status.controllers import EAST_WEST, WAYPOINT, is_istio
from meshlint.traffic.status.permissions import REF_NOT_PERMITTED, Permissions
from meshlint.values import frozen

UNSUPPORTED = "UnsupportedProtocol"
INVALID = "Invalid"
INVALID_KINDS = "InvalidRouteKinds"
INVALID_CERTIFICATE = "InvalidCertificateRef"
INVALID_CA = "InvalidCACertificateRef"
INVALID_CA_KIND = "InvalidCACertificateKind"
NO_VALID_CA = "NoValidCACertificate"
HBONE_PORT = 15008
_MODE = "gateway.istio.io/tls-terminate-mode"
_OWN_CERTIFICATE = frozenset({"ISTIO_SIMPLE", "ISTIO_MUTUAL"})
_MOST_CERTIFICATES = 2
_ENCRYPTED = frozenset({"HTTPS", "TLS"})
_PROTOCOLS = frozenset({"HTTP", "HTTPS", "TLS", "TCP"})
_KINDS = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TCP": ("TCPRoute",),
    "TLS": ("TLSRoute",),
    "UDP": ("UDPRoute",),
}
_DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}

Owner = Gateway | ListenerSet


@frozen(eq=False, repr=False)
class ListenerStatus:
    """A listener of a Gateway or a ListenerSet as its controller judges it.

    `is_valid` tells whether it can be programmed (None: that depends on what no file shows), `is_served`
    whether it is opened at all, and `takes_routes` whether routes may name it.
    """

    owner: Owner
    gateway: Gateway
    listener: Listener
    kinds: tuple[str, ...]
    conditions: tuple[Condition, ...]
    is_valid: bool | None
    is_served: bool
    takes_routes: bool

    @property
    def lacks_tls(self) -> bool:
        """Whether it is not opened for want of `tls`, though its controller takes it."""
        return self.is_valid is not False and not self.is_served

    @property
    def port(self) -> int | None:
        """The port, with what a ListenerSet leaves to the protocol."""
        return port_of(self.listener)


@frozen(eq=False, repr=False)
class Judge:
    """Whoever judges listeners: the controller of their Gateway, and what it looks up."""

    controller: str | None
    permissions: Permissions
    certificates: Certificates


def port_of(listener: Listener) -> int | None:
    """The port of a listener; a ListenerSet may leave it to the protocol (Gateway API: ListenerEntry)."""
    return listener.port or _DEFAULT_PORTS.get(str(listener.protocol or ""))


def supported_kinds(listener: Listener, controller: str | None) -> tuple[str, ...]:
    """The kinds of routes that a listener takes, by its protocol and by what it allows.

    TLS that is ended here carries bytes as well (Istio: supported kinds of listeners).
    """
    protocol = str(listener.protocol or "")
    kinds = () if protocol == "UDP" and is_istio(controller) else _KINDS.get(protocol, ())
    if protocol == "TLS" and listener.tls is not None and listener.tls.mode == "Terminate":
        kinds = (*kinds, "TCPRoute")
    allowed = listener.allowed_routes.kinds
    if not allowed:
        return kinds
    wanted = {str(one.kind) for one in allowed if one.group == GROUP}
    return tuple(kind for kind in kinds if kind in wanted)


def judge_listener(judge: Judge, owner: Owner, gateway: Gateway, listener: Listener) -> ListenerStatus:
    """What the controller says of a listener that is in no conflict (Istio: buildListener)."""
    certificate = _certificates_objection(judge, owner, listener)
    authority = _authority_objection(judge, owner, gateway, listener)
    tls = first(one for one in (certificate, authority) if one is not None)
    accepted = _acceptance(judge, owner, listener, _without_authority(judge, tls, tls is authority))
    kinds = supported_kinds(listener, judge.controller)
    placeholder = str(listener.protocol) in _ENCRYPTED and listener.tls is None and is_istio(judge.controller)
    lacks_tls = placeholder and isinstance(owner, ListenerSet)
    programmed = _bad_tls(tls, listener) if not lacks_tls else _bad(listener, "it has no `tls`")
    conditions = (
        judged(ACCEPTED, accepted),
        Condition(CONFLICTED, Truth.FALSE, "NoConflicts"),
        judged(PROGRAMMED, programmed),
        judged(RESOLVED, _kinds_objection(listener, kinds) or tls),
    )
    outside = judge.controller == WAYPOINT or (judge.controller == EAST_WEST and listener.port == HBONE_PORT)
    valid = _is_valid(judge, listener, tls, lacks_tls)
    served = not placeholder
    return ListenerStatus(owner, gateway, listener, kinds, conditions, valid, served, served and not outside)


def _is_valid(judge: Judge, listener: Listener, tls: Objection | None, lacks_tls: bool) -> bool | None:
    if lacks_tls or _protocol_objection(judge, listener) is not None:
        return False
    if tls is None:
        return True
    return False if tls.certain else None


def _acceptance(
    judge: Judge, owner: Owner, listener: Listener, without_authority: Objection | None
) -> Objection | None:
    """What speaks against taking a listener; what Istio looks at last counts first."""
    found = (
        _expected(judge.controller, listener),
        _lacking_tls(judge, owner, listener),
        _protocol_objection(judge, listener),
        _portless(owner, listener),
    )
    return next((one for one in found if one is not None), without_authority)


def _without_authority(judge: Judge, tls: Objection | None, of_authority: bool) -> Objection | None:
    """Of TLS, only authorities stand against it: the rest is told of its references alone.

    Istio says the same of certificates without a grant.
    """
    if tls is None:
        return None
    if not of_authority and not (tls.reason == REF_NOT_PERMITTED and is_istio(judge.controller)):
        return None
    return Objection(NO_VALID_CA, tls.words, tls.field, tls.certain)


def _protocol_objection(judge: Judge, listener: Listener) -> Objection | None:
    protocol = str(listener.protocol or "")
    own = judge.controller in (WAYPOINT, EAST_WEST)
    if protocol in _PROTOCOLS or (protocol == "HBONE" and own):
        return None
    field = listener.field / "protocol"
    if not is_istio(judge.controller):
        # Other controllers may have protocols of their own, under a domain (Gateway API: ProtocolType).
        certain = "/" not in protocol
        words = f"protocol {protocol!r} {'is not known' if certain else 'must be known'}"
        return None if protocol == "UDP" else Objection(UNSUPPORTED, words, field, certain)
    words = f"Istio knows no protocol {protocol!r} here"
    if protocol.upper() in _PROTOCOLS:
        words = f"protocol {protocol!r} has to be written {protocol.upper()!r}"
    return Objection(UNSUPPORTED, words, field)


def _portless(owner: Owner, listener: Listener) -> Objection | None:
    if isinstance(owner, Gateway) or port_of(listener):
        return None
    words = f"protocol {str(listener.protocol)!r} has no port of its own"
    return Objection(UNSUPPORTED, words, listener.field / "protocol")


def _lacking_tls(judge: Judge, owner: Owner, listener: Listener) -> Objection | None:
    bare = str(listener.protocol) in _ENCRYPTED and listener.tls is None
    if not bare or isinstance(owner, Gateway) or not is_istio(judge.controller):
        return None
    return Objection(UNSUPPORTED, f"{listener.protocol} needs `tls`", listener.field / "protocol")


def _expected(controller: str | None, listener: Listener) -> Objection | None:
    """Waypoints listen on the port of HBONE alone; gateways between networks pass TLS through beside it."""
    plain = listener.port == HBONE_PORT and listener.protocol == "HBONE"
    tls_mode = None if listener.tls is None else listener.tls.mode
    if controller == WAYPOINT and not plain:
        words = f"a waypoint listens on port {HBONE_PORT} with protocol HBONE alone"
    elif controller == EAST_WEST and listener.port == HBONE_PORT and not (plain and tls_mode == "Terminate"):
        words = f"port {HBONE_PORT} is for protocol HBONE with TLS that is ended there"
    elif (
        controller == EAST_WEST
        and listener.port != HBONE_PORT
        and not (listener.protocol == "TLS" and tls_mode == "Passthrough")
    ):
        words = "beside HBONE, gateways between networks pass TLS through"
    else:
        return None
    return Objection(UNSUPPORTED, words, listener.field / "protocol")


def _bad_tls(tls: Objection | None, listener: Listener) -> Objection | None:
    return None if tls is None else _bad(listener, tls.words, tls.field, tls.certain)


def _bad(listener: Listener, words: str, field: Field | None = None, certain: bool = True) -> Objection:
    return Objection(INVALID, words, field or listener.field / "protocol", certain)


def _kinds_objection(listener: Listener, kinds: tuple[str, ...]) -> Objection | None:
    """Istio counts: as many kinds as are allowed have to be among those of the protocol."""
    allowed = listener.allowed_routes.kinds
    if len(kinds) == len(allowed) or not allowed:
        return None
    odd = [one for one in allowed if one.group != GROUP or str(one.kind) not in kinds]
    names = ", ".join(str(one.kind) for one in odd) or "a kind twice"
    field = odd[0].field if odd else listener.allowed_routes.field / "kinds"
    return Objection(INVALID_KINDS, f"protocol {listener.protocol} takes no {names}", field)


def _certificates_objection(judge: Judge, owner: Owner, listener: Listener) -> Objection | None:
    """What is wrong with the certificates of a listener (Istio: buildTLS)."""
    tls = listener.tls
    if tls is None or not _ends_tls(judge, listener):
        return None
    if is_istio(judge.controller) and len(tls.certificate_refs) > _MOST_CERTIFICATES:
        words = f"Istio takes {_MOST_CERTIFICATES} certificates at most"
        return Objection(INVALID_CERTIFICATE, words, tls.field / "certificateRefs")
    found = [_certificate_objection(judge, owner, one) for one in tls.certificate_refs]
    bad = [one for one in found if one is not None]
    # One good certificate is enough; what is unknown may be good.
    return _doubted(bad) if bad and len(bad) == len(found) else None


def _ends_tls(judge: Judge, listener: Listener) -> bool:
    """Whether a listener ends TLS by the certificates that it names."""
    if listener.tls is None or listener.tls.mode != "Terminate":
        return False
    return not (is_istio(judge.controller) and listener.tls.options.get(_MODE) in _OWN_CERTIFICATE)


def _doubted(bad: list[Objection]) -> Objection:
    told = bad[0]
    certain = all(one.certain for one in bad)
    return told if told.certain == certain else Objection(told.reason, told.words, told.field, certain)


def _certificate_objection(judge: Judge, owner: Owner, certificate: Reference) -> Objection | None:
    denied = judge.permissions.objection(
        owner.resource, certificate, f"certificate {str(certificate.name)!r}"
    )
    broken = judge.certificates.pair_problem(certificate, INVALID_CERTIFICATE)
    return first(one for one in (denied, broken) if one is not None)


def _authority_objection(
    judge: Judge, owner: Owner, gateway: Gateway, listener: Listener
) -> Objection | None:
    """What is wrong with the authority that clients' certificates are checked by, of a Gateway's `tls`."""
    refs = _frontend(gateway, port_of(listener)).items("caCertificateRefs")
    if not refs or not _ends_tls(judge, listener):
        return None
    if len(refs) > 1 and is_istio(judge.controller):
        return Objection(INVALID_CA, "Istio takes one authority alone", refs[1])
    found = reference(refs[0], Target("", "ConfigMap", owner.namespace))
    denied = judge.permissions.objection(owner.resource, found, f"authority {str(found.name)!r}")
    if not (found.is_a("", "ConfigMap") or found.is_a("", "Secret")):
        broken: Objection | None = Objection(
            INVALID_CA_KIND, f"no authority is read from kind {found.kind}", found.field / "kind"
        )
    else:
        broken = judge.certificates.root_problem(found, INVALID_CA, parsed=True)
    return first(one for one in (denied, broken) if one is not None)


def _frontend(gateway: Gateway, port: int | None) -> Field:
    """How the clients of a port are checked (Gateway API: spec.tls.frontend)."""
    frontend = gateway.resource.spec / "tls" / "frontend"
    for one in frontend.items("perPort"):
        if one.integer("port") == port:
            return one / "tls" / "validation"
    return frontend / "default" / "validation"


def insecure_mode(gateway: Gateway) -> Field | None:
    """Where a Gateway lets clients without a valid certificate in."""
    frontend = gateway.resource.spec / "tls" / "frontend"
    places = [frontend / "default", *(one / "tls" for one in frontend.items("perPort"))]
    modes = (place / "validation" / "mode" for place in places)
    return next((mode for mode in modes if mode.value == "AllowInsecureFallback"), None)
