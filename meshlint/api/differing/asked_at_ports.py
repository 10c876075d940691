"""What the policies of a port ask of those who call it and of what they send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.matching import AddressSet, StringSet
from meshlint.resources.gateway_api.matches import GrpcMatch
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.security.access.desk import Port
from meshlint.security.access.istio.ports import IstioPort
from meshlint.security.access.linkerd import LinkerdPort
from meshlint.security.access.phrases import demand
from meshlint.security.istio import Guard
from meshlint.security.istio.admitted import TokenSet
from meshlint.security.istio.translate import Atom
from meshlint.security.linkerd.authorization.governing import Governing
from meshlint.security.linkerd.authorization.protocols import Protocol
from meshlint.traffic.conditions.gateway_api import condition_of

IDENTITY, SOURCE_IP, REMOTE_IP, DESTINATION_IP = "identity", "source IP", "remote IP", "destination IP"
METHOD, PATH, HOST, SNI, ISSUER, SUBJECT = "method", "path", "host", "SNI", "issuer", "subject"
HEADER, CLAIM, METADATA, QUERY = "header ", "claim ", "metadata ", "parameter "

Demand = tuple[str, StringSet | AddressSet, str]
"""A part of a call, what is asked of it, and the same in words."""

_NAMES = {
    "identity": IDENTITY,
    "source_ip": SOURCE_IP,
    "remote_ip": REMOTE_IP,
    "destination_ip": DESTINATION_IP,
    "sni": SNI,
    "host": HOST,
    "method": METHOD,
    "path": PATH,
}
_PSEUDO = {":method": METHOD, ":authority": HOST, "host": HOST, ":path": PATH}
_CALLS = StringSet.regex("/[^/]*/.*")
"""Paths that may be those of a gRPC call (Linkerd: route matching of the proxy)."""


def demands_of(port: Port) -> Iterator[Demand]:
    """Everything that decides at a port, wherever on the way it is asked."""
    if isinstance(port, LinkerdPort):
        yield from _of_linkerd(port)
    else:
        for guard in _guards(port):
            for atom in _atoms(guard):
                yield from _of_atom(atom)


def _guards(port: IstioPort) -> Iterator[Guard]:
    yield from port.access.guards
    if port.access.at_waypoint is not None:
        for guards in port.access.at_waypoint.guards.values():
            yield from guards


def _atoms(guard: Guard) -> Iterator[Atom]:
    for judges in guard.judges.values():
        for judge in judges:
            rule = judge.translated
            for clause in (*rule.sources, *rule.operations, rule.conditions):
                yield from clause


def _of_atom(atom: Atom) -> Iterator[Demand]:
    kind, *names = atom.attribute
    words = demand(atom).removeprefix("not ")
    if isinstance(atom.admitted, TokenSet):
        for principal in atom.admitted.principals:
            yield ISSUER, principal.issuer, principal.issuer.describe()
            yield SUBJECT, principal.subject, principal.subject.describe()
    elif isinstance(atom.admitted, StringSet | AddressSet):
        held = atom.admitted
        if kind in _NAMES:
            yield _NAMES[kind], held, words if kind == "identity" else held.describe()
        elif kind == "header":
            yield _PSEUDO.get(names[0], HEADER + names[0]), held, held.describe()
        elif kind == "claim":
            yield CLAIM + "/".join(names), held, held.describe()
        elif kind == "metadata":
            yield METADATA + "/".join(names), held, held.describe()


def _of_linkerd(port: LinkerdPort) -> Iterator[Demand]:
    for rule in port.policy.rules:
        yield from _of_requests(rule)
    for clients in port.clients:
        for box in clients.boxes:
            yield IDENTITY, box.identities.named, box.identities.named.describe()
            yield IDENTITY, box.identities.machines, box.identities.machines.describe()
            if not box.addresses.is_any():
                yield SOURCE_IP, box.addresses, box.addresses.describe()


def _of_requests(rule: Governing) -> Iterator[Demand]:
    if rule.probed:
        yield METHOD, StringSet.exact("GET"), '"GET"'
        probed = StringSet.exact(*rule.probed)
        yield PATH, probed, probed.describe()
    if rule.protocol is Protocol.GRPC:
        yield METHOD, StringSet.exact("POST"), '"POST"'
        yield PATH, _CALLS, "of a call"
    for route in rule.routes:
        yield from of_route(route)


def of_route(route: AnyRoute) -> Iterator[Demand]:
    """What a route asks of requests."""
    names = list(map(str, route.hostnames))
    if names:
        held = StringSet.union_of(map(_host, names))
        yield HOST, held, held.describe()
    for rule in route.rules:
        for match in rule.matches:
            condition = condition_of(match)
            if isinstance(match, GrpcMatch):
                yield METHOD, StringSet.exact("POST"), '"POST"'
                yield PATH, _CALLS, "of a call"
            yield from _plain(((PATH, condition.path), (METHOD, condition.method)))
            for name, wanted in condition.headers.items():
                yield from _plain((HEADER + name, one) for one in wanted.some)
            yield from _plain((QUERY + name, one) for name, one in condition.query.items())


def _plain(pairs: Iterable[tuple[str, StringSet]]) -> Iterator[Demand]:
    for name, held in pairs:
        if held != StringSet.anything():
            yield name, held, held.describe()


def _host(name: str) -> StringSet:
    return StringSet.suffix(name[1:].lower()) if name.startswith("*") else StringSet.exact(name.lower())
