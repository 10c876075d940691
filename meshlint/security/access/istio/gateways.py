"""A request to a listener of a gateway, which is no sidecar: its Gateway says how calls come in.

PeerAuthentication means nothing there, and an identity has only who shows a certificate that the listener
asks for (Istio: gateways, and what AuthorizationPolicy sees at them).
"""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.questions.gateway_policies import attached
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.decision import AccessDecision, Explanation, combined
from meshlint.security.access.ends import Target
from meshlint.security.access.istio.made_pods import is_made
from meshlint.security.access.istio.namespaces import accounts_of, narrowed
from meshlint.security.access.istio.openings import Opening, Proof, kinds, openings
from meshlint.security.access.istio.ports import VERDICTS, deciders, request_of
from meshlint.security.access.istio.workloads import Access, identity_of
from meshlint.security.access.request import AccessRequest
from meshlint.security.istio import Chain, Decision, Guard, Request, Verdict, guard
from meshlint.security.istio.listeners import judged
from meshlint.security.membership.istio import istio_sidecar
from meshlint.security.membership.presence import Dataplane
from meshlint.security.transport.calls import Hop, Transport
from meshlint.security.transport.inbound import UNCAPTURED
from meshlint.values import evolve, frozen

_UNKNOWN = "which Gateway opens the port is not in the files"
_CLOSED = "no Gateway opens the port"
_OPEN = Hop(Transport.PLAINTEXT, "the proxy's own ports are open to everyone")
_UNREAD = "the control plane does not look at the gateway's namespace, so the gateway serves nothing"
_NO_MESH = "the gateway's server asks for a certificate of the mesh, and the client has none"


@frozen(eq=False, slots=False, repr=False)
class GatewayPort:
    """A port of a gateway's pods, made ready to be asked about."""

    mesh: Mesh
    target: Target

    @property
    def dataplane(self) -> Dataplane:
        """A gateway is a proxy of Istio like a sidecar."""
        return Dataplane.ISTIO_SIDECAR

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """The servers and listeners on the port; none where none is in view."""
        return openings(self.mesh, self.target.workload, self.target.port)

    @cached_property
    def _policies(self) -> tuple[AuthorizationPolicy, ...]:
        policies, pods = self.mesh.authorization_policies, self.target.workload
        own = [one for one in self.mesh.gateways.all if one.resource is pods.resource]
        if is_made(pods) and own:
            return attached(self.mesh, policies, own[0])
        return policies.attached_to(pods)

    def guards(self, opening: Opening | None) -> tuple[Guard, ...]:
        """What judges connections to an opening; where it is not known, to either kind of it."""
        chains = (Chain.HTTP, Chain.TCP) if opening is None else (opening.chain,)
        return tuple(self._guards[chain] for chain in chains)

    @property
    def all_guards(self) -> tuple[Guard, ...]:
        """What judges connections to any of the openings."""
        found: tuple[Opening | None, ...] = tuple(kinds(self.openings)) or (None,)
        return tuple(dict.fromkeys(guard for one in found for guard in self.guards(one)))

    @cached_property
    def _guards(self) -> dict[Chain, Guard]:
        return {chain: guard(self.mesh, self._policies, chain) for chain in (Chain.HTTP, Chain.TCP)}

    def ask(self, client: Workload | None, asked: AccessRequest) -> AccessDecision:
        """What comes of a request by a workload, or by whoever the request names."""
        name = asked.sni or asked.host
        serving = tuple(one for one in self.openings if one.serves(name)) or self.openings
        parts = tuple(self._at(one, client, asked) for one in kinds(serving) or ())
        return combined(parts or (self._at(None, client, asked),), "which of its servers takes the call")

    def _at(self, opening: Opening | None, client: Workload | None, asked: AccessRequest) -> AccessDecision:
        anyone = client is None and asked.namespace is not None
        request = request_of(asked, self.target.port, client, anyone=anyone)
        if self.target.port in UNCAPTURED:
            found = Access(_OPEN, Decision(Verdict.ALLOW, _OPEN.reason), None)
        else:
            found = self._access(opening, client, request, asked.namespace if anyone else None)
        return AccessDecision(
            VERDICTS[found.decision.verdict.value],
            found.decision.reason,
            found.hop,
            self.target.workload,
            self.target.port,
            client,
            found.identity,
            self.dataplane,
            lambda: deciders(found, found.decision),
            found.decision.depends_on,
            lambda: self._explained(found, opening, request),
        )

    def _access(
        self, opening: Opening | None, client: Workload | None, request: Request, namespace: str | None
    ) -> Access:
        if opening is None and self.mesh.settings.complete:
            return _refused(_CLOSED, None)
        if self.mesh.discovery.hiding(self.target.workload.namespace) is not None:
            return _refused(_UNREAD, None)
        seen = self._seen(opening, client, request)
        if seen is None:
            return _refused(_NO_MESH, opening)
        decision = judged(self.guards(opening), seen)
        if namespace is not None and opening is not None and opening.proof is Proof.MESH:
            accounts = accounts_of(self.mesh.settings.trust_domain, namespace)
            decision = narrowed(decision, self.guards(opening), request, accounts)
        if opening is None:
            return Access(Hop(Transport.DEPENDS, _UNKNOWN), decision, seen.identity)
        return Access(Hop(opening.transport, opening.reason, (opening.resource,)), decision, seen.identity)

    def _seen(self, opening: Opening | None, client: Workload | None, request: Request) -> Request | None:
        """The request with the caller as policies see it; None for one without the certificate it needs."""
        if opening is not None and opening.proof is Proof.NONE:
            return request.without_identity()
        if opening is not None and opening.proof is Proof.MESH:
            if client is not None:
                has_one = istio_sidecar(self.mesh, client).is_present
                return evolve(request, identity=identity_of(self.mesh, client)) if has_one else None
            stated = request.identity is not None or "identity" in request.left_open
            return request if stated else None
        if client is None and request.identity is not None:
            return request
        is_outside = opening is None and client is None
        return request if is_outside else evolve(request, left_open=request.left_open | {"identity"})

    def _explained(self, found: Access, opening: Opening | None, request: Request) -> Explanation:
        from meshlint.security.access.istio.wanting import let_in, needs

        if found.hop.transport is Transport.BROKEN:
            return Explanation((), (f"another way in: {found.decision.reason}",))
        asked, guards = evolve(request, identity=found.identity), self.guards(opening)
        if found.decision.is_denied:
            return Explanation((), tuple(map(str, needs(guards, asked))))
        return Explanation(let_in(guards, asked))


def _refused(reason: str, opening: Opening | None) -> Access:
    because = () if opening is None else (opening.resource,)
    return Access(Hop(Transport.BROKEN, reason, because), Decision(Verdict.DENY, reason), None)


def gateway_port(mesh: Mesh, target: Target) -> GatewayPort:
    """The port of `target`, the pods of a gateway, as its policies see it."""
    return GatewayPort(mesh, target)
