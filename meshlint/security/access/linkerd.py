"""A request to a port that Linkerd guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.matching import AddressSet
from meshlint.matching.affixes import Affixes
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import phrases
from meshlint.security.access.decision import AccessDecision, Decider, Effect, Explanation, Verdict
from meshlint.security.access.ends import Target
from meshlint.security.access.request import AccessRequest
from meshlint.security.identity.linkerd import account_identity
from meshlint.security.linkerd.authorization.answer import Admitted, admitted
from meshlint.security.linkerd.authorization.clients import Caller, Clients
from meshlint.security.linkerd.authorization.decide import Decision, PortPolicy, agreed, callers_of
from meshlint.security.linkerd.authorization.decide import Verdict as Outcome
from meshlint.security.linkerd.authorization.grants import Grant
from meshlint.security.linkerd.authorization.request import HttpRequest
from meshlint.security.membership.presence import Dataplane
from meshlint.security.transport.calls import Hop, Transport
from meshlint.values import field, frozen

_SOMEBODY = "?"
"""Stands for an identity that no policy names."""
_VERDICTS = {
    Outcome.ALLOW: Verdict.ALLOW,
    Outcome.DENY: Verdict.DENY,
    Outcome.NOT_FOUND: Verdict.DENY,
    Outcome.DEPENDS: Verdict.DEPENDS,
}


@frozen(eq=False, slots=False, repr=False)
class LinkerdPort:
    """A port of the pods of a workload, made ready to be asked about."""

    target: Target
    policy: PortPolicy
    _callers: dict[tuple[Workload, str | None], tuple[Caller, ...]] = field(factory=dict)

    def ask(self, client: Workload | None, asked: AccessRequest) -> AccessDecision:
        """What comes of a request by a workload, or by whoever the request names."""
        callers = self._callers_of(client, asked)
        difference = f"whether {client} is injected" if client is not None else "who calls"
        decision = agreed([self._decide(caller, asked) for caller in callers], difference)
        return AccessDecision(
            _VERDICTS[decision.verdict],
            decision.reason,
            self._hop(callers),
            self.target.workload,
            self.target.port,
            client,
            callers[0].identity,
            Dataplane.LINKERD if self.policy.membership.is_present else None,
            lambda: _deciders(self.policy, decision),
            decision.depends_on,
            lambda: self._explained(decision, callers),
        )

    @property
    def clients(self) -> tuple[Clients, ...]:
        """Whom each of the grants lets in, as far as the files say."""
        return tuple(grant.clients for grant, _ in self._grants() if grant.clients is not None)

    def _explained(self, decision: Decision, callers: tuple[Caller, ...]) -> Explanation:
        if decision.is_allowed:
            return Explanation()
        let_in, needs = [], []
        settings = self.policy.mesh.settings.linkerd
        for grant, words in self._grants():
            if grant.clients is None or any(grant.clients.admits(one) is not False for one in callers):
                let_in.append(words)
            else:
                needs.append(f"to be {phrases.clients(settings, grant.clients)} ({grant.label})")
        is_denied = _VERDICTS[decision.verdict] is Verdict.DENY
        return Explanation(() if is_denied else _once(let_in), _once(needs) if is_denied else ())

    def _grants(self) -> Iterator[tuple[Grant, str]]:
        """What lets anybody in, each with the requests that it is for."""
        for entry in admitted(self.policy.mesh, self.target.workload, self.target.port):
            for grant in (*entry.grants, *entry.open_ends):
                yield grant, what(entry)
            if entry.path is not None:
                yield Grant(entry.clients, "probe of the kubelet"), what(entry)

    def _decide(self, caller: Caller, asked: AccessRequest) -> Decision:
        return self.policy.decide(caller, _http(asked, self._unknown(asked)))

    def _unknown(self, asked: AccessRequest) -> frozenset[str]:
        """The parts of a request that are not given and on which routes and probes may rest."""
        parts = {name for name in ("method", "path") if getattr(asked, name) is None}
        if asked.host is None and self._asks_host:
            parts.add("host")
        if "headers" in asked.left_open and self._asks_headers:
            parts.add("headers")
        return frozenset(parts)

    @cached_property
    def _routes(self) -> tuple[AnyRoute, ...]:
        return tuple(route for rule in self.policy.rules for route in rule.routes)

    @cached_property
    def _asks_host(self) -> bool:
        return any(route.hostnames for route in self._routes)

    @cached_property
    def _asks_headers(self) -> bool:
        matches = (match for route in self._routes for rule in route.rules for match in rule.matches)
        return any(match.headers for match in matches)

    def _callers_of(self, client: Workload | None, asked: AccessRequest) -> tuple[Caller, ...]:
        if client is None:
            addresses = AddressSet.any() if asked.source_ip is None else AddressSet.of(asked.source_ip)
            if asked.namespace is not None:
                return self._accounts_of(asked.namespace, addresses)
            if "identity" in asked.left_open:
                return Caller(_SOMEBODY, True, addresses), Caller(None, False, addresses)
            identity = asked.principal
            return (Caller(identity, identity is not None, addresses),)
        key = (client, asked.source_ip)
        if key not in self._callers:
            mesh, dialed = self.policy.mesh, self.target.dialed or self.target.port
            addresses = AddressSet.of(*mesh.settings.linkerd.cluster_networks)
            if asked.source_ip is not None:
                addresses = AddressSet.of(asked.source_ip)
            self._callers[key] = callers_of(mesh, client, dialed, addresses)
        return self._callers[key]

    def _accounts_of(self, namespace: str, addresses: AddressSet) -> tuple[Caller, ...]:
        """An account of the namespace that no policy names, and each one that some policy does."""
        settings = self.policy.mesh.settings.linkerd
        ending = account_identity(settings, namespace, "")
        named = {
            word
            for grant, _ in self._grants()
            for box in (grant.clients.boxes if grant.clients is not None else ())
            if isinstance(box.identities.named.form, Affixes)
            for word in box.identities.named.form.words
            if word.endswith(ending)
        }
        return tuple(Caller(one, True, addresses) for one in (f"{_SOMEBODY}{ending}", *sorted(named)))

    def _hop(self, callers: tuple[Caller, ...]) -> Hop:
        membership = self.policy.membership
        if not any(caller.tls for caller in callers):
            return Hop(Transport.PLAINTEXT, "the caller has no proxy on its way out")
        if membership.is_absent or self.policy.is_skipped:
            return Hop(Transport.PLAINTEXT, "no proxy takes the call at the server")
        if membership.is_present and all(caller.tls for caller in callers):
            return Hop(Transport.MUTUAL_TLS, "both sides have Linkerd's proxy")
        return Hop(Transport.DEPENDS, "whether both sides have Linkerd's proxy is not in the files")


def linkerd_port(mesh: Mesh, target: Target) -> LinkerdPort:
    """The port of `target` as Linkerd sees it."""
    return LinkerdPort(target, PortPolicy(mesh, target.workload, target.port))


def _http(asked: AccessRequest, unknown: frozenset[str]) -> HttpRequest:
    headers = {name: held if isinstance(held, str) else tuple(held) for name, held in asked.headers.items()}
    return HttpRequest(
        asked.method or "", asked.path or "", asked.host, headers, unknown, may_be_bytes=asked.is_connection
    )


def _deciders(policy: PortPolicy, decision: Decision) -> Iterator[Decider]:
    for grant in decision.deciding:
        yield grant_decider(grant, Effect.ALLOWS)
    if decision.deciding or decision.is_allowed:
        return
    for rule in policy.rules:
        if rule.server is not None:
            resource = rule.server.resource
            yield Decider(Effect.MISSES, str(rule.server), resource.at("metadata", "name"), None, resource)
        for grant in rule.grants:
            yield grant_decider(grant, Effect.MISSES)


def what(entry: Admitted) -> str:
    """The requests that an entry is for, in words."""
    if entry.path is not None:
        return f"GET {entry.path}"
    return phrases.ANYTHING if entry.route is None else phrases.route(entry.route)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def grant_decider(grant: Grant, effect: Effect) -> Decider:
    """A grant, as one that decides."""
    return Decider(effect, grant.label, grant.at, None, grant.resource)
