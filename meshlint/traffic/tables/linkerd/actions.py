"""What a rule of a route does with the requests that it takes, at a client of Linkerd."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from meshlint.mesh import Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.matches import HttpMatch
from meshlint.resources.gateway_api.reference import BackendRef
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.traffic.conditions.linkerd import Match
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import CLOSED, Action, Forward, Respond, Target
from meshlint.traffic.tables.linkerd.parents import UNSUPPORTED, Parent
from meshlint.traffic.tables.linkerd.redirects import redirected
from meshlint.values import frozen

_FAILS = 500


@frozen(eq=False, repr=False)
class Rules:
    """What rules do at a parent, whose own host takes what a rule without backends does.

    A backend without a namespace is one of the parent's, not of the route's. It has to be a Service that is
    there, with whatever port, or at an EgressNetwork that network itself; the shares of all others are
    answered with status 500. With no weight above zero the proxy breaks off (Linkerd: outbound backends).
    """

    mesh: Mesh
    parent: Parent
    host: str
    request: Request | None = None

    def action(self, rule: RouteRule[Any], match: Match) -> Action:
        """What becomes of requests that a match of a rule takes; without a request, of most of them."""
        for one in rule.filters:
            if one.type == "RequestRedirect":
                found = self._redirect(one, match)
                if found is not None:
                    return found
        if not rule.backend_refs:
            return Forward((Target(rule.field, self.host, Fraction(1), self.parent.port),))
        weighted = [one for one in rule.backend_refs if one.weight > 0]
        total = sum(one.weight for one in weighted)
        if not total:
            reason = "no backend has a weight above 0, so the proxy breaks off"
            return Respond(rule.field / "backendRefs", CLOSED, reason)
        return Forward(tuple(self._target(one, Fraction(one.weight, total)) for one in weighted))

    def _redirect(self, one: Filter, match: Match) -> Action | None:
        return redirected(
            one.field / "requestRedirect", match if isinstance(match, HttpMatch) else None, self.request
        )

    def _target(self, backend: BackendRef, part: Fraction) -> Target:
        if self._is_parent(backend):
            return Target(backend.field, self.host, part, self.parent.port)
        name = ServiceName(self._namespace(backend), str(backend.name or ""))
        host = name.host(self.mesh.settings.cluster_domain)
        fails = backend.port is None or self._is_lost(backend, host)
        return Target(backend.field, host, part, backend.port, status=_FAILS if fails else None)

    def _is_parent(self, backend: BackendRef) -> bool:
        return (
            self.parent.is_egress
            and refers_to(backend, POLICY, "EgressNetwork")
            and (self._namespace(backend), backend.name)
            == (self.parent.resource.namespace, self.parent.resource.name)
            and not _has_unknown_filter(backend)
        )

    def _is_lost(self, backend: BackendRef, host: str) -> bool:
        if not refers_to(backend, "", "Service") or _has_unknown_filter(backend):
            return True
        return isinstance(self.mesh.hosts.resolve(host, self._namespace(backend)), Missing)

    def _namespace(self, backend: BackendRef) -> str:
        return str(backend.namespace) if backend.field / "namespace" else self.parent.resource.namespace


def _has_unknown_filter(backend: BackendRef) -> bool:
    return any(str(one.type) in UNSUPPORTED for one in backend.filters)
