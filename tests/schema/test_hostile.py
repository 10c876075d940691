"""Manifests may hold anything anywhere: nothing raises, and work stays bounded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.resources.schema.constraints import CHECKS
from meshlint.resources.schema.deprecations import deprecations
from meshlint.resources.schema.metadata import check_metadata
from meshlint.resources.schema.record import holds
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.resources.schema.store.store import schema_of
from meshlint.resources.schema.store.versions import lookup
from meshlint.resources.schema.validate import stored, validate

KINDS = [
    (entry["group"], version["name"], entry["kind"])
    for entry in built_in().kinds.values()
    for version in entry["versions"]
]
WORDS = st.sampled_from(
    ["spec", "metadata", "rules", "name", "port", "type", "matches", "annotations", "listeners", "tls", ""]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), VALUES)
def test_nothing_raises(key: tuple[str, str, str], value: Any) -> None:
    for body in (
        value,
        {"apiVersion": f"{key[0]}/{key[1]}", "kind": key[2], "spec": value, "metadata": value},
    ):
        accepted = not validate(*key, body)
        check_metadata(key[0], key[2], body)
        deprecations(key[0], key[2], body)
        schema = schema_of(*key)
        assert schema is not None
        if not _partial(body):
            assert accepted == holds(schema, stored(*key, body))


def _partial(body: Any) -> bool:
    spec = body.get("spec") if isinstance(body, dict) else None
    return isinstance(spec, dict) and "selector" not in spec


@pytest.mark.parametrize("name", sorted(CHECKS))
@given(value=VALUES)
@settings(max_examples=20, deadline=None)
def test_no_check_raises(name: str, value: Any) -> None:
    params: dict[str, Any] = {
        "ask": "tls",
        "known": "name",
        "listed": "rules",
        "by": "type",
        "arms": {"a": "name"},
        "values": ["a", "b"],
        "keys": ["name"],
        "same": ["name"],
        "fields": ["name"],
        "others": ["port"],
        "field": "matches",
        "most": 3,
        "longest": 3,
        "schemes": ["http"],
        "filter": "tls",
        "in": "rules",
    }
    CHECKS[name](value, {**params, **({"most": "1h"} if name == "duration" else {})})


@given(st.text(max_size=20), st.text(max_size=10), st.text(max_size=20))
@settings(max_examples=100, deadline=None)
def test_any_name_has_a_standing(group: str, version: str, kind: str) -> None:
    assert lookup(group, version, kind) is not None


def test_faults_are_bounded() -> None:
    route = {"spec": {"rules": [{"unknown": 1}] * 5000}}
    assert len(validate("gateway.networking.k8s.io", "v1", "HTTPRoute", route)) <= 200


def test_long_text_is_not_matched_for_ever() -> None:
    listener = {"name": "a", "port": 80, "protocol": "HTTP", "hostname": "a" * 100_000 + "!"}
    gateway = {"spec": {"gatewayClassName": "x", "listeners": [listener]}}
    found = validate("gateway.networking.k8s.io", "v1", "Gateway", gateway)
    assert ("spec", "listeners", 0, "hostname") in [one.path for one in found]
