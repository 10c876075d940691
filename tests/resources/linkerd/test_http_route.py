from __future__ import annotations

import pytest

from meshlint.resources.linkerd.http_route import policy_http_route
from tests.resources.reading import made_of

BACKENDS = [{"name": "a", "weight": 90, "kind": "EgressNetwork", "group": "policy.linkerd.io"}]


def test_parents_default_to_linkerds_own_group() -> None:
    spec = {"parentRefs": [{"kind": "Server", "name": "web"}, {"kind": "Service", "group": "core"}]}
    server, service = policy_http_route(made_of("policy.linkerd.io/v1beta3", "HTTPRoute", spec)).parent_refs
    assert server.is_a("policy.linkerd.io", "Server")
    assert service.is_a("core", "Service")


@pytest.mark.parametrize("version", ["v1alpha1", "v1beta1"])
def test_old_backends_know_neither_kind_nor_weight(version: str) -> None:
    spec = {"rules": [{"backendRefs": BACKENDS}]}
    route = policy_http_route(made_of(f"policy.linkerd.io/{version}", "HTTPRoute", spec))
    (ref,) = route.rules[0].backend_refs
    assert (ref.group, ref.kind, ref.weight, ref.namespace) == ("", "Service", 1, "default")


@pytest.mark.parametrize("version", ["v1beta2", "v1beta3", "v1beta4"])
def test_newer_backends_do(version: str) -> None:
    spec = {"rules": [{"backendRefs": BACKENDS}]}
    route = policy_http_route(made_of(f"policy.linkerd.io/{version}", "HTTPRoute", spec))
    (ref,) = route.rules[0].backend_refs
    assert (ref.group, ref.kind, ref.weight, ref.namespace) == (
        "policy.linkerd.io",
        "EgressNetwork",
        90,
        "ns",
    )


def test_without_rules_there_is_one_that_takes_everything() -> None:
    (rule,) = policy_http_route(made_of("policy.linkerd.io/v1beta3", "HTTPRoute", {})).rules
    assert rule.matches[0].is_catch_all
