"""A request to a port that Istio guards, or that nothing guards."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.decision import AccessDecision, Decider, Effect, Explanation, Verdict
from meshlint.security.access.ends import Target
from meshlint.security.access.istio.namespaces import accounts_of, narrowed
from meshlint.security.access.istio.workloads import Access, PortAccess
from meshlint.security.access.request import ALWAYS_THERE, AccessRequest
from meshlint.security.istio import Decision, Match, Request
from meshlint.security.istio.listeners import fitting
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.presence import Dataplane
from meshlint.security.transport.calls import Hop, Transport
from meshlint.values import evolve, frozen

_SCHEME = "spiffe://"
_EFFECTS = {"ALLOW": Effect.ALLOWS, "DENY": Effect.DENIES, "CUSTOM": Effect.ASKS}
VERDICTS = {verdict.value: verdict for verdict in Verdict}
"""What a guard says, in the words of an answer."""
_HTTP = frozenset({"headers", "claims", "metadata"})


@frozen(eq=False, repr=False)
class IstioPort:
    """A container port, made ready to be asked about."""

    target: Target
    access: PortAccess
    dataplane: Dataplane | None

    def ask(self, client: Workload | None, asked: AccessRequest) -> AccessDecision:
        """What comes of a request by a workload, or by whoever the request names."""
        namespace = asked.namespace if client is None else None
        request = request_of(asked, self.target.port, client, anyone=namespace is not None)
        found = self.access.ask(client, request)
        if namespace is not None and found.waypoint is None and self.access.sees_identities:
            found = self._narrowed(found, request, namespace)
        decision = found.decision
        return AccessDecision(
            VERDICTS[decision.verdict.value],
            decision.reason,
            found.hop,
            self.target.workload,
            self.target.port,
            client,
            found.identity,
            self.dataplane,
            lambda: deciders(found, decision),
            decision.depends_on or _undecided(found),
            lambda: self._explained(found, request),
        )

    def _narrowed(self, found: Access, request: Request, namespace: str) -> Access:
        accounts = accounts_of(self.access.mesh.settings.trust_domain, namespace)
        guards = fitting(self.access.guards, request)
        way = Hop(Transport.MUTUAL_TLS, "a caller with an identity comes over mTLS")
        decision = narrowed(found.decision, guards, request, accounts)
        return evolve(found, decision=decision, hop=way if self.dataplane is not None else found.hop)

    def _explained(self, found: Access, request: Request) -> Explanation:
        from meshlint.security.access.istio.wanting import let_in, needs

        if found.hop.transport is Transport.BROKEN:
            return Explanation((), (f"another way in: {found.decision.reason}",))
        if found.identity is not None:
            request = evolve(request, identity=found.identity)
        judging = [(guards, request) for guards in (self.access.guards,)]
        if found.waypoint is not None and self.access.at_waypoint is not None:
            at = self.access.at_waypoint.guards.items()
            judging = [(guards, evolve(request, destination_port=port)) for port, guards in at]
        asked = [(fitting(guards, one), one) for guards, one in judging]
        if found.decision.is_denied:
            return Explanation((), tuple(str(need) for guards, one in asked for need in needs(guards, one)))
        return Explanation(tuple(words for guards, one in asked for words in let_in(guards, one)))


def istio_port(mesh: Mesh, target: Target) -> IstioPort:
    """The port of `target` as Istio sees it."""
    access = PortAccess(mesh, target.workload, target.port, target.service)
    return IstioPort(target, access, dataplane_of(mesh, target.workload))


def dataplane_of(mesh: Mesh, workload: Workload) -> Dataplane | None:
    """Which of Istio's proxies sees the traffic of a workload; None where none surely does."""
    if istio_sidecar(mesh, workload).is_present:
        return Dataplane.ISTIO_SIDECAR
    return Dataplane.ISTIO_AMBIENT if istio_ambient(mesh, workload).is_present else None


def request_of(asked: AccessRequest, port: int, client: Workload | None, *, anyone: bool = False) -> Request:
    """The request as a proxy before the port sees it; what each request has is open if it is not given.

    With `anyone`, so is who sends it.
    """
    missing = {part for part in ALWAYS_THERE if getattr(asked, part) is None}
    if asked.is_connection:
        missing |= _HTTP
    if asked.source_ip is None and asked.remote_ip is None:
        missing.add("remote_ip")
    if (client is not None or anyone) and asked.sni is None:
        missing.add("sni")
    if anyone:
        missing.add("identity")
    identity = asked.principal
    return Request(
        identity=None if identity is None else identity.removeprefix(_SCHEME),
        source_ip=asked.source_ip,
        remote_ip=asked.remote_ip,
        destination_ip=asked.destination_ip,
        destination_port=port,
        sni=asked.sni,
        host=asked.host,
        method=asked.method,
        path=asked.path,
        headers=asked.headers,
        claims=asked.claims,
        metadata=asked.metadata,
        space_delimited_claims=asked.space_delimited_claims,
        provider_allows=asked.provider_allows,
        left_open=asked.left_open | missing,
    )


def policy_decider(policy: AuthorizationPolicy, effect: Effect) -> Decider:
    """A policy as a whole, as one that decides."""
    resource = policy.resource
    return Decider(effect, str(resource), resource.at("metadata", "name"), None, resource)


def rule_decider(match: Match) -> Decider:
    """A rule of a policy, as one that decides."""
    resource = match.policy.resource
    effect = _EFFECTS.get(match.policy.action, Effect.ALLOWS)
    return Decider(effect, str(resource), match.at, match.index, resource)


def deciders(found: Access, decision: Decision) -> Iterator[Decider]:
    """The rules and objects that take part in a decision."""
    if found.hop.transport is Transport.BROKEN:
        yield from carriers(found.hop)
    yield from map(rule_decider, decision.deciding)
    if decision.verdict.value != Verdict.ALLOW.value:
        for policy in decision.policies:
            yield policy_decider(policy, Effect.MISSES)


def carriers(hop: Hop) -> Iterator[Decider]:
    """The objects that decide how a request travels."""
    for resource in hop.deciding:
        yield Decider(Effect.CARRIES, str(resource), resource.at("spec"), None, resource)


def _undecided(found: Access) -> tuple[str, ...]:
    """What decides where the decision itself names nothing: whether there are proxies."""
    if found.decision.verdict.value != Verdict.DEPENDS.value:
        return ()
    return (found.decision.reason.removesuffix(" is not in the files"),)
