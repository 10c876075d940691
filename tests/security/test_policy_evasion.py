"""What gets past a rule, by the verdicts of the rule itself."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.security.istio import Chain, Request, guard
from meshlint.security.policies.gaps.open_rules import missing_headers, missing_tokens
from meshlint.security.policies.values.evasion import evadable_hosts, evadable_paths, open_prefixes
from tests.security.istio_worlds import mesh, namespace, security, service, workload

PATHS = st.lists(
    st.sampled_from(["/a", "/a/", "/a/*", "/a*", "/a/b", "//a", "/a/{*}", "/{**}", "*", "*/a", "/"]),
    min_size=1,
    max_size=3,
)
HOSTS = st.lists(
    st.sampled_from(["a.com", "A.com", "a.com:*", "a.com*", "*.a.com", "x.a.com:80", "*", "web", "web.in"]),
    min_size=1,
    max_size=3,
)


def denying(field: str, values: list[str]) -> str:
    spec = {"action": "DENY", "rules": [{"to": [{"operation": {field: values}}]}]}
    return security("AuthorizationPolicy", "deny", "in", yaml.safe_dump(spec, default_flow_style=True))


def is_denied(world: Mesh, request: Request) -> bool:
    return guard(world, world.authorization_policies.all, Chain.HTTP).decide(request).is_denied


@settings(max_examples=80, deadline=None)
@given(PATHS)
def test_a_spelling_of_a_path_gets_past(paths: list[str]) -> None:
    world = mesh(denying("paths", paths))
    for one in evadable_paths(world):
        assert not is_denied(world, Request(path=one.spelling))
        assert one.spelling.strip("/") in one.found.value.replace("{*}", "x").replace("{**}", "x")


@settings(max_examples=80, deadline=None)
@given(HOSTS)
def test_a_spelling_of_a_host_gets_past(hosts: list[str]) -> None:
    served = (namespace("in", "istio-injection: enabled"), workload("web", "in"), service("web", "in"))
    world = mesh(*served, denying("hosts", hosts))
    for one in evadable_hosts(world):
        assert not is_denied(world, Request(host=one.spelling))


def test_all_names_of_a_service_are_asked_for() -> None:
    served = (namespace("in", "istio-injection: enabled"), workload("web", "in"), service("web", "in"))
    world = mesh(*served, denying("hosts", ["web", "web:*"]))
    assert {one.spelling for one in evadable_hosts(world)} == {"web.in"}


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_an_open_prefix_lets_the_other_path_in(paths: list[str]) -> None:
    spec = {"rules": [{"to": [{"operation": {"paths": paths}}]}]}
    world = mesh(
        security("AuthorizationPolicy", "allow", "in", yaml.safe_dump(spec, default_flow_style=True))
    )
    for _, path in open_prefixes(world):
        assert not is_denied(world, Request(path=path))


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("{key: 'request.headers[x]', notValues: [a]}", True),
        ("{key: 'request.headers[x]', notValues: [a], values: ['*']}", False),
        ("{key: 'request.headers[x]', notValues: ['*']}", False),
        ("{key: source.ip, notValues: [10.0.0.0/8]}", False),
    ],
)
def test_a_missing_header_passes(when: str, is_open: bool) -> None:
    world = mesh(security("AuthorizationPolicy", "allow", "in", f"{{rules: [{{when: [{when}]}}]}}"))
    assert bool(list(missing_headers(world))) is is_open


@pytest.mark.parametrize(
    ("source", "is_open"),
    [
        ("{notRequestPrincipals: [i/s]}", True),
        ("{notRequestPrincipals: [i/s], requestPrincipals: ['*']}", False),
        ("{notRequestPrincipals: [i/s], namespaces: [in]}", False),
    ],
)
@pytest.mark.parametrize("is_guarded", [False, True])
def test_a_missing_token_passes(source: str, is_open: bool, is_guarded: bool) -> None:
    allow = security("AuthorizationPolicy", "allow", "in", f"{{rules: [{{from: [{{source: {source}}}]}}]}}")
    no_token = "{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*']}}]}]}"
    deny = [security("AuthorizationPolicy", "deny", "in", no_token)] if is_guarded else []
    world = mesh(allow, *deny)
    assert bool(list(missing_tokens(world))) is (is_open and not is_guarded)
    assert is_denied(world, Request()) is (not is_open or is_guarded)
