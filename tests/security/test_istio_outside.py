"""Calls that clients send in plaintext because an entry says that they leave the mesh."""

from __future__ import annotations

import pytest

from meshlint.mesh import Mesh
from meshlint.security.transport.inbound import ServedBy, protocol_conflicts
from meshlint.security.transport.outside_endpoints import plaintext_machines, refused_calls
from meshlint.security.transport.wide_conflicts import asked_where_disabled
from tests.security.istio_worlds import destination_rule, mesh, named, namespace, security, service, workload

IN = namespace("shop", "istio-injection: enabled")
STRICT = security("PeerAuthentication", "default", "shop", "{mtls: {mode: STRICT}}")
PERMISSIVE = security("PeerAuthentication", "default", "shop", "{mtls: {mode: PERMISSIVE}}")


def entry(spec: str, port: str = "number: 8080") -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: out, namespace: shop}\n"
        f"spec: {{hosts: [cart.example.com], ports: [{{{port}, name: http, protocol: HTTP}}], {spec}}}\n"
    )


SELECTING = "resolution: STATIC, workloadSelector: {labels: {app: cart}}"
ADDRESS = "resolution: DNS, endpoints: [{address: cart.shop.svc.cluster.local}]"
RULE = "{host: cart.example.com, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}"


@pytest.mark.parametrize(
    ("documents", "ports"),
    [
        ([entry(SELECTING), STRICT], [8080]),
        ([entry(SELECTING, "number: 80, targetPort: 8080"), STRICT], [8080]),
        ([entry(f"location: MESH_INTERNAL, {SELECTING}"), STRICT], []),
        ([entry(SELECTING), PERMISSIVE], []),
        ([entry(SELECTING), STRICT, destination_rule("out", "shop", RULE)], []),
        ([entry(ADDRESS, "number: 80"), STRICT], [8080]),
        ([entry(ADDRESS, "number: 81"), STRICT], []),
        ([entry("resolution: DNS, endpoints: [{address: other.example.com}]", "number: 80"), STRICT], []),
    ],
)
def test_an_entry_for_the_outside_that_leads_back_inside(documents: list[str], ports: list[int]) -> None:
    world = mesh(IN, workload("cart", "shop"), service("cart", "shop"), *documents)
    assert [call.port for call in refused_calls(world, world.service_entries[0])] == ports


def machine(more: str = "") -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm, namespace: shop}\n"
        f"spec: {{address: 192.0.2.1, labels: {{app: vm}}{more}}}\n"
    )


DEMANDED = security(
    "PeerAuthentication", "vm", "shop", "{selector: {matchLabels: {app: vm}}, mtls: {mode: STRICT}}"
)
INSIDE = entry("location: MESH_INTERNAL, resolution: STATIC, workloadSelector: {labels: {app: vm}}")


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        ([machine(), INSIDE, DEMANDED], 1),
        ([machine(", serviceAccount: vm"), INSIDE, DEMANDED], 0),
        ([machine(), DEMANDED], 0),
        ([machine(), INSIDE, STRICT], 0),
    ],
)
def test_a_machine_that_clients_do_not_know_to_take_mtls(documents: list[str], found: int) -> None:
    assert len(list(plaintext_machines(mesh(IN, *documents)))) == found


def test_services_that_name_different_protocols_for_one_port() -> None:
    world = mesh(
        IN,
        workload("cart", "shop"),
        service("cart", "shop"),
        service("cart", "shop", "tcp", 90).replace("name: cart, n", "name: raw, n"),
        service("cart", "shop", "web", 91).replace("name: cart, n", "name: guessed, n"),
    )
    found = [(port, one.service.name, other.service.name) for port, one, other in conflicts(world)]
    assert found == [(8080, "cart", "raw")]


def conflicts(world: Mesh) -> list[tuple[int, ServedBy, ServedBy]]:
    return list(protocol_conflicts(world, named(world, "cart")))


ASKING = "{host: '*.shop.svc.cluster.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}"
EVERYWHERE = "{host: '*.local', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}"
PLAIN = "{host: '*.shop.svc.cluster.local', trafficPolicy: {tls: {mode: DISABLE}}}"


def off(where: str) -> str:
    return security("PeerAuthentication", "default", where, "{mtls: {mode: DISABLE}}")


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        ([off("shop"), destination_rule("all", "shop", ASKING)], 1),
        ([off("shop"), destination_rule("all", "istio-system", EVERYWHERE)], 1),
        ([off("istio-system"), destination_rule("all", "istio-system", EVERYWHERE)], 1),
        ([off("istio-system"), destination_rule("all", "clients", EVERYWHERE)], 1),
        ([off("shop"), destination_rule("all", "shop", PLAIN)], 0),
        ([STRICT, destination_rule("all", "shop", ASKING)], 0),
        (
            [
                namespace("shop", "istio.io/dataplane-mode: ambient"),
                off("shop"),
                destination_rule("all", "shop", ASKING),
            ],
            0,
        ),
    ],
)
def test_a_wide_policy_against_a_wide_rule(documents: list[str], found: int) -> None:
    assert len(list(asked_where_disabled(mesh(*documents)))) == found
