"""What must hold for the views of every kind, whatever stands in the manifest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshlint.documents import Field, Text, read
from meshlint.resources import Resource, collect
from meshlint.resources.gateway_api.backend_tls_policy import backend_tls_policy
from meshlint.resources.gateway_api.gateway import gateway, gateway_class
from meshlint.resources.gateway_api.listener import listener_set
from meshlint.resources.gateway_api.reference_grant import reference_grant
from meshlint.resources.gateway_api.route import connection_route, grpc_route, http_route
from meshlint.resources.kubernetes.autoscaler import horizontal_pod_autoscaler
from meshlint.resources.kubernetes.config import config_map, secret
from meshlint.resources.kubernetes.disruption_budget import pod_disruption_budget
from meshlint.resources.kubernetes.ingress import ingress
from meshlint.resources.kubernetes.namespace import namespace
from meshlint.resources.kubernetes.network_policy import network_policy
from meshlint.resources.kubernetes.service import service
from meshlint.resources.kubernetes.service_account import service_account
from meshlint.resources.kubernetes.workload import TEMPLATES, workload
from meshlint.resources.linkerd.authentication import mesh_tls_authentication, network_authentication
from meshlint.resources.linkerd.authorization_policy import authorization_policy
from meshlint.resources.linkerd.egress_network import egress_network
from meshlint.resources.linkerd.external_workload import external_workload
from meshlint.resources.linkerd.http_route import policy_http_route
from meshlint.resources.linkerd.link import link
from meshlint.resources.linkerd.rate_limit import rate_limit_policy
from meshlint.resources.linkerd.server import server
from meshlint.resources.linkerd.server_authorization import server_authorization
from meshlint.resources.linkerd.service_profile import service_profile
from meshlint.resources.smi.traffic_split import traffic_split
from tests.resources.fields import names_of
from tests.resources.shapes import full, parse, parts, places, spoilt
from tests.shared import SHARED, needs_shared

GATEWAY, POLICY, NETWORKING = "gateway.networking.k8s.io", "policy.linkerd.io", "networking.k8s.io"
READERS: dict[tuple[str, str], Callable[[Resource], Any]] = {
    ("", "ConfigMap"): config_map,
    ("", "Namespace"): namespace,
    ("", "Secret"): secret,
    ("", "Service"): service,
    ("", "ServiceAccount"): service_account,
    ("autoscaling", "HorizontalPodAutoscaler"): horizontal_pod_autoscaler,
    ("extensions", "Ingress"): ingress,
    (NETWORKING, "Ingress"): ingress,
    (NETWORKING, "NetworkPolicy"): network_policy,
    ("policy", "PodDisruptionBudget"): pod_disruption_budget,
    **dict.fromkeys(TEMPLATES, workload),
    (GATEWAY, "BackendTLSPolicy"): backend_tls_policy,
    (GATEWAY, "GRPCRoute"): grpc_route,
    (GATEWAY, "Gateway"): gateway,
    (GATEWAY, "GatewayClass"): gateway_class,
    (GATEWAY, "HTTPRoute"): http_route,
    (GATEWAY, "ListenerSet"): listener_set,
    (GATEWAY, "ReferenceGrant"): reference_grant,
    (GATEWAY, "TCPRoute"): connection_route,
    (GATEWAY, "TLSRoute"): connection_route,
    (GATEWAY, "UDPRoute"): connection_route,
    (POLICY, "AuthorizationPolicy"): authorization_policy,
    (POLICY, "EgressNetwork"): egress_network,
    (POLICY, "HTTPLocalRateLimitPolicy"): rate_limit_policy,
    (POLICY, "HTTPRoute"): policy_http_route,
    (POLICY, "MeshTLSAuthentication"): mesh_tls_authentication,
    (POLICY, "NetworkAuthentication"): network_authentication,
    (POLICY, "Server"): server,
    (POLICY, "ServerAuthorization"): server_authorization,
    ("linkerd.io", "ServiceProfile"): service_profile,
    ("multicluster.linkerd.io", "Link"): link,
    ("workload.linkerd.io", "ExternalWorkload"): external_workload,
    ("split.smi-spec.io", "TrafficSplit"): traffic_split,
}
VERSIONS = ("v1", "v1alpha1", "v1alpha2", "v1beta1", "v1beta3")


KINDS = list({reader: key for key, reader in READERS.items()}.values())
JUNK: tuple[Any, ...] = (
    None,
    True,
    7,
    0.5,
    "",
    "x",
    [],
    {},
    [None],
    [[]],
    [{}],
    ["x"],
    {"x": None},
    {"x": "y"},
    {"name": 7},
)
ANYTHING = st.recursive(
    st.sampled_from([None, True, 7, "x"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["x", "name"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@cache
def manifest(group: str, kind: str, version: str) -> dict[str, Any]:
    return full(READERS[group, kind], f"{group}/{version}" if group else version, kind)


def stands_somewhere(view: Any, resource: Resource) -> None:
    for part in parts(view):
        if names_of(type(part)) and not isinstance(part, Field | Resource):
            assert part.field.document is resource.document
        elif isinstance(part, Text):
            assert part.field.document is resource.document
            assert part.field.span().line >= 1


@pytest.mark.parametrize(("group", "kind"), KINDS)
def test_what_a_view_holds_points_into_the_manifest(group: str, kind: str) -> None:
    for version in VERSIONS:
        resource = parse(manifest(group, kind, version))
        stands_somewhere(READERS[group, kind](resource), resource)


@pytest.mark.parametrize(("group", "kind"), KINDS)
def test_junk_at_any_one_place_breaks_no_view(group: str, kind: str) -> None:
    whole = manifest(group, kind, "v1")
    document = parse(whole).document
    for place, junk in product(places(whole), JUNK):
        for resource in collect([attrs.evolve(document, value=spoilt(whole, place, junk))]).resources:
            reader = READERS.get((resource.group, resource.kind))
            assert reader is None or list(parts(reader(resource)))


@pytest.mark.parametrize(("group", "kind"), KINDS)
@given(data=st.data(), version=st.sampled_from(VERSIONS))
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_junk_at_many_places_breaks_no_view(group: str, kind: str, version: str, data: st.DataObject) -> None:
    value = manifest(group, kind, version)
    inner = [place for place in places(value) if place[0] not in ("apiVersion", "kind")]
    for place in data.draw(st.lists(st.sampled_from(inner), min_size=2, max_size=5)):
        value = spoilt(value, place, data.draw(ANYTHING))
    resource = parse(value)
    stands_somewhere(READERS[group, kind](resource), resource)


@needs_shared
def test_views_of_real_manifests_point_into_them() -> None:
    read_kinds = set()
    for path in sorted((SHARED / "corpus").rglob("*.y*ml"))[::7]:
        for resource in collect(read(path.name, path.read_bytes()).documents).resources:
            reader = READERS.get((resource.group, resource.kind))
            if reader is not None:
                stands_somewhere(reader(resource), resource)
                read_kinds.add(resource.kind)
    assert len(read_kinds) > 15
