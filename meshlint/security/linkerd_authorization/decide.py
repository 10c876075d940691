"""Whether one call is let in, and what decides it (Linkerd: inbound policy)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from attrs import evolve, frozen

from meshlint.matching import AddressSet
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd_annotations import SKIP_OUTBOUND, inherited
from meshlint.security.linkerd_authorization.clients import Caller
from meshlint.security.linkerd_authorization.governing import Governing, governing
from meshlint.security.linkerd_authorization.grants import Grant, route_grants
from meshlint.security.linkerd_authorization.protocols import Protocol
from meshlint.security.linkerd_authorization.request import HttpRequest
from meshlint.security.linkerd_authorization.routing import choose
from meshlint.security.linkerd_identities import workload_identity
from meshlint.security.linkerd_injection import linkerd_proxy
from meshlint.security.linkerd_ports import port_list, skipped_inbound
from meshlint.security.membership import Presence


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


def decide(
    mesh: Mesh, workload: Workload, port: int, caller: Caller, request: HttpRequest | None = None
) -> Decision:
    """What becomes of a call to a port of the pods of `workload`; without a request, of a bare connection."""
    membership = linkerd_proxy(mesh, workload)
    if membership.is_absent:
        return Decision(Verdict.ALLOW, f"nothing enforces policies there: {membership.reason}")
    if skipped_inbound(mesh, workload).ports.admits(port):
        return Decision(Verdict.ALLOW, f"port {port} is taken past the proxy, so nothing enforces policies")
    rules = governing(mesh, workload, port)
    made = [_by_rule(mesh, rule, caller, request) for rule in rules]
    decision = _agreed(made, "which of the Servers that claim the port is the oldest")
    if membership.presence is Presence.UNKNOWN and not decision.is_allowed:
        return _left_open(decision, f"whether {workload} is injected")
    return decision


def decide_between(
    mesh: Mesh,
    source: Workload,
    target: Workload,
    port: int,
    request: HttpRequest | None = None,
    dialed: int | None = None,
) -> Decision:
    """What becomes of a call between two workloads; `dialed` is the Service's port where it differs."""
    membership = linkerd_proxy(mesh, source)
    address = AddressSet.of(*mesh.settings.linkerd.cluster_networks)
    plain = Caller(addresses=address)
    if membership.is_absent or _passes_proxy(mesh, source, port if dialed is None else dialed):
        return decide(mesh, target, port, plain, request)
    named = decide(mesh, target, port, Caller(workload_identity(mesh, source), True, address), request)
    if membership.is_present:
        return named
    return _agreed([named, decide(mesh, target, port, plain, request)], f"whether {source} is injected")


def _by_rule(mesh: Mesh, rule: Governing, caller: Caller, request: HttpRequest | None) -> Decision:
    if request is None and not rule.protocol.takes_bytes:
        return Decision(Verdict.DENY, f"the port takes {rule.protocol.value} only", server=rule.server)
    if request is None or rule.protocol in (Protocol.OPAQUE, Protocol.TLS):
        return _judge(rule.grants, caller, rule)
    if rule.routes:
        return _by_route(mesh, rule, caller, request)
    if request.method == "GET" and request.bare_path in rule.probed:
        probe = Grant(rule.probers, "probe of the kubelet")
        by_itself = _judge((probe,), caller, rule)
        return by_itself if by_itself.is_allowed else _judge((*rule.grants, probe), caller, rule)
    return _judge(rule.grants, caller, rule)


def _by_route(mesh: Mesh, rule: Governing, caller: Caller, request: HttpRequest) -> Decision:
    choice = choose(rule.routes, request)
    if not choice.routes:
        missed = Decision(Verdict.NOT_FOUND, "no route takes the request", server=rule.server)
        return missed if choice.is_certain else _left_open(missed, "a pattern too complex to judge")
    made = [
        evolve(_judge((*rule.grants, *route_grants(mesh, route)), caller, rule), route=route)
        for route in choice.routes
    ]
    decision = _agreed(made, "which of the routes that fit equally is the oldest")
    return decision if choice.is_certain else _left_open(decision, "a pattern too complex to judge")


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


def _agreed(made: list[Decision], difference: str) -> Decision:
    """The one decision that all come to; otherwise it depends on what makes the difference."""
    if len({decision.verdict for decision in made}) == 1:
        return made[0]
    return _left_open(next((one for one in made if not one.is_allowed), made[0]), difference)


def _left_open(decision: Decision, what: str) -> Decision:
    return evolve(decision, verdict=Verdict.DEPENDS, depends_on=(*decision.depends_on, what))


def _passes_proxy(mesh: Mesh, source: Workload, port: int) -> bool:
    """Whether calls to a port leave the source past its proxy, and so without an identity."""
    written = inherited(mesh, source, SKIP_OUTBOUND)
    text = mesh.settings.linkerd.skip_outbound_ports if written is None else written
    return port_list(text).ports.admits(port)
