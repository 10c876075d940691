"""Whether one call is let in, and what decides it (Linkerd: inbound policy)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cached_property

from meshlint.matching import AddressSet
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.identity.linkerd import workload_identity
from meshlint.security.linkerd.authorization.clients import Caller
from meshlint.security.linkerd.authorization.governing import Governing, governing
from meshlint.security.linkerd.authorization.grants import Grant, route_grants
from meshlint.security.linkerd.authorization.protocols import Protocol
from meshlint.security.linkerd.authorization.request import HttpRequest
from meshlint.security.linkerd.authorization.routing import choose
from meshlint.security.linkerd.ports import port_list, skipped_inbound
from meshlint.security.membership.annotations import SKIP_OUTBOUND, inherited
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Membership, Presence
from meshlint.values import evolve, frozen

_REMEMBERED = 1024
"""How many callers of a port are kept with what is said of them."""


class Verdict(Enum):
    """What becomes of a call; DEPENDS where something that the files leave open decides."""

    ALLOW = "allow"
    DENY = "deny"
    NOT_FOUND = "not found"
    """No route takes the request: it is answered with 404, whoever sends it."""
    DEPENDS = "depends"


@frozen(eq=False, repr=False)
class Decision:
    """The verdict and what made it.

    `deciding` holds the grants that let the caller in or, where the verdict depends, those that may.
    `depends_on` says in words what the files leave open.
    """

    verdict: Verdict
    reason: str
    deciding: tuple[Grant, ...] = ()
    server: Server | None = None
    route: AnyRoute | None = None
    depends_on: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the call is surely let in."""
        return self.verdict is Verdict.ALLOW

    @property
    def is_audited(self) -> bool:
        """Whether the call is let in only because policies are being tried out."""
        return self.is_allowed and bool(self.deciding) and all(grant.audit for grant in self.deciding)


@frozen(eq=False, slots=False, repr=False)
class PortPolicy:
    """What guards a port of the pods of a workload, made ready for many calls."""

    mesh: Mesh
    workload: Workload
    port: int

    @cached_property
    def membership(self) -> Membership:
        """Whether a proxy is there to enforce anything."""
        return linkerd_proxy(self.mesh, self.workload)

    @cached_property
    def is_skipped(self) -> bool:
        """Whether calls to the port are taken past the proxy."""
        return skipped_inbound(self.mesh, self.workload).ports.admits(self.port)

    @cached_property
    def rules(self) -> tuple[Governing, ...]:
        """The rules over the port; of several, only the age of their Servers tells which counts."""
        return governing(self.mesh, self.workload, self.port)

    def decide(self, caller: Caller, request: HttpRequest | None = None) -> Decision:
        """What becomes of a request; without one, of a bare connection."""
        return self._decided(lambda rule: self._by_rule(rule, caller, request))

    def _decided(self, by_rule: Callable[[Governing], Decision]) -> Decision:
        if self.membership.is_absent:
            reason = f"nothing enforces policies there: {self.membership.reason}"
            return Decision(Verdict.ALLOW, reason)
        if self.is_skipped:
            reason = f"port {self.port} is taken past the proxy, so nothing enforces policies"
            return Decision(Verdict.ALLOW, reason)
        decision = agreed(
            [by_rule(rule) for rule in self.rules], "which of the Servers that claim the port is the oldest"
        )
        if self.membership.presence is Presence.UNKNOWN and not decision.is_allowed:
            return _left_open(decision, f"whether {self.workload} is injected")
        return decision

    def _by_rule(self, rule: Governing, caller: Caller, request: HttpRequest | None) -> Decision:
        if rule.void is not None:
            reason = (
                f"{rule.void} has the proxy refuse the whole policy, for one of its matches has no method"
            )
            return Decision(Verdict.DENY, reason, server=rule.server, route=rule.void)
        if request is None and not rule.protocol.takes_bytes:
            return Decision(Verdict.DENY, f"the port takes {rule.protocol.value} only", server=rule.server)
        if request is None or rule.protocol in (Protocol.OPAQUE, Protocol.TLS):
            return self._judged(rule, caller)
        decision = self._by_request(rule, caller, request)
        if not (request.may_be_bytes and rule.protocol.takes_bytes):
            return decision
        return agreed([decision, self._judged(rule, caller)], *sorted(request.left_open))

    def _by_request(self, rule: Governing, caller: Caller, request: HttpRequest) -> Decision:
        if rule.routes:
            return self._by_route(rule, caller, request)
        if rule.protocol is Protocol.GRPC:
            return self._by_call(rule, caller, request)
        usual = self._judged(rule, caller)
        probes = rule.probes(request)
        if probes is False:
            return usual
        probe = self._probe(rule, caller)
        return probe if probes else agreed([usual, probe], *sorted(request.left_open))

    def _by_call(self, rule: Governing, caller: Caller, request: HttpRequest) -> Decision:
        """Without GRPCRoutes a gRPC Server has a route for calls, and for nothing else."""
        missed = Decision(Verdict.NOT_FOUND, "the port takes gRPC calls only", server=rule.server)
        if request.is_call is False:
            return missed
        called = self._judged(rule, caller)
        return called if request.is_call else agreed([called, missed], *sorted(request.left_open))

    def _by_route(self, rule: Governing, caller: Caller, request: HttpRequest) -> Decision:
        choice = choose(rule.routes, request)
        missed = Decision(Verdict.NOT_FOUND, "no route takes the request", server=rule.server)
        if not choice.routes:
            return missed
        made = [self._by_one_route(rule, caller, route) for route in choice.routes]
        if choice.may_miss:
            made.append(missed)
        if choice.is_certain:
            return agreed(made, "which of the routes that fit equally is the oldest")
        return agreed(made, *(sorted(request.left_open) or ("a pattern too complex to judge",)))

    def _by_one_route(self, rule: Governing, caller: Caller, route: AnyRoute) -> Decision:
        return evolve(self._judged(rule, caller, route), route=route)

    def _granted(self, route: AnyRoute) -> tuple[Grant, ...]:
        found = self._route_grants.get(id(route))
        if found is None:
            found = self._route_grants[id(route)] = route_grants(self.mesh, route)
        return found

    @cached_property
    def _route_grants(self) -> dict[int, tuple[Grant, ...]]:
        return {}

    def _judged(self, rule: Governing, caller: Caller, route: AnyRoute | None = None) -> Decision:
        """What the grants of a rule, and those of a route, say of a caller: the same callers come again."""
        key = (id(rule), caller, None if route is None else id(route))
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            grants = rule.grants if route is None else (*rule.grants, *self._granted(route))
            found = self._remembered[key] = _judge(grants, caller, rule)
        return found

    @cached_property
    def _remembered(self) -> dict[tuple[int, Caller, int | None], Decision]:
        return {}

    def _probe(self, rule: Governing, caller: Caller) -> Decision:
        probe = Grant(rule.probers, "probe of the kubelet")
        by_itself = _judge((probe,), caller, rule)
        return by_itself if by_itself.is_allowed else _judge((*rule.grants, probe), caller, rule)


