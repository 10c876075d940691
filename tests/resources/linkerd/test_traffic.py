from __future__ import annotations

from fractions import Fraction

import pytest

from meshlint.resources.linkerd.egress_network import egress_network
from meshlint.resources.linkerd.external_workload import external_workload
from meshlint.resources.linkerd.link import link
from meshlint.resources.linkerd.rate_limit import rate_limit_policy
from meshlint.resources.linkerd.service_profile import service_profile
from tests.resources.reading import made_of

POLICY = "policy.linkerd.io/v1alpha1"


def test_an_egress_network_without_networks_is_everything_outside() -> None:
    everything = egress_network(made_of(POLICY, "EgressNetwork", {"trafficPolicy": "Deny"}))
    nothing = egress_network(made_of(POLICY, "EgressNetwork", {"networks": []}))
    some = egress_network(made_of(POLICY, "EgressNetwork", {"networks": [{"cidr": "1.0.0.0/8"}]}))
    assert (everything.traffic_policy, everything.networks) == ("Deny", None)
    assert nothing.networks == ()
    assert some.networks is not None
    assert [network.cidr for network in some.networks] == ["1.0.0.0/8"]


def test_rates_for_all_for_each_and_for_some() -> None:
    spec = {
        "targetRef": {"group": "policy.linkerd.io", "kind": "Server", "name": "web"},
        "total": {"requestsPerSecond": 100},
        "identity": {"requestsPerSecond": 20},
        "overrides": [{"requestsPerSecond": 50, "clientRefs": [{"kind": "ServiceAccount", "name": "a"}]}],
    }
    limit = rate_limit_policy(made_of(POLICY, "HTTPLocalRateLimitPolicy", spec))
    assert (limit.target_ref.name, limit.total, limit.identity) == ("web", 100, 20)
    (override,) = limit.overrides
    assert override.requests_per_second == 50
    assert [(ref.group, ref.name, ref.namespace) for ref in override.client_refs] == [("", "a", "ns")]


def test_a_profile_with_routes_budget_and_overrides() -> None:
    spec = {
        "routes": [
            {"name": "a", "condition": {"method": "GET"}, "isRetryable": True, "timeout": "1s"},
            {"responseClasses": [{"isFailure": True}]},
        ],
        "retryBudget": {"retryRatio": 0.2, "minRetriesPerSecond": 10, "ttl": "10s"},
        "dstOverrides": [{"authority": "a.ns:80", "weight": "500m"}, {"weight": 2}],
    }
    profile = service_profile(made_of("linkerd.io/v1alpha2", "ServiceProfile", spec))
    first, second = profile.routes
    assert (first.name, first.is_retryable, first.timeout) == ("a", True, "1s")
    assert first.condition.text("method") == "GET"
    assert (second.is_retryable, len(second.response_classes)) == (False, 1)
    assert profile.retry_budget is not None
    assert profile.retry_budget.retry_ratio == Fraction(1, 5)
    assert (profile.retry_budget.min_retries_per_second, profile.retry_budget.ttl) == (10, "10s")
    assert [(one.authority, one.weight) for one in profile.dst_overrides] == [
        ("a.ns:80", Fraction(1, 2)),
        (None, Fraction(2)),
    ]


@pytest.mark.parametrize("written", ["0.2", True, None])
def test_a_ratio_is_a_number(written: object) -> None:
    spec = {"retryBudget": {"retryRatio": written}}
    budget = service_profile(made_of("linkerd.io/v1alpha2", "ServiceProfile", spec)).retry_budget
    assert budget is not None
    assert budget.retry_ratio is None
    assert service_profile(made_of("linkerd.io/v1alpha2", "ServiceProfile", None)).retry_budget is None


@pytest.mark.parametrize(("version", "key"), [("v1alpha1", "meshTls"), ("v1beta1", "meshTLS")])
def test_an_external_workload_is_read_in_its_versions_spelling(version: str, key: str) -> None:
    spec = {
        key: {"identity": "spiffe://root.example.com/vm", "serverName": "vm.example.com"},
        "ports": [{"port": 80, "name": "http"}, {"port": 53, "protocol": "UDP"}],
        "workloadIPs": [{"ip": "192.0.2.1"}, {}],
    }
    machine = external_workload(made_of(f"workload.linkerd.io/{version}", "ExternalWorkload", spec))
    assert machine.mesh_tls.identity == "spiffe://root.example.com/vm"
    assert machine.mesh_tls.server_name == "vm.example.com"
    assert [(port.name, port.port, port.protocol) for port in machine.ports] == [
        ("http", 80, "TCP"),
        (None, 53, "UDP"),
    ]
    assert machine.workload_ips == ("192.0.2.1",)
    other = "v1beta1" if version == "v1alpha1" else "v1alpha1"
    misread = external_workload(made_of(f"workload.linkerd.io/{other}", "ExternalWorkload", spec))
    assert not misread.mesh_tls.field


@pytest.mark.parametrize(
    ("version", "federates"), [("v1alpha1", False), ("v1alpha2", True), ("v1alpha3", True)]
)
def test_a_link_federates_since_v1alpha2(version: str, federates: bool) -> None:
    spec = {
        "targetClusterName": "east",
        "gatewayPort": "4143",
        "selector": {"matchLabels": {"a": "b"}},
        "federatedServiceSelector": {"matchLabels": {"c": "d"}},
    }
    east = link(made_of(f"multicluster.linkerd.io/{version}", "Link", spec))
    assert (east.target_cluster_name, east.gateway_port, east.gateway_address) == ("east", "4143", None)
    assert east.selector
    assert not east.remote_discovery_selector
    assert bool(east.federated_service_selector) is federates
