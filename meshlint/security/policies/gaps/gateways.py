"""Policies of Istio for the pods of gateways, which often come from a chart and are not in the files."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Found, Mesh
from meshlint.mesh.questions.gateway_policies import attached
from meshlint.mesh.questions.preflights import answering_preflights, cors_routes
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.kubernetes.service import Service
from meshlint.security.istio import Chain, Decision, Request, guard
from meshlint.security.policies.gaps.open_rules import left_open
from meshlint.security.policies.gaps.rules import is_for_gateway
from meshlint.security.policies.scope import labels_of
from meshlint.security.policies.values.texts import PolicyValue, policy_values, positive

_PREFLIGHT = "OPTIONS"
_TERMINATED = frozenset({"HTTP", "HTTP2", "HTTPS", "GRPC", "GRPC-WEB"})
_INNER = ("egress", "eastwest", "east-west", "cluster-local")
_BALANCED = ("LoadBalancer", "NodePort")
_CLIENT_ADDRESS = ("target-type", "nlb-target", "proxy-protocol", "neg")
_TOPOLOGY = "gatewayTopology"
_PROXY_CONFIG = "proxy.istio.io/config"


def blocked_preflights(
    mesh: Mesh,
) -> Iterator[tuple[VirtualService, HttpRoute, Gateway, Decision]]:
    """Routes with a CORS policy at gateways that deny every preflight for want of a token.

    Browsers send preflights without a token, and policies are enforced before CORS is (Istio: order of HTTP
    filters).
    """
    for virtual_service in answering_preflights(mesh):
        routes = cors_routes(virtual_service)
        for gateway in _gateways(mesh, virtual_service):
            policies = attached(mesh, mesh.authorization_policies, gateway)
            decision = _preflight(mesh, policies)
            if decision is not None:
                yield virtual_service, routes[0], gateway, decision
                break


def _preflight(mesh: Mesh, policies: tuple[AuthorizationPolicy, ...]) -> Decision | None:
    """Why every preflight is denied where a request with a token would not be; None if it is not."""
    judge = guard(mesh, policies, Chain.HTTP)
    bare = judge.decide(Request(method=_PREFLIGHT, left_open=left_open("identity", "claims", "method")))
    with_token = Request(method=_PREFLIGHT, left_open=left_open("identity", "method"))
    return bare if bare.is_denied and not judge.decide(with_token).is_denied else None


def _gateways(mesh: Mesh, virtual_service: VirtualService) -> Iterator[Gateway]:
    for reference in virtual_service.gateways:
        if reference != MESH_GATEWAY:
            found = mesh.gateways.resolve(reference, virtual_service.resource.namespace)
            if isinstance(found, Found):
                yield from found.target


def unguarded_gateways(mesh: Mesh) -> Iterator[Gateway]:
    """Gateways for callers from outside to which no policy attaches that asks anything of them."""
    for gateway in mesh.gateways.all:
        labels = gateway.selector.labels.values() if gateway.selector is not None else ()
        named = (*labels, gateway.resource.name)
        inner = any(word in name for word in _INNER for name in named)
        serves = any(server.port.protocol in _TERMINATED and server.hosts for server in gateway.servers)
        if not labels or inner or not serves:
            continue
        if not attached(mesh, mesh.authorization_policies, gateway):
            yield gateway


def address_values(mesh: Mesh, policy: AuthorizationPolicy, *names: str) -> Iterator[PolicyValue]:
    """The first value in each rule by which a policy asks for an address in one of the fields `names`."""
    seen: set[int] = set()
    for found in policy_values(mesh, policy):
        if positive(found.name) in names and id(found.rule) not in seen:
            seen.add(id(found.rule))
            yield found


def balanced_services(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[Service, ...]:
    """The Services of gateways by which a policy's connections come with the address of a node.

    Without `externalTrafficPolicy: Local` a node may hand a connection on under its own address (Kubernetes:
    source addresses).
    """
    labels = labels_of(policy).items()
    if not labels or not is_for_gateway(policy):
        return ()
    places = (policy.resource.namespace, mesh.settings.root_namespace)
    return tuple(
        one
        for one in mesh.services.all
        if one.namespace in places
        and one.selector
        and labels <= one.selector.items()
        and one.type in _BALANCED
        and one.external_traffic_policy != "Local"
        and not any(word in key for key in one.resource.annotations for word in _CLIENT_ADDRESS)
    )


def trusts_no_proxies(mesh: Mesh) -> bool:
    """Whether the mesh-wide settings are in view, and neither they nor a pod say which proxies to trust."""
    found = mesh_configs(mesh.resources)
    pods = (one.pod.annotations.get(_PROXY_CONFIG) or "" for one in mesh.workloads.all)
    return (
        bool(found)
        and not any(_TOPOLOGY in (one.default_config.value if one.default_config else {}) for _, one in found)
        and not any(_TOPOLOGY in text for text in pods)
    )
