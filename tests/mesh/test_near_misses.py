"""What a selector that picks no pod was meant for."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.mesh.questions.machines import is_served_inside, machines, may_select_machines
from meshlint.mesh.questions.near_misses import nearly_selected

DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\n"
    "metadata: {name: cart, namespace: shop, labels: {tier: front}}\n"
    "spec: {selector: {matchLabels: {app: cart}}, template: {metadata: {labels: {app: cart, version: v1}}, "
    "spec: {containers: [{name: cart, image: cart}]}}}\n"
)
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{port: 80}]}\n"
)


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        ({"app": "crat"}, True),
        ({"app": "cart-a"}, False),
        ({"app": "card-x"}, False),
        ({"app": "cart", "version": "v2"}, False),
        ({"tier": "front"}, True),
        ({"tier": "back"}, False),
        ({"app": "orders"}, False),
        ({"app": "crat", "version": "v1"}, True),
        ({"app": "crat", "version": "v2"}, False),
        ({"name": "cart"}, False),
    ],
)
def test_it_takes_evidence(labels: dict[str, str], meant: bool) -> None:
    mesh = read_texts({"shop.yaml": f"{DEPLOYMENT}---\n{SERVICE}"}).mesh
    found = nearly_selected(mesh, mesh.services.all[0].resource, labels)
    assert (found is not None) is meant


def test_what_lies_elsewhere_without_a_namespace_is_not_meant() -> None:
    unplaced = DEPLOYMENT.replace(", namespace: shop", "")
    service = SERVICE.replace(", namespace: shop", "")
    mesh = read_texts({"one/shop.yaml": unplaced, "other/shop.yaml": service}).mesh
    assert nearly_selected(mesh, mesh.services.all[0].resource, {"app": "crat"}) is None


ENTRY = (
    "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm, namespace: shop}\n"
    "spec: {address: 192.0.2.1, labels: {app: vm}}\n"
)
GROUP = (
    "apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata: {name: vms, namespace: shop}\n"
    "spec: {metadata: {labels: {app: vm}}, template: {}}\n"
)


def test_machines_may_be_selected() -> None:
    alone = read_texts({"shop.yaml": ENTRY}).mesh
    assert may_select_machines(alone, "shop", {"app": "vm"})
    assert not may_select_machines(alone, "shop", {"app": "other"})
    assert not may_select_machines(alone, "other", {"app": "vm"})
    assert may_select_machines(read_texts({"shop.yaml": GROUP}).mesh, "shop", {"app": "other"})


@pytest.mark.parametrize(
    ("kind", "spec", "served"),
    [
        ("networking.istio.io/v1, kind: ServiceEntry", "workloadSelector: {labels: {app: vm}}", False),
        (
            "networking.istio.io/v1, kind: ServiceEntry",
            "location: MESH_INTERNAL, workloadSelector: {labels: {app: vm}}",
            True,
        ),
        ("v1, kind: Service", "selector: {app: vm}", True),
        ("v1, kind: Service", "selector: {app: other}", False),
    ],
)
def test_what_serves_a_machine_inside_of_the_mesh(kind: str, spec: str, served: bool) -> None:
    text = f"{{apiVersion: {kind}, metadata: {{name: vm, namespace: shop}}, spec: {{{spec}}}}}\n"
    mesh = read_texts({"shop.yaml": f"{ENTRY}---\n{text}"}).as_written
    assert is_served_inside(mesh, machines(mesh)[0]) is served
