"""The door of this room: what Linkerd's webhook says of one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from meshlint.admission.linkerd import networks, policies, profiles, rate_limits, routes
from meshlint.admission.linkerd.presence import is_for_linkerd, shows_linkerd
from meshlint.admission.remark import Remark
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.gateway_api.reference import GROUP
from meshlint.resources.linkerd.group import POLICY, PROFILES
from meshlint.resources.schema.walk import holds_placeholder

Check = Callable[[Resource], Iterable[Remark]]

_CHECKS: Mapping[tuple[str, str], Check] = {
    (POLICY, "AuthorizationPolicy"): policies.authorization_policy_remarks,
    (POLICY, "MeshTLSAuthentication"): policies.mesh_tls_remarks,
    (POLICY, "Server"): policies.server_remarks,
    (POLICY, "ServerAuthorization"): policies.server_authorization_remarks,
    (POLICY, "NetworkAuthentication"): networks.network_authentication_remarks,
    (POLICY, "EgressNetwork"): networks.egress_network_remarks,
    (POLICY, "HTTPLocalRateLimitPolicy"): rate_limits.rate_limit_remarks,
    (PROFILES, "ServiceProfile"): profiles.service_profile_remarks,
    (POLICY, "HTTPRoute"): routes.policy_http_route_remarks,
    (GROUP, "HTTPRoute"): routes.http_route_remarks,
    (GROUP, "GRPCRoute"): routes.grpc_route_remarks,
    (GROUP, "TLSRoute"): routes.connection_route_remarks,
    (GROUP, "TCPRoute"): routes.connection_route_remarks,
}
"""The kinds that the webhook judges; it takes all others as they are."""


def linkerd_remarks(resource: Resource) -> Iterator[Remark]:
    """What Linkerd's webhook says of an object; nothing of kinds that it does not know.

    Versions do not matter to it. What the definition of the kind refuses is left to the API server, which
    asks the webhook only afterwards. A value that another tool fills in is not judged (Linkerd: admission).
    """
    check = _CHECKS.get((resource.group, resource.kind))
    for remark in check(resource) if check is not None and isinstance(resource.spec.value, dict) else ():
        if not holds_placeholder(remark.at.value):
            yield remark


def route_judge(written: ResourceSet) -> Check:
    """The judge of routes of the Gateway API, of which Linkerd's webhook is one only where Linkerd is.

    Where it is, it judges every such route of the cluster, whoever controls it. In a set that does not show
    Linkerd, only routes that speak of it themselves are judged.
    """
    return linkerd_remarks if shows_linkerd(written) else _of_its_own


def _of_its_own(resource: Resource) -> Iterator[Remark]:
    return linkerd_remarks(resource) if is_for_linkerd(resource) else iter(())
