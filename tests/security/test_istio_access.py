"""Authorization of calls between workloads, and what holds for any policies and requests."""

from __future__ import annotations

from typing import Any

import yaml
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.security.access.istio.workloads import access
from meshlint.security.istio import Chain, Decision, Request, Verdict, guard
from meshlint.security.istio.attributes import Facts
from meshlint.security.istio.comparing import is_covered, is_unsatisfiable
from meshlint.security.istio.guard import matcher
from meshlint.security.istio.translate import Translated, translate
from tests.security.istio_worlds import mesh, mesh_as_written, named, namespace, security, service, workload

IN = namespace("in", "istio-injection: enabled")
STRICT = security("PeerAuthentication", "default", "in", "{mtls: {mode: STRICT}}")
BASE = (IN, namespace("out"), workload("client", "in"), workload("other", "in"), workload("stranger", "out"))
SERVER = (workload("server", "in"), service("server", "in"))
ONLY_CLIENT = "{rules: [{from: [{source: {principals: [cluster.local/ns/in/sa/client]}}]}]}"


def verdict(world: Mesh, client: str, **parts: Any) -> Verdict:
    request = Request(destination_port=8080, **parts)
    return access(world, named(world, client), named(world, "server"), request).decision.verdict


def test_the_identity_of_the_caller_decides() -> None:
    world = mesh(*BASE, *SERVER, STRICT, security("AuthorizationPolicy", "p", "in", ONLY_CLIENT))
    assert verdict(world, "client", method="GET", path="/") is Verdict.ALLOW
    assert verdict(world, "other", method="GET", path="/") is Verdict.DENY
    assert verdict(world, "stranger", method="GET", path="/") is Verdict.DENY


def test_a_caller_over_plaintext_has_no_identity() -> None:
    world = mesh(*BASE, *SERVER, security("AuthorizationPolicy", "p", "in", ONLY_CLIENT))
    found = access(world, named(world, "stranger"), named(world, "server"), Request(destination_port=8080))
    assert (found.identity, found.decision.verdict) == (None, Verdict.DENY)


def test_http_fields_of_an_allow_rule_vanish_on_a_tcp_port() -> None:
    policy = security("AuthorizationPolicy", "p", "in", "{rules: [{to: [{operation: {methods: [GET]}}]}]}")
    tcp = (workload("server", "in"), service("server", "in", "tcp"))
    assert verdict(mesh(*BASE, *tcp, policy), "client") is Verdict.DENY
    assert verdict(mesh(*BASE, *SERVER, policy), "client", method="GET", path="/") is Verdict.ALLOW


def test_a_request_to_a_tcp_port_is_judged_as_a_connection() -> None:
    policy = security("AuthorizationPolicy", "p", "in", "{rules: [{to: [{operation: {ports: ['8080']}}]}]}")
    tcp = (workload("server", "in"), service("server", "in", "tcp"))
    assert verdict(mesh(*BASE, *tcp, policy), "client", method="GET", path="/") is Verdict.ALLOW


def test_http_fields_of_a_deny_rule_widen_it_on_a_tcp_port() -> None:
    spec = "{action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}"
    tcp = (workload("server", "in"), service("server", "in", "tcp"))
    assert (
        verdict(mesh(*BASE, *tcp, security("AuthorizationPolicy", "p", "in", spec)), "client") is Verdict.DENY
    )


def test_ztunnel_leaves_a_deny_rule_with_http_fields_alone_out() -> None:
    ambient = namespace("in", "istio.io/dataplane-mode: ambient")
    spec = "{action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}"
    world = mesh(ambient, *BASE[1:], *SERVER, security("AuthorizationPolicy", "p", "in", spec))
    assert verdict(world, "client", method="DELETE", path="/") is Verdict.ALLOW


def test_no_policy_guards_a_server_without_proxy() -> None:
    out = (workload("server", "out"), service("server", "out"))
    policy = security("AuthorizationPolicy", "none", "out", "{}")
    assert verdict(mesh(*BASE, *out, policy), "client") is Verdict.ALLOW


IDENTITIES = st.sampled_from([None, "cluster.local/ns/in/sa/a", "cluster.local/ns/in/sa/b", "x/ns/inn/sa/a"])
REQUESTS = st.builds(
    Request,
    identity=IDENTITIES,
    source_ip=st.sampled_from(["10.0.0.1", "10.1.0.1"]),
    destination_port=st.sampled_from([80, 8080]),
    host=st.sampled_from(["a", "A:80", "b"]),
    method=st.sampled_from(["GET", "get", "POST"]),
    path=st.sampled_from(["/", "/a", "/a/", "/a?b=/x", "/%61", "/A", "/a/b"]),
    headers=st.dictionaries(st.sampled_from(["x", "X"]), st.sampled_from(["1", "2", ""]), max_size=1),
)


def lists(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2)


