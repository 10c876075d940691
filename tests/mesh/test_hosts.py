from __future__ import annotations

from typing import Any

import pytest

from meshlint.mesh import Mesh, MeshSettings
from meshlint.mesh.resolution import Found, Missing, Unknown
from meshlint.mesh.routing.gateways import GatewayName
from tests.traffic.worlds import deployment, gateway, mesh, service, virtual_service

ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: %s}
spec: {hosts: %s, exportTo: %s}
"""
OTHER_MAKER = """
apiVersion: databases.example.com/v1
kind: Cluster
metadata: {name: orders, namespace: shop}
"""
LINK = """
apiVersion: multicluster.linkerd.io/v1alpha2
kind: Link
metadata: {name: west, namespace: linkerd-multicluster}
spec: {targetClusterName: west}
"""
GATEWAY_API = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: []}
"""


def resolved(found: Mesh, host: str, namespace: str = "shop") -> Any:
    return found.hosts.resolve(host, namespace)


@pytest.mark.parametrize(
    "host", ["reviews", "reviews.shop.svc.cluster.local", "api.example.com", "any.wide.com"]
)
def test_what_the_files_define_is_found(host: str) -> None:
    found = mesh(service("reviews"), ENTRY % ("shop", '[api.example.com, "*.wide.com", "*"]', "[]"))
    assert isinstance(resolved(found, host), Found)


def test_a_misspelt_service_is_missing_with_what_was_meant() -> None:
    answer = resolved(mesh(service("reviews"), deployment("reviews")), "review")
    assert isinstance(answer, Missing)
    assert answer.nearest == ("reviews",)


def test_a_half_written_name_means_a_host_outside() -> None:
    answer = resolved(mesh(service("reviews")), "reviews.shop")
    assert isinstance(answer, Missing)
    assert answer.nearest == ("reviews.shop.svc.cluster.local",)
    assert isinstance(resolved(mesh(service("reviews")), "other.shop.svc"), Missing)


@pytest.mark.parametrize(
    ("texts", "host"),
    [
        ((service("reviews"),), "ratings.other.svc.cluster.local"),
        ((service("reviews"),), "api.example.com"),
        ((service("reviews"),), "*.example.com"),
        ((service("reviews"), OTHER_MAKER), "orders-primary"),
        ((service("reviews"), LINK), "reviews-west"),
        ((service("reviews"), GATEWAY_API), "edge-istio"),
    ],
)
def test_what_lies_outside_the_files_is_unknown(texts: tuple[str, ...], host: str) -> None:
    assert isinstance(resolved(mesh(*texts), host), Unknown)


def test_settings_close_the_world_and_name_what_is_outside_of_it() -> None:
    closed = MeshSettings(complete=True, external_hosts=("api.example.com",))
    found = mesh(service("reviews"), settings=closed)
    assert isinstance(resolved(found, "api.example.com"), Unknown)
    assert isinstance(resolved(found, "other.example.com"), Missing)
    assert isinstance(resolved(found, "ratings.other.svc.cluster.local"), Missing)


def test_owners_and_visibility() -> None:
    hidden = service("reviews").replace("namespace: shop", "namespace: shop, annotations: %s") % (
        '{networking.istio.io/exportTo: "., billing"}'
    )
    found = mesh(hidden, service("ratings"), ENTRY % ("shop", "[api.example.com]", "['.']"))
    reviews = found.hosts.known("reviews.shop.svc.cluster.local")
    api = found.hosts.known("api.example.com")
    assert reviews is not None
    assert api is not None
    assert [found.hosts.is_visible(reviews, name) for name in ("shop", "billing", "other")] == [
        True,
        True,
        False,
    ]
    assert [found.hosts.is_visible(api, name) for name in ("shop", "billing")] == [True, False]
    assert found.hosts.owner("api.example.com") == "shop"
    assert found.hosts.owner("x.other.svc.cluster.local") == "other"
    assert found.hosts.owner("unknown.example.com") is None


def bound(found: Mesh, reference: str) -> Any:
    return found.gateways.resolve(reference, "shop")


def test_gateways_are_found_by_name_or_told_missing() -> None:
    found = mesh(gateway("edge", namespace="infra"), gateway("inner"), deployment("edge", istio="edge"))
    assert isinstance(bound(found, "infra/edge"), Found)
    assert isinstance(bound(found, "inner"), Found)
    elsewhere = bound(found, "edge")
    assert isinstance(elsewhere, Missing)
    assert elsewhere.nearest == ("infra/edge",)
    typo = bound(found, "innr")
    assert isinstance(typo, Missing)
    assert typo.nearest == ("inner",)
    assert found.gateways.named(GatewayName("shop", "none")) == ()
    assert found.gateways.alternatives(found.gateways.all[0]) == (found.gateways.all[0],)


def test_gateways_that_may_be_elsewhere_are_unknown() -> None:
    assert isinstance(bound(mesh(GATEWAY_API), "edge"), Unknown)
    assert isinstance(bound(mesh(virtual_service("a")), "other/edge"), Unknown)
    settings = MeshSettings(complete=True, external_gateways=("infra/edge",))
    assert isinstance(bound(mesh(gateway("a"), settings=settings), "infra/edge"), Unknown)
    unplaced = gateway("edge").replace(", namespace: shop", "")
    assert isinstance(bound(mesh(unplaced, gateway("a")), "shop/edge"), Unknown)


def test_virtual_services_by_name_gateway_and_delegation() -> None:
    root = virtual_service(
        "root", hosts=("a.example.com",), http="[{delegate: {name: part}}]", more="gateways: [edge]"
    )
    found = mesh(root, virtual_service("part", hosts=()), virtual_service("mine")).virtual_services
    (part,) = found.named("shop", "part")
    assert found.named("shop", "none") == ()
    assert [str(one.resource.name) for one in found.roots(part)] == ["root"]
    assert [str(one.resource.name) for one in found.of_gateway("shop/edge")] == ["root"]
    assert found.of_gateway("infra/edge") == ()
    assert len(list(found)) == 3
    assert [host for one in found for host in found.hosts(one)] == [
        "reviews.shop.svc.cluster.local",
        "a.example.com",
    ]
    assert found.visibility(part).includes("anywhere")
