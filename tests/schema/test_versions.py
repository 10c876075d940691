from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.resources.schema.store.catalogue import built_in, is_namespaced
from meshlint.resources.schema.store.releases import is_served
from meshlint.resources.schema.store.versions import (
    Deprecated,
    Foreign,
    Later,
    Removed,
    Served,
    UnknownKind,
    UnknownVersion,
    lookup,
    split_api_version,
)
from meshlint.resources.schema.words.names import distance, nearest


def test_every_version_of_the_index_is_served_or_was_removed() -> None:
    for (group, kind), entry in built_in().kinds.items():
        for version in entry["versions"]:
            standing = lookup(group, version["name"], kind)
            served = is_served(entry, version, {})
            assert isinstance(standing, (Served | Deprecated) if served else (Removed | Later))


def test_highest_server_version_is_offered_for_one_that_never_existed() -> None:
    standing = lookup("policy.linkerd.io", "v1beta4", "Server")
    assert standing == UnknownVersion(("v1beta3", "v1beta2", "v1beta1", "v1alpha1"), "v1beta3")


def test_authorization_policy_of_linkerd_has_one_version() -> None:
    assert lookup("policy.linkerd.io", "v1alpha1", "AuthorizationPolicy") == Served("v1alpha1")
    assert lookup("policy.linkerd.io", "v1beta1", "AuthorizationPolicy") == UnknownVersion(
        ("v1alpha1",), "v1alpha1"
    )


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha3"])
def test_old_networking_versions_of_istio_are_served(version: str) -> None:
    assert lookup("networking.istio.io", version, "VirtualService") == Served("v1")


@pytest.mark.parametrize(
    ("group", "version", "kind", "release"),
    [
        ("authentication.istio.io", "v1alpha1", "MeshPolicy", "Istio 1.6"),
        ("rbac.istio.io", "v1alpha1", "ServiceRole", "Istio 1.6"),
        ("config.istio.io", "v1alpha2", "rule", "Istio 1.8"),
        ("gateway.networking.k8s.io", "v1alpha2", "HTTPRoute", "Gateway API 0.8"),
        ("apps", "v1beta1", "Deployment", "Kubernetes 1.16"),
    ],
)
def test_removed_apis_name_their_release(group: str, version: str, kind: str, release: str) -> None:
    standing = lookup(group, version, kind)
    assert isinstance(standing, Removed)
    assert standing.release == release
    assert standing.replacement


def test_deprecated_versions_name_their_replacement() -> None:
    server = lookup("policy.linkerd.io", "v1beta1", "Server")
    assert server == Deprecated("policy.linkerd.io/v1beta3")
    route = lookup("gateway.networking.k8s.io", "v1alpha2", "TLSRoute")
    assert isinstance(route, Deprecated)
    assert route.read_by == ("linkerd",)


def test_misspelt_kinds_and_groups_are_named() -> None:
    assert lookup("networking.istio.io", "v1", "VirtualServise") == UnknownKind(
        "VirtualService", "networking.istio.io"
    )
    assert lookup("networking.istio.io", "v1", "AuthorizationPolicy") == UnknownKind(
        "AuthorizationPolicy", "security.istio.io"
    )
    assert lookup("networking.isto.io", "v1", "Gateway") == UnknownKind("Gateway", "networking.istio.io")


@pytest.mark.parametrize(
    ("group", "version", "kind"),
    [
        ("networking.k8s.io", "v1", "NetworkPolicy"),
        ("", "v1", "ConfigMap"),
        ("apps", "v1", "ControllerRevision"),
        ("kyma-project.io", "v1", "Gateway"),
        ("networking.internal.knative.dev", "v1alpha1", "Ingress"),
        ("linkerd.buoyant.io", "v1alpha1", "DataPlane"),
    ],
)
def test_what_is_not_a_meshs_own_is_foreign(group: str, version: str, kind: str) -> None:
    assert lookup(group, version, kind) == Foreign()


def test_scope() -> None:
    assert is_namespaced("gateway.networking.k8s.io", "GatewayClass") is False
    assert is_namespaced("gateway.networking.k8s.io", "Gateway") is True
    assert is_namespaced("", "Namespace") is False
    assert is_namespaced("example.com", "Thing") is None


def test_api_version_is_split() -> None:
    assert split_api_version("v1") == ("", "v1")
    assert split_api_version("a.b/v1") == ("a.b", "v1")


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("rule", "rules"),
        ("sni_hosts", "sniHosts"),
        ("Hosts", "hosts"),
        ("hsots", "hosts"),
        ("hostsX", "hosts"),
    ],
)
def test_nearest_name(slip: str, meant: str) -> None:
    assert nearest(slip, ["http", "gateways", meant, "exportTo", "action"]) == meant


def test_no_name_is_near_an_unrelated_one() -> None:
    assert nearest("zebra", ["hosts", "http", "gateways"]) is None


def test_distance_counts_swapped_neighbours_once() -> None:
    assert distance("hsots", "hosts", 3) == 1
    assert distance("", "abc", 3) == 3


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_a_distance_is_exact_up_to_the_most_that_is_asked_for(left: str, right: str, most: int) -> None:
    exact = distance(left, right, len(left) + len(right))
    found = distance(left, right, most)
    assert found == exact if exact <= most else found > most


def test_report_of_a_conformance_run_is_no_refused_object() -> None:
    assert lookup("gateway.networking.k8s.io", "v1", "ConformanceReport") == Served("v1")