SOURCES = st.fixed_dictionaries(
    {},
    optional={
        "principals": lists("cluster.local/ns/in/sa/a", "*/sa/b", "*"),
        "notPrincipals": lists("cluster.local/ns/in/sa/a", "*"),
        "namespaces": lists("in", "in*"),
        "ipBlocks": lists("10.0.0.0/16", "10.1.0.1"),
    },
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "methods": lists("GET", "P*"),
        "paths": lists("/a", "/a/*", "/{*}"),
        "notPaths": lists("/a", "*/"),
        "hosts": lists("a", "a:*"),
        "ports": lists("80"),
    },
)
CONDITIONS = st.fixed_dictionaries(
    {"key": st.just("request.headers[x]")}, optional={"values": lists("1", "*"), "notValues": lists("2")}
)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "from": st.lists(SOURCES.map(lambda one: {"source": one}), min_size=1, max_size=2),
        "to": st.lists(OPERATIONS.map(lambda one: {"operation": one}), min_size=1, max_size=2),
        "when": st.lists(CONDITIONS, min_size=1, max_size=1),
    },
)
SPECS = st.fixed_dictionaries(
    {"action": st.sampled_from(["ALLOW", "DENY"]), "rules": st.lists(RULES, max_size=3)}
)


def decide(specs: list[dict[str, Any]], request: Request, chain: Chain) -> Decision:
    documents = [
        security("AuthorizationPolicy", f"p{place}", "in", yaml.safe_dump(spec, default_flow_style=True))
        for place, spec in enumerate(specs)
    ]
    world = mesh_as_written(*documents) if documents else mesh(IN)
    return guard(world, world.authorization_policies.all, chain).decide(request)


CHAINS = st.sampled_from(list(Chain))


@settings(max_examples=60, deadline=None)
@given(st.lists(SPECS, max_size=3), SPECS, REQUESTS, CHAINS)
def test_a_deny_policy_never_widens(
    specs: list[dict[str, Any]], spec: dict[str, Any], request: Request, chain: Chain
) -> None:
    more = decide([*specs, {**spec, "action": "DENY"}], request, chain)
    assert not (more.is_allowed and decide(specs, request, chain).is_denied)


@settings(max_examples=60, deadline=None)
@given(st.lists(SPECS, max_size=3), SPECS, SPECS, REQUESTS, CHAINS)
def test_an_allow_policy_beside_another_never_narrows(
    specs: list[dict[str, Any]], one: dict[str, Any], two: dict[str, Any], request: Request, chain: Chain
) -> None:
    before = [*specs, {**one, "action": "ALLOW"}]
    more = decide([*before, {**two, "action": "ALLOW"}], request, chain)
    assert not (decide(before, request, chain).is_allowed and more.is_denied)


@settings(max_examples=60, deadline=None)
@given(SPECS, REQUESTS, CHAINS)
def test_the_order_of_rules_and_their_spread_over_policies_change_nothing(
    spec: dict[str, Any], request: Request, chain: Chain
) -> None:
    turned = {**spec, "rules": spec["rules"][::-1]}
    split = [{**spec, "rules": [rule]} for rule in spec["rules"]] or [spec]
    expected = decide([spec], request, chain).verdict
    assert decide([turned], request, chain).verdict is expected
    assert decide(split, request, chain).verdict is expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SPECS, max_size=2), REQUESTS, CHAINS, st.sets(st.sampled_from(["identity", "method", "path"]))
)
def test_an_answer_holds_whatever_was_left_open(
    specs: list[dict[str, Any]], request: Request, chain: Chain, left_open: set[str]
) -> None:
    vague = decide(specs, evolve(request, left_open=frozenset(left_open)), chain)
    exact = decide(specs, request, chain)
    assert vague.verdict in (Verdict.DEPENDS, exact.verdict)
    if vague.verdict is Verdict.DEPENDS:
        assert set(vague.depends_on) <= left_open


def rules(spec: dict[str, Any], chain: Chain) -> list[Translated]:
    world = mesh_as_written(
        security("AuthorizationPolicy", "p", "in", yaml.safe_dump(spec, default_flow_style=True))
    )
    policy = world.authorization_policies.all[0]
    return [rule for rule in translate(policy, chain, ("cluster.local",)) if not rule.vanished]


@settings(max_examples=80, deadline=None)
@given(RULES, RULES, st.lists(REQUESTS, min_size=3, max_size=6), CHAINS)
def test_what_is_said_of_whole_rules_holds_for_each_request(
    one: dict[str, Any], two: dict[str, Any], requests: list[Request], chain: Chain
) -> None:
    translated = rules({"action": "DENY", "rules": [one, two]}, chain)
    for request in requests:
        matched = {id(rule): matcher(rule)(Facts(request)) for rule in translated}
        for rule in translated:
            if matched[id(rule)]:
                assert not is_unsatisfiable(rule)
                assert all(matched[id(wide)] for wide in translated if is_covered(rule, wide))
