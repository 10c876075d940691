"""The calls that a change is said to concern are those on which the two sides differ, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from meshlint.api.differing.asked_at_ports import HEADER, HOST, METHOD, PATH, demands_of
from meshlint.api.differing.calls import Comparison, Pair, Side, compared_calls, pairs
from meshlint.api.differing.causes import Causes
from meshlint.api.differing.objects import changed_objects
from meshlint.api.differing.parts import Asked, Cell, Part, cells, parts_of
from meshlint.api.differing.reach_of_calls import reach_of
from meshlint.api.differing.sending import kind_of, without_identity
from meshlint.api.reading.project import Project, read_texts
from meshlint.security.access import AccessRequest
from meshlint.security.access.calling import OUTSIDE, Caller, workload_caller

from .small_meshes import edited, small_mesh

PAIRS, ALL_PAIRS = 40, 300
VALUES = {
    METHOD: ("GET", "POST", "PUT"),
    PATH: ("/", "/a", "/a/", "/a/x", "/a/x/c", "/b", "/bc/z", "/z"),
    HOST: ("cart.shop", "x.example", "other"),
    HEADER + "x-role": (None, "admin", "dev-1", "guest"),
}
"""Values that the policies of the small meshes speak of, and some that none of them does."""


def _read(documents: dict[str, str]) -> Project:
    return read_texts({f"{name.replace('/', '-')}.yaml": text for name, text in documents.items()})


def _grid() -> Iterator[dict[str, str | None]]:
    for values in product(*VALUES.values()):
        yield dict(zip(VALUES, values, strict=True))


def _request(pair: Pair, values: dict[str, str | None]) -> AccessRequest:
    role = values[HEADER + "x-role"]
    return AccessRequest(
        pair.name,
        pair.port,
        method=values[METHOD],
        path=values[PATH],
        host=values[HOST],
        headers={} if role is None else {"x-role": role},
    )


def _cell(parts: tuple[Part, ...], values: dict[str, str | None]) -> Cell:
    found = [part.place_of(values[part.name]) for part in parts]
    assert None not in found, f"no choice of {[part.name for part in parts]} stands for {values}"
    return tuple(one for one in found if one is not None)


def _callers(sides: tuple[Side, Side]) -> dict[str, tuple[Caller, Caller]]:
    old, new = ({one.name: workload_caller(one) for one in side.desk.mesh.workloads.all} for side in sides)
    found = {name: (old[name], new[name]) for name in old}
    strangers = (
        OUTSIDE,
        *(Caller(one, principal=one) for one in ("cluster.local/ns/prod/sa/x", "td/ns/ops/sa/y")),
    )
    return {**found, **{one.label: (one, one) for one in strangers}}


@pytest.mark.parametrize("seed", range(PAIRS))
def test_differences_are_those_of_brute_force(seed: int) -> None:
    _compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PAIRS, ALL_PAIRS))
def test_more_differences_are_those_of_brute_force(seed: int) -> None:
    _compare(seed)


def _compare(seed: int) -> None:
    rng = Random(seed)
    documents = small_mesh(rng)
    before, after = _read(documents), _read(edited(documents, rng))
    changes = changed_objects(before.resources, after.resources)
    reach = reach_of(changes, before.mesh, after.mesh)
    sides = (Side.of(before.access_desk), Side.of(after.access_desk))
    for name in sides[0].destinations:
        for pair in pairs(sides, name):
            asked = Asked.of(demand for port in pair.ports for demand in demands_of(port))
            parts = parts_of(without_identity(asked), kind_of)
            comparison = Comparison(pair, parts, list(cells(parts, 4096)), Causes.among(changes))
            for label, both in _callers(sides).items():
                told = {cell for held in comparison.differences(both)[0].values() for cell in held}
                wanted = reach.takes(pair.name.partition("/")[0]) or label in {
                    one.partition("/")[2] for one in reach.clients
                }
                assert wanted or not told, f"{label} -> {pair.name} lies beyond {reach}"
                for values in rng.sample(list(_grid()), 24):
                    made = [
                        side.ask(caller, targets, _request(pair, values))
                        for side, caller, targets in zip(sides, both, pair.targets, strict=True)
                    ]
                    differ = (
                        made[0].verdict != made[1].verdict or made[0].hop.transport != made[1].hop.transport
                    )
                    assert differ == (_cell(parts, values) in told), f"{label} -> {pair.name}: {values}"


CART = {
    "cart.yaml": """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "cart:1", ports: [{containerPort: 8080}]}]}
"""
}
POLICY = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  rules:
"""
WEB = """\
  - from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]
    to: [{operation: {methods: [GET]}}]
"""


def _told(before: str, after: str) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    old, new = (read_texts({**CART, "policy.yaml": text}) for text in (before, after))
    changes = changed_objects(old.resources, new.resources)
    reach = reach_of(changes, old.mesh, new.mesh)
    found = compared_calls(old.access_desk, new.access_desk, reach, Causes.among(changes))
    assert not found.notes
    return sorted((one.callers, one.requests, one.effect.value) for one in found.calls)


def test_a_new_rule_is_told_by_whom_it_lets_in() -> None:
    prod = (
        WEB
        + """\
  - from: [{source: {namespaces: [prod]}}]
    to: [{operation: {paths: ["/admin/*"]}}]
"""
    )
    assert _told(POLICY + WEB, POLICY + prod) == [
        (("prod/*", "any other with namespace prod"), ('path prefix "/admin/"',), "let in")
    ]


def test_a_narrower_rule_is_told_by_the_requests_that_it_no_longer_lets_in() -> None:
    narrow = WEB.replace("[GET]", "[GET], paths: [/items]")
    web = "cluster.local/ns/shop/sa/web"
    assert _told(POLICY + WEB, POLICY + narrow) == [((web,), ('method "GET", path not "/items"',), "denied")]


def test_no_rule_is_no_difference_where_it_says_the_same_in_other_words() -> None:
    twice = WEB.replace("[GET]", "[GET, GET]")
    assert _told(POLICY + WEB, POLICY + twice) == []


def test_a_policy_that_goes_lets_everybody_in() -> None:
    lone = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: shop}\n"
    told = _told(POLICY + WEB, lone)
    assert [callers for callers, requests, _ in told if not requests] == [
        ("any other identity",),
        ("outside",),
    ]
    assert {effect for *_, effect in told} == {"let in"}
