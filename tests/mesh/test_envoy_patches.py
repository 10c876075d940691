"""Which patches of EnvoyFilters are carried out, and which are ordered."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.mesh.questions.envoy_patches import (
    envoy_filters,
    is_passed_over,
    loose_anchors,
    names_no_filter,
)

MANAGER = "name: envoy.filters.network.http_connection_manager"


def envoy_filter(
    name: str, operation: str, apply_to: str, match: str = "", value: str = "", spec: str = ""
) -> str:
    return (
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{{spec}configPatches: [{{applyTo: {apply_to}, match: {{{match}}}, "
        f"patch: {{operation: {operation}, value: {{{value}}}}}}}]}}\n"
    )


def http_filter(name: str) -> str:
    return f"listener: {{filterChain: {{filter: {{{MANAGER}, subFilter: {{name: {name}}}}}}}}}"


def mesh(*documents: str) -> Mesh:
    return read_texts({"filters.yaml": "---\n".join(documents)}).as_written


@pytest.mark.parametrize(
    ("operation", "apply_to", "passed_over"),
    [
        ("ADD", "ROUTE_CONFIGURATION", True),
        ("REMOVE", "ROUTE_CONFIGURATION", True),
        ("MERGE", "ROUTE_CONFIGURATION", False),
        ("ADD", "HTTP_ROUTE", False),
        ("REMOVE", "HTTP_ROUTE", False),
        ("REPLACE", "HTTP_ROUTE", True),
        ("REPLACE", "VIRTUAL_HOST", False),
        ("REPLACE", "LISTENER_FILTER", False),
        ("REPLACE", "CLUSTER", True),
        ("INSERT_BEFORE", "CLUSTER", True),
        ("MERGE", "LISTENER_FILTER", True),
        ("MERGE", "EXTENSION_CONFIG", True),
        ("INVENTED", "CLUSTER", False),
        ("ADD", "INVENTED", False),
    ],
)
def test_which_operations_are_carried_out(operation: str, apply_to: str, passed_over: bool) -> None:
    (owner,) = envoy_filters(mesh(envoy_filter("one", operation, apply_to)))
    assert is_passed_over(owner.config_patches[0]) is passed_over


@pytest.mark.parametrize(
    ("operation", "apply_to", "match", "nameless"),
    [
        ("REMOVE", "HTTP_FILTER", "", True),
        ("REMOVE", "HTTP_FILTER", f"listener: {{filterChain: {{filter: {{{MANAGER}}}}}}}", True),
        ("REMOVE", "NETWORK_FILTER", f"listener: {{filterChain: {{filter: {{{MANAGER}}}}}}}", False),
        ("REPLACE", "HTTP_FILTER", http_filter("cors"), False),
        ("REMOVE", "LISTENER_FILTER", "listener: {listenerFilter: tls}", False),
        ("REPLACE", "LISTENER_FILTER", "listener: {portNumber: 80}", True),
        ("REMOVE", "HTTP_FILTER", "context: WAYPOINT", False),
        ("INSERT_BEFORE", "HTTP_FILTER", "", False),
        ("REMOVE", "CLUSTER", "", False),
    ],
)
def test_what_takes_a_filter_away_has_to_name_it(
    operation: str, apply_to: str, match: str, nameless: bool
) -> None:
    (owner,) = envoy_filters(mesh(envoy_filter("one", operation, apply_to, match)))
    assert names_no_filter(owner.config_patches[0]) is nameless


ADDING = envoy_filter("adding", "INSERT_BEFORE", "HTTP_FILTER", http_filter("router"), "name: cors")


@pytest.mark.parametrize(
    ("spec", "context", "name", "found"),
    [
        ("", "ANY", "cors", 1),
        ("priority: 5, ", "ANY", "cors", 0),
        ("", "ANY", "router", 0),
        ("workloadSelector: {labels: {app: cart}}, ", "SIDECAR_INBOUND", "cors", 1),
    ],
)
def test_a_filter_of_another_one_may_not_be_there_yet(spec: str, context: str, name: str, found: int) -> None:
    match = f"context: {context}, {http_filter(name)}"
    going_by = envoy_filter("going", "INSERT_BEFORE", "HTTP_FILTER", match, "name: lua", spec)
    assert len(list(loose_anchors(mesh(ADDING, going_by)))) == found
    assert len(list(loose_anchors(mesh(going_by, ADDING)))) == found
