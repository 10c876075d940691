"""Which policies meet at a workload, and what is granted in vain."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.security.istio import Chain, Request, guard
from meshlint.security.policies.denied_grants import closing, denied_grants
from meshlint.security.policies.scope import Covering, covers, may_share
from tests.security.istio_worlds import mesh, mesh_as_written, named, namespace, security, workload
from tests.security.test_istio_access import REQUESTS, RULES

ANY = "{}"
CART = "{selector: {matchLabels: {app: cart}}}"
CART_V1 = "{selector: {matchLabels: {app: cart, version: v1}}}"
WEB = "{selector: {matchLabels: {app: web}}}"
SERVICE = "{targetRefs: [{kind: Service, group: '', name: cart}]}"
GATEWAY = "{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: way}]}"


def two(one: tuple[str, str], other: tuple[str, str]) -> Mesh:
    return mesh(
        security("AuthorizationPolicy", "a", *one),
        security("AuthorizationPolicy", "b", *other),
    )


@pytest.mark.parametrize(
    ("wide", "narrow", "is_covered", "is_shared"),
    [
        (("shop", ANY), ("shop", CART), True, True),
        (("shop", CART), ("shop", ANY), False, True),
        (("shop", CART), ("shop", CART_V1), True, True),
        (("shop", CART), ("shop", WEB), False, False),
        (("shop", ANY), ("web", ANY), False, False),
        (("istio-system", ANY), ("web", CART), True, True),
        (("web", CART), ("istio-system", ANY), False, True),
        (("shop", ANY), ("shop", SERVICE), False, False),
        (("shop", ANY), ("shop", GATEWAY), False, True),
        (("shop", SERVICE), ("shop", SERVICE), True, True),
        (("shop", SERVICE), ("shop", GATEWAY), False, True),
    ],
)
def test_policies_meet(
    wide: tuple[str, str], narrow: tuple[str, str], is_covered: bool, is_shared: bool
) -> None:
    world = two(wide, narrow)
    one, other = sorted(world.authorization_policies.all, key=lambda policy: policy.resource.name)
    assert covers(world, one, other) is is_covered
    assert may_share(world, one, other) is is_shared
    assert may_share(world, other, one) is is_shared


def test_what_covers_a_policy_stands_near_it_and_is_no_version_of_it() -> None:
    """Two policies are written in three directories each, where one of them is for all that the other is."""
    both = (
        security("AuthorizationPolicy", "wide", "in", ANY),
        security("AuthorizationPolicy", "cart", "in", CART),
    )
    world = read_texts({f"{place}/a.yaml": "---\n".join(both) for place in ("x", "x/y", "z")}).as_written
    policies = world.authorization_policies.all
    covering = Covering(world, policies)
    found = {
        (one.name, one.resource.document.file): [
            (other.name, other.resource.document.file) for other in covering.beside(one)
        ]
        for one in policies
    }
    assert found == {
        **{("wide", f"{place}/a.yaml"): [] for place in ("x", "x/y", "z")},
        **{
            ("cart", f"{place}/a.yaml"): [("wide", "x/a.yaml"), ("wide", "x/y/a.yaml")]
            for place in ("x", "x/y")
        },
        ("cart", "z/a.yaml"): [("wide", "z/a.yaml")],
    }
    assert all(map(covering.any_of, policies))


@settings(max_examples=80, deadline=None)
@given(RULES, st.lists(RULES, min_size=1, max_size=3), st.lists(REQUESTS, min_size=3, max_size=6))
def test_what_is_granted_in_vain_is_never_admitted(
    rule: dict[str, Any], denied: list[dict[str, Any]], requests: list[Request]
) -> None:
    specs = ({"action": "ALLOW", "rules": [rule]}, {"action": "DENY", "rules": denied})
    texts = [yaml.safe_dump(spec, default_flow_style=True) for spec in specs]
    world = mesh_as_written(
        *(security("AuthorizationPolicy", f"p{place}", "in", text) for place, text in enumerate(texts))
    )
    in_vain = any(denied_grants(world)) or any(closing(world))
    judge = guard(world, world.authorization_policies.all, Chain.HTTP)
    for request in requests if in_vain else ():
        assert judge.decide(request).is_denied


def test_a_grant_that_two_denials_share_is_in_vain() -> None:
    allow = "{rules: [{to: [{operation: {methods: [PUT]}}, {operation: {methods: [DELETE]}}]}]}"
    deny = "{{action: DENY, rules: [{{to: [{{operation: {{methods: [{}]}}}}]}}]}}"
    halves = [security("AuthorizationPolicy", name, "in", deny.format(name)) for name in ("PUT", "DELETE")]
    grant = security("AuthorizationPolicy", "grant", "in", allow)
    assert list(denied_grants(mesh(grant, halves[0]))) == []
    assert len(list(denied_grants(mesh(grant, *halves)))) == 1


def test_what_ztunnel_enforces_is_no_grant_in_vain() -> None:
    ambient = namespace("in", "istio.io/dataplane-mode: ambient")
    deny = security(
        "AuthorizationPolicy", "deny", "in", "{action: DENY, rules: [{to: [{operation: {paths: ['*']}}]}]}"
    )
    allow = security("AuthorizationPolicy", "allow", "in", "{rules: [{to: [{operation: {paths: [/a]}}]}]}")
    assert named(mesh(ambient, workload("a", "in")), "a")
    assert len(list(denied_grants(mesh(deny, allow)))) == 1
    assert list(denied_grants(mesh(ambient, workload("a", "in"), deny, allow))) == []
