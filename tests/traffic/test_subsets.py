"""Which subsets a client has."""

from __future__ import annotations

import pytest

from meshlint.checks.subset import subsets
from tests.traffic.worlds import (
    deployment,
    destination_rule,
    gateway,
    messages,
    service,
    split,
    to,
    virtual_service,
    world,
)

FQDN = "reviews.shop.svc.cluster.local"


def _route(subset: str = "v1", namespace: str = "shop", host: str = FQDN, more: str = "") -> str:
    return virtual_service("r", namespace, (host,), split(to(host, subset)), more)


def _caller() -> str:
    variable = f"{{name: c, env: [{{name: REVIEWS, value: 'http://{FQDN}'}}]"
    return deployment("web", "web").replace("{name: c", variable)


def test_a_subset_that_is_defined_is_fine() -> None:
    at = world(_route(), destination_rule("r", subsets=["v1"]))
    assert messages(subsets.undefined, at) == messages(subsets.hidden, at) == []


def test_a_subset_that_nobody_defines() -> None:
    (told,) = messages(subsets.undefined, world(_route("v2"), destination_rule("r", subsets=["v1"])))
    assert told == (
        "VirtualService shop/r routes to subset 'v2' of 'reviews.shop.svc.cluster.local', "
        "which no DestinationRule defines, so these requests get status 503"
    )


def test_nothing_is_said_where_the_rules_are_out_of_view() -> None:
    assert messages(subsets.undefined, world(_route())) == []
    assert messages(subsets.undefined, world(_route(), destination_rule("r", "elsewhere", "other"))) == []


def test_a_route_beside_the_service_and_its_pods_shows_that_the_rule_is_missing() -> None:
    assert len(messages(subsets.undefined, world(_route(), service("reviews"), deployment("reviews")))) == 1


def test_a_missing_host_is_told_by_another_rule() -> None:
    gone = world(_route(host="gone.shop.svc.cluster.local"), service("reviews"), destination_rule("r"))
    assert messages(subsets.undefined, gone) == []


def test_alternatives_of_one_rule_are_taken_together() -> None:
    both = world(_route("v2"), destination_rule("r", subsets=["v1"]), destination_rule("r", subsets=["v2"]))
    assert messages(subsets.undefined, both) == []


@pytest.mark.parametrize("place", ["shop", "istio-system"])
def test_rules_of_the_owner_and_of_the_root_namespace_reach_every_client(place: str) -> None:
    at = world(_route(), deployment("web", "web"), destination_rule("r", place, FQDN, ["v1"]))
    assert messages(subsets.undefined, at) == []


def test_the_rule_of_a_third_namespace_reaches_only_its_own_clients() -> None:
    third = destination_rule("r", "third", FQDN, ["v1"])
    at = world(_route(namespace="third"), third, service("reviews"), _caller())
    (told,) = messages(subsets.undefined, at)
    assert "clients in 'web' do not see" in told
    assert messages(subsets.unseen, at) == []


def test_clients_of_which_no_call_is_known_are_named_once_for_a_rule() -> None:
    third = destination_rule("r", "third", FQDN, ["v1", "v2"])
    routes = (_route("v1", namespace="third"), _route("v2", namespace="third"))
    at = world(*routes, third, service("reviews"), deployment("web", "web"))
    assert messages(subsets.undefined, at) == []
    (told,) = messages(subsets.unseen, at)
    assert "calls from 'web' would get status 503" in told


def test_export_to_keeps_a_rule_from_clients() -> None:
    private = destination_rule("r", subsets=["v1"], more="exportTo: ['.']")
    at = world(_route(), private, _caller(), service("reviews"), deployment("reviews"))
    (told,) = messages(subsets.undefined, at)
    assert "clients in 'web' do not see" in told
    hidden_too = world(_route(more="exportTo: ['.']"), private, deployment("web", "web"))
    assert messages(subsets.undefined, hidden_too) == []


def test_a_client_rule_hides_the_owners_subsets_once() -> None:
    wide = destination_rule("wide", "web", "*.local")
    at = world(_route(), _route(namespace="web"), destination_rule("r", subsets=["v1"]), wide)
    assert messages(subsets.hidden, at) == [
        "DestinationRule web/wide hides subset 'v1' of reviews.shop.svc.cluster.local, "
        "so clients in 'web' get status 503"
    ]
    assert messages(subsets.undefined, at) == []


def test_gateway_pods_are_clients_of_their_own_namespace() -> None:
    bound = _route(more="gateways: [edge]")
    parts = (bound, gateway("edge"), destination_rule("r", subsets=["v1"]))
    pods = deployment("edge", "ingress", istio="edge")
    assert messages(subsets.hidden, world(*parts, pods)) == []
    hiding = destination_rule("all", "ingress", "*.local")
    (told,) = messages(subsets.hidden, world(*parts, pods, hiding))
    assert "clients in 'ingress'" in told
    sidecars_only = world(*parts, deployment("web", "web"), destination_rule("all", "web", "*.local"))
    assert messages(subsets.hidden, sidecars_only) == []


def test_a_delegate_has_the_clients_of_its_root() -> None:
    root = virtual_service("root", "web", ("reviews.example",), "[{delegate: {name: part, namespace: shop}}]")
    part = virtual_service("part", "shop", (), split(to("reviews", "v1")), "exportTo: [web]")
    at = world(root, part, destination_rule("r", subsets=["v1"]), destination_rule("all", "web", "*.local"))
    assert len(messages(subsets.hidden, at)) == 1


def test_unused_subsets_are_told_where_routes_are_in_view() -> None:
    rule = destination_rule("r", subsets=["v1", "v2"])
    assert messages(subsets.unused, world(rule)) == []
    assert messages(subsets.unused, world(rule, _route())) == [
        "DestinationRule shop/r defines subset 'v2' that no route names, so it is idle"
    ]
    assert messages(subsets.unused, world(rule, _route(), _route("v2", "web"))) == []


def test_a_wildcard_rule_is_used_by_any_host_under_it() -> None:
    rule = destination_rule("r", "istio-system", "*.local", ["v1"])
    at = world(rule, _route(), virtual_service("s", "istio-system"))
    assert messages(subsets.unused, at) == []


def _subset(labels: str) -> str:
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: r, namespace: shop}}
spec: {{host: reviews, subsets: [{{name: v1, labels: {labels}}}]}}
"""


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ("{version: v1}", 0),
        ("{version: v2}", 1),
        ("{version: v1, app: reviews}", 0),
        ("{version: v1, app: other}", 1),
        ("{}", 0),
        ("{topology.istio.io/cluster: east}", 0),
        ("{pod-template-hash: abc}", 0),
    ],
)
def test_a_subset_needs_pods_of_the_service(labels: str, told: int) -> None:
    pods = deployment("reviews", version="v1"), deployment("other", version="v2")
    at = world(_route(), _subset(labels), service("reviews"), *pods)
    assert len(messages(subsets.without_pods, at)) == told


def test_pods_out_of_view_and_machines_prove_nothing() -> None:
    rule, pods = destination_rule("r", subsets=["v1"]), deployment("reviews", version="v9")
    entry = """
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: vm, namespace: shop}
        spec: {address: 10.0.0.1, labels: {app: reviews, version: v1}}
        """
    assert messages(subsets.without_pods, world(_route(), rule, service("reviews"))) == []
    assert messages(subsets.without_pods, world(rule, service("reviews"), pods)) == []
    assert messages(subsets.without_pods, world(_route(), rule, service("reviews"), pods, entry)) == []
    assert len(messages(subsets.without_pods, world(_route(), rule, service("reviews"), pods))) == 1
