"""What a policy set lets in as sets, against what it decides for one request."""

from __future__ import annotations

from typing import Any

import yaml
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.security.istio import Chain, Guard, Request, Verdict, guard
from meshlint.security.istio.openings import OPEN, openings
from tests.security.istio_worlds import mesh_as_written, security
from tests.security.test_istio_access import CHAINS, IDENTITIES, IN, REQUESTS, SPECS

PARTS = st.frozensets(st.sampled_from(sorted(OPEN.left_open)))
ANY_SPECS = SPECS.flatmap(
    lambda spec: st.sampled_from(["ALLOW", "DENY", "CUSTOM"]).map(lambda action: {**spec, "action": action})
)


def guard_of(specs: list[dict[str, Any]], chain: Chain) -> Guard:
    documents = []
    for place, spec in enumerate(specs):
        more = {"provider": {"name": "p"}} if spec["action"] == "CUSTOM" else {}
        text = yaml.safe_dump({**spec, **more}, default_flow_style=True)
        documents.append(security("AuthorizationPolicy", f"p{place}", "in", text))
    world = mesh_as_written(IN, *documents)
    return guard(world, world.authorization_policies.all, chain)


def one(spec: str, chain: Chain = Chain.HTTP) -> Guard:
    return guard_of([yaml.safe_load(spec)], chain)


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_SPECS, max_size=3), REQUESTS, CHAINS, PARTS, st.sampled_from([None, True, False]))
def test_a_request_is_let_in_if_and_only_if_it_is_in_the_set(
    specs: list[dict[str, Any]],
    request: Request,
    chain: Chain,
    left_open: frozenset[str],
    answer: bool | None,
) -> None:
    judge = guard_of(specs, chain)
    request = evolve(request, provider_allows=answer)
    expected = {Verdict.ALLOW: True, Verdict.DENY: False, Verdict.DEPENDS: None}[
        judge.decide(request).verdict
    ]
    vague = evolve(request, left_open=left_open)
    assert openings(judge, vague).admits(request) is expected


@settings(max_examples=150, deadline=None)
@given(st.lists(SPECS, max_size=3), REQUESTS, CHAINS, st.lists(IDENTITIES, min_size=2, max_size=4))
def test_the_identities_that_are_let_in_are_exact(
    specs: list[dict[str, Any]], request: Request, chain: Chain, identities: list[str | None]
) -> None:
    judge = guard_of(specs, chain)
    found = openings(judge, evolve(request, left_open=frozenset({"identity"}))).identities
    for identity in identities:
        decision = judge.decide(evolve(request, identity=identity))
        assert found.admits(identity) is decision.is_allowed


@settings(max_examples=100, deadline=None)
@given(st.lists(SPECS, max_size=3), REQUESTS, CHAINS)
def test_whoever_is_let_in_is_among_the_identities_of_the_whole(
    specs: list[dict[str, Any]], request: Request, chain: Chain
) -> None:
    judge = guard_of(specs, chain)
    if judge.decide(request).is_allowed:
        assert openings(judge).identities.admits(request.identity)


def test_a_port_is_open_like_anything_else() -> None:
    judge = one("{action: ALLOW, rules: [{to: [{operation: {ports: ['80']}}]}]}")
    assert openings(judge).identities.admits("cluster.local/ns/in/sa/a")


def test_without_a_policy_everything_is_let_in() -> None:
    (opening,) = openings(guard_of([], Chain.HTTP)).all
    assert opening.region.is_everything
    assert opening.region.match is None


def test_what_is_given_is_no_longer_asked_for() -> None:
    judge = one("{action: ALLOW, rules: [{to: [{operation: {methods: [GET], paths: [/a]}}]}]}")
    (left,) = openings(judge, evolve(OPEN, method="GET", left_open=OPEN.left_open - {"method"})).all
    assert [[atom.attribute for atom in demands] for demands in left.region.operations] == [[("path",)]]
    assert openings(judge, evolve(OPEN, method="PUT", left_open=OPEN.left_open - {"method"})).all == ()


def test_a_denied_namespace_is_taken_out_of_the_identities() -> None:
    allow = yaml.safe_load("{action: ALLOW, rules: [{from: [{source: {principals: ['*']}}]}]}")
    deny = yaml.safe_load("{action: DENY, rules: [{from: [{source: {namespaces: [bad]}}]}]}")
    found = openings(guard_of([allow, deny], Chain.HTTP)).identities
    assert found.admits("cluster.local/ns/good/sa/a")
    assert not found.admits("cluster.local/ns/bad/sa/a")
    assert not found.admits(None)


def test_a_rule_that_denies_everything_leaves_nothing() -> None:
    assert openings(one("{action: DENY, rules: [{}]}")).all == ()
