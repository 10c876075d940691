"""Calls between two workloads of the files (linkerd.md, C6 and C11), and the answer as sets."""

from __future__ import annotations

import pytest

from meshlint.mesh import Mesh, MeshSettings
from meshlint.security.linkerd.authorization import HttpRequest, admitted, decide_between
from tests.security.linkerd.worlds import (
    CLOSED,
    cart_of,
    http_route,
    identity,
    mesh,
    namespace,
    net,
    path,
    policy,
    saz,
    server,
    tls,
    workload,
)

OPEN_TO_WEB = (server(), policy("tls/web"), tls(identity("web")))


def world(web: str, *more: str, settings: MeshSettings = CLOSED, space: str = "") -> Mesh:
    return mesh(space or namespace(), workload(), web, *OPEN_TO_WEB, *more, settings=settings)


def verdict(at: Mesh, dialed: int | None = None) -> str:
    return decide_between(at, cart_of(at, "web"), cart_of(at), 8080, HttpRequest(), dialed).verdict.value


def skipping(ports: str) -> str:
    return workload("web", account="web", annotations=f"config.linkerd.io/skip-outbound-ports: '{ports}'")


def test_a_meshed_caller_proves_its_account() -> None:
    assert verdict(world(workload("web", account="web"))) == "allow"


def test_an_account_that_is_not_named() -> None:
    assert verdict(world(workload("web", account="api"))) == "deny"


def test_without_an_account_it_is_the_default_one() -> None:
    assert verdict(world(workload("web"), policy("sa/default", name="d"))) == "allow"


def test_a_caller_without_a_proxy_proves_nothing() -> None:
    out = workload("web", account="web", annotations="linkerd.io/inject: disabled")
    assert verdict(world(out)) == "deny"


@pytest.mark.parametrize(
    ("ports", "dialed", "expected"),
    [
        ("8080", None, "deny"),
        ("80", 80, "deny"),
        ("80", None, "allow"),
        ("8080", 80, "allow"),
        ("1-9000", None, "deny"),
    ],
)
def test_a_port_past_the_callers_proxy(ports: str, dialed: int | None, expected: str) -> None:
    assert verdict(world(skipping(ports)), dialed) == expected


def test_a_caller_that_may_be_injected_elsewhere() -> None:
    at = world(
        workload("web", account="web", namespace="other"),
        policy("sa/web@other", name="o"),
        settings=MeshSettings(),
    )
    decision = decide_between(at, cart_of(at, "web"), cart_of(at), 8080, HttpRequest())
    assert decision.verdict.value == "depends"
    assert decision.depends_on == ("whether Deployment other/web is injected",)


def test_pods_call_from_the_clusters_networks() -> None:
    at = world(workload("web", account="api"), saz("unauthenticated: true"))
    assert verdict(at) == "allow"


def test_a_network_within_the_cluster_leaves_it_open() -> None:
    at = world(workload("web", account="api"), policy("net/nodes", name="n"), net("10.0.0.0/16"))
    assert verdict(at) == "depends"


def told(*objects: str, cart: str = "", space: str = "") -> list[str]:
    at = mesh(space or namespace(), cart or workload(), *objects, settings=CLOSED)
    return [entry.describe() for entry in admitted(at, cart_of(at), 8080)]


def test_sets_without_a_server() -> None:
    assert told() == ["anyone"]


def test_sets_without_a_proxy() -> None:
    assert told(*OPEN_TO_WEB, space=namespace(annotations="")) == ["anyone, for no proxy enforces a policy"]


def test_sets_of_a_closed_server() -> None:
    assert told(server()) == ["nobody"]


def test_sets_of_a_policy() -> None:
    assert told(*OPEN_TO_WEB) == [f'"{identity("web")}"']


def test_sets_of_identities_from_networks() -> None:
    assert told(server(), policy("tls/web", "net/nodes"), tls("*"), net("10.0.0.0/8")) == [
        "anyone in the mesh from 10.0.0.0/8"
    ]


def test_sets_add_up_and_swallow_each_other() -> None:
    assert told(server(access="all-authenticated"), policy("tls/web"), tls(identity("web"))) == [
        "anyone in the mesh"
    ]


def test_sets_by_route() -> None:
    routes = (http_route(path("/a")), http_route(path("/b"), name="s"))
    opened = policy("sa/api", target="HTTPRoute/s", name="q")
    assert told(*OPEN_TO_WEB, *routes, opened) == [
        f'"{identity("web")}"',
        f'"{identity("web")}", and "{identity("api")}"',
    ]


def test_sets_of_probes() -> None:
    probed = workload(probes="readinessProbe: {httpGet: {path: /ready, port: 8080}}")
    at = mesh(namespace(), probed, *OPEN_TO_WEB, settings=CLOSED)
    entries = admitted(at, cart_of(at), 8080)
    assert [(entry.path, entry.describe()) for entry in entries][1:] == [("/ready", "anyone")]


def test_sets_with_an_end_outside_of_the_files() -> None:
    at = mesh(namespace(), workload(), server(), policy("tls/web@auth"), settings=MeshSettings())
    (entry,) = admitted(at, cart_of(at), 8080)
    assert entry.describe() == "whom AuthorizationPolicy shop/p requires"
