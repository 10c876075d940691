"""Whom the policies of a port let in, with what, and by which rule: sets rather than one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.security.access import phrases
from meshlint.security.access.decision import Decider, Effect
from meshlint.security.access.istio.gateways import GatewayPort
from meshlint.security.access.istio.openings import Proof, kinds
from meshlint.security.access.istio.ports import IstioPort, request_of, rule_decider
from meshlint.security.access.linkerd import LinkerdPort, grant_decider
from meshlint.security.access.linkerd import what as requests_of
from meshlint.security.access.request import AccessRequest
from meshlint.security.istio import Chain, Guard, Request
from meshlint.security.istio.openings import Openings, Region, openings, without_overlap
from meshlint.security.linkerd.authorization.answer import admitted
from meshlint.security.transport.calls import Transport
from meshlint.values import evolve, field, frozen

_OVER = {Chain.HTTP: "HTTP", Chain.TCP: "TCP", Chain.ZTUNNEL: "TCP"}


@frozen(eq=False, repr=False)
class Bar:
    """What is taken out of an admission, and by which rule."""

    what: str
    decider: Decider


@frozen(eq=False, repr=False)
class Admission:
    """Callers that something lets in, with what; `by` is None where nothing keeps anybody out.

    `where` names the proxy if it is not the server's own, `over` the protocol if the port takes several.
    """

    who: str
    what: str
    by: Decider | None = None
    less: tuple[Bar, ...] = ()
    asks: tuple[Decider, ...] = ()
    where: str = ""
    over: str = ""
    note: str = ""
    openings: Openings | None = field(default=None)


def admissions(port: GatewayPort | IstioPort | LinkerdPort, asked: AccessRequest) -> tuple[Admission, ...]:
    """Who is let in to a port, of the requests that are like `asked` in what it gives."""
    if isinstance(port, LinkerdPort):
        return tuple(_of_linkerd(port))
    return tuple(_of_gateway(port, asked) if isinstance(port, GatewayPort) else _of_istio(port, asked))


def _of_gateway(port: GatewayPort, asked: AccessRequest) -> Iterator[Admission]:
    """Of a listener that asks for no certificate, nobody with an identity."""
    request = request_of(asked, port.target.port, None, anyone=True)
    for opening in tuple(kinds(port.openings)) or (None,):
        bare = opening is not None and opening.proof is Proof.NONE
        at = evolve(request, left_open=request.left_open - {"identity"}) if bare else request
        yield from _of_guards(port.guards(opening), at, "")


def _of_istio(port: IstioPort, asked: AccessRequest) -> Iterator[Admission]:
    request = request_of(asked, port.target.port, None, anyone=True)
    waypoint = port.access.at_waypoint
    if waypoint is not None:
        for number, guards in waypoint.guards.items():
            at = request_of(asked, number, None, anyone=True)
            yield from _of_guards(guards, at, str(waypoint.waypoint))
    unguarded = port.access.unguarded
    if unguarded is not None:
        yield Admission(phrases.ANYONE, phrases.ANYTHING, note=unguarded.reason)
        return
    plain = port.access.hop_of(None)
    note = plain.reason if plain.transport is Transport.BROKEN else ""
    yield from _of_guards(port.access.guards, request, "", note)


def _of_guards(
    guards: tuple[Guard, ...], request: Request, where: str, note: str = ""
) -> Iterator[Admission]:
    several = len(guards) > 1
    for guard in guards:
        found = openings(guard, request)
        for opening in map(without_overlap, found.all):
            region = opening.region
            yield Admission(
                _in_mesh(phrases.who(region), note),
                phrases.what(region),
                None if region.match is None else rule_decider(region.match),
                tuple(_bars(opening.barred)),
                tuple(rule_decider(one.match) for one in opening.asked if one.match is not None),
                where,
                _OVER[guard.chain] if several else "",
                note,
                found,
            )


def _in_mesh(who: str, note: str) -> str:
    """Where plaintext is refused, anyone is anyone in the mesh."""
    return "anyone in the mesh" if note and who == phrases.ANYONE else who


def _bars(barred: Iterable[Region]) -> Iterator[Bar]:
    for region in barred:
        if region.match is not None:
            yield Bar(phrases.whole(region), rule_decider(region.match))


def _of_linkerd(port: LinkerdPort) -> Iterator[Admission]:
    settings = port.policy.mesh.settings.linkerd
    for entry in admitted(port.policy.mesh, port.target.workload, port.target.port):
        what = requests_of(entry)
        if not entry.is_enforced:
            yield Admission(phrases.ANYONE, what, note="no proxy enforces a policy")
        elif entry.path is not None:
            yield Admission(phrases.clients(settings, entry.clients), what, note="probe of the kubelet")
        for grant in entry.grants:
            who = phrases.ANYONE if grant.clients is None else phrases.clients(settings, grant.clients)
            note = "only recorded, as an audit" if grant.audit else ""
            yield Admission(who, what, grant_decider(grant, Effect.ALLOWS), note=note)
        for grant in entry.open_ends:
            yield Admission(f"whom {grant.label} requires", what, grant_decider(grant, Effect.ALLOWS))