def decide(
    mesh: Mesh, workload: Workload, port: int, caller: Caller, request: HttpRequest | None = None
) -> Decision:
    """What becomes of a call to a port of the pods of `workload`; without a request, of a bare connection."""
    return PortPolicy(mesh, workload, port).decide(caller, request)


def decide_between(
    mesh: Mesh,
    source: Workload,
    target: Workload,
    port: int,
    request: HttpRequest | None = None,
    dialed: int | None = None,
) -> Decision:
    """What becomes of a call between two workloads; `dialed` is the Service's port where it differs."""
    guard = PortPolicy(mesh, target, port)
    address = AddressSet.of(*mesh.settings.linkerd.cluster_networks)
    callers = callers_of(mesh, source, port if dialed is None else dialed, address)
    return agreed([guard.decide(caller, request) for caller in callers], f"whether {source} is injected")


def callers_of(mesh: Mesh, source: Workload, dialed: int, addresses: AddressSet) -> tuple[Caller, ...]:
    """How the pods of `source` show themselves at the port that they dial; both ways if that is not known."""
    membership = linkerd_proxy(mesh, source)
    plain = Caller(addresses=addresses)
    if membership.is_absent or passes_proxy(mesh, source, dialed):
        return (plain,)
    named = Caller(workload_identity(mesh, source), True, addresses)
    return (named,) if membership.is_present else (named, plain)


def passes_proxy(mesh: Mesh, source: Workload, port: int) -> bool:
    """Whether calls to a port leave the source past its proxy, and so without an identity."""
    written = inherited(mesh, source, SKIP_OUTBOUND)
    text = mesh.settings.linkerd.skip_outbound_ports if written is None else written
    return port_list(text).ports.admits(port)


def agreed(made: Sequence[Decision], *differences: str) -> Decision:
    """The one decision that all come to; otherwise it depends on what makes the difference.

    To be denied and to find no route are one and the same: the request does not get in.
    """
    verdicts = {decision.verdict for decision in made}
    if len(verdicts) == 1 or verdicts == {Verdict.DENY, Verdict.NOT_FOUND}:
        return made[0]
    return _left_open(next((one for one in made if not one.is_allowed), made[0]), *differences)


def _judge(grants: Iterable[Grant], caller: Caller, rule: Governing) -> Decision:
    """Let in whom any grant lets in; those that only try policies out come last."""
    admitting: list[Grant] = []
    open_ones: list[Grant] = []
    for grant in grants:
        answer = None if grant.clients is None else grant.clients.admits(caller)
        if answer is not False:
            (admitting if answer else open_ones).append(grant)
    firm = [grant for grant in admitting if not grant.audit] or admitting
    if firm:
        return Decision(Verdict.ALLOW, f"{firm[0].label} admits the caller", tuple(firm), rule.server)
    if open_ones:
        reason = f"{open_ones[0].label} may admit the caller"
        what = tuple(_open_part(grant) for grant in open_ones)
        return Decision(Verdict.DEPENDS, reason, tuple(open_ones), rule.server, None, what)
    return Decision(Verdict.DENY, "nothing admits the caller", server=rule.server)


def _open_part(grant: Grant) -> str:
    if grant.clients is None:
        return f"what {grant.label} requires, which is not in the files"
    return "the address of the caller"


def _left_open(decision: Decision, *what: str) -> Decision:
    return evolve(decision, verdict=Verdict.DEPENDS, depends_on=(*decision.depends_on, *what))
