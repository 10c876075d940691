"""A request to a port that Istio guards, or that nothing guards."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.decision import AccessDecision, Decider, Effect, Verdict
from meshlint.security.access.ends import Target
from meshlint.security.access.request import ALWAYS_THERE, AccessRequest
from meshlint.security.istio_access import Access, PortAccess
from meshlint.security.istio_authorization import Decision, Match, Request
from meshlint.security.istio_injection import istio_ambient, istio_sidecar
from meshlint.security.membership import Dataplane
from meshlint.security.transport import Hop, Transport

_SCHEME = "spiffe://"
_EFFECTS = {"ALLOW": Effect.ALLOWS, "DENY": Effect.DENIES, "CUSTOM": Effect.ASKS}
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_HTTP = frozenset({"headers", "claims", "metadata"})


@frozen(eq=False, repr=False)
class IstioPort:
    """A container port, made ready to be asked about."""

    target: Target
    access: PortAccess
    dataplane: Dataplane | None

    def ask(self, client: Workload | None, asked: AccessRequest) -> AccessDecision:
        """What comes of a request by a workload, or by whoever the request names."""
        found = self.access.ask(client, request_of(asked, self.target.port, client))
        decision = found.decision
        return AccessDecision(
            _VERDICTS[decision.verdict.value],
            decision.reason,
            found.hop,
            self.target.workload,
            self.target.port,
            client,
            found.identity,
            self.dataplane,
            lambda: _deciders(found, decision),
            decision.depends_on or _undecided(found),
        )


def istio_port(mesh: Mesh, target: Target) -> IstioPort:
    """The port of `target` as Istio sees it."""
    return IstioPort(
        target, PortAccess(mesh, target.workload, target.port), dataplane_of(mesh, target.workload)
    )


def dataplane_of(mesh: Mesh, workload: Workload) -> Dataplane | None:
    """Which of Istio's proxies sees the traffic of a workload; None where none surely does."""
    if istio_sidecar(mesh, workload).is_present:
        return Dataplane.ISTIO_SIDECAR
    return Dataplane.ISTIO_AMBIENT if istio_ambient(mesh, workload).is_present else None


def request_of(asked: AccessRequest, port: int, client: Workload | None) -> Request:
    """The request as a proxy before the port sees it; what each request has is open if it is not given."""
    missing = {part for part in ALWAYS_THERE if getattr(asked, part) is None}
    if asked.is_connection:
        missing |= _HTTP
    if asked.source_ip is None and asked.remote_ip is None:
        missing.add("remote_ip")
    if client is not None and asked.sni is None:
        missing.add("sni")
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


def _deciders(found: Access, decision: Decision) -> Iterator[Decider]:
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
    return (found.decision.reason,)
