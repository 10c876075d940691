"""Facts of Istio's policies that a real Envoy showed to be finer than the documentation."""

from __future__ import annotations

import pytest

from meshlint.security.istio import Chain, Request, guard
from meshlint.security.istio.attributes import seen_path
from meshlint.security.policies.values.texts import principal_fault
from tests.security.istio_worlds import mesh_as_written, named, security, workload


def _denies(condition: str, request: Request, action: str = "DENY") -> bool:
    spec = f"{{action: {action}, rules: [{{when: [{condition}]}}]}}"
    world = mesh_as_written(workload("web", "shop"), security("AuthorizationPolicy", "p", "shop", spec))
    attached = world.authorization_policies.attached_to(named(world, "web"))
    return guard(world, attached, Chain.HTTP).decide(request).is_denied


@pytest.mark.parametrize(
    "key", ["request.headers", "request.auth.claims[a", "experimental.envoy.filters.a.b"]
)
def test_a_malformed_key_loses_its_values_and_widens_a_deny_rule(key: str) -> None:
    assert _denies(f"{{key: '{key}', values: [x]}}", Request(path="/"))
    assert _denies(f"{{key: '{key}', values: [x]}}", Request(path="/"), "ALLOW")


def test_an_unknown_key_takes_a_deny_rule_away() -> None:
    assert not _denies("{key: source.user, values: [x]}", Request(path="/"))


def test_all_brackets_around_a_value_of_metadata_are_taken_off() -> None:
    condition = "{key: 'experimental.envoy.filters.a.b[c]', values: ['[[x]]']}"
    assert _denies(condition, Request(path="/", metadata={"envoy.filters.a.b": {"c": ["x"]}}))


@pytest.mark.parametrize(
    ("normalization", "sent", "seen"),
    [
        ("NONE", "/a/../b?c", "/a/../b"),
        ("NONE", "/a#b", None),
        ("MERGE_SLASHES", "/a//b", "/a/b"),
        ("MERGE_SLASHES", "//a//", "/a/"),
        ("MERGE_SLASHES", "///", "//"),
        ("MERGE_SLASHES", "/", "/"),
        ("DECODE_AND_MERGE_SLASHES", "/%2F", "//"),
        ("DECODE_AND_MERGE_SLASHES", "/a%5cb", "/a/b"),
    ],
)
def test_paths_are_seen_as_the_setting_says(normalization: str, sent: str, seen: str | None) -> None:
    assert seen_path(sent, normalization) == seen


@pytest.mark.parametrize(
    ("sent", "value"), [("/a\\b?c=\\", "/a/b?c=\\"), ("/x/../a?c", "/a?c"), ("/a", "/a")]
)
def test_the_header_of_the_path_is_normalised_and_keeps_its_query(sent: str, value: str) -> None:
    assert _denies(f"{{key: 'request.headers[:path]', values: ['{value}']}}", Request(path=sent))


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("*", True),
        ("*/sa/web", True),
        ("*/ns/shop/sa/", False),
        ("*web", True),
        ("*x/y/z", False),
        ("td/ns/shop/sa/w*", True),
        ("td/ns/shop*", True),
        ("td/ns-shop/*", False),
        ("td*", True),
        ("td/ns/shop/sa/web/*", False),
        ("spiffe://td/*", False),
        ("td/sa/web", False),
    ],
)
def test_a_principal_has_the_form_of_an_identity_as_far_as_it_is_written(value: str, fits: bool) -> None:
    assert (principal_fault(value) is None) is fits
