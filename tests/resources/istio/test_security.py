from __future__ import annotations

import pytest

from meshlint.resources.istio.authorization_policy import (
    DRY_RUN,
    AuthorizationPolicy,
    authorization_policy,
)
from meshlint.resources.istio.peer_authentication import PeerAuthentication, peer_authentication
from meshlint.resources.istio.request_authentication import request_authentication
from tests.resources.istio.build import an_istio, line, plain
from tests.resources.reading import made_of

API = "security.istio.io/v1"
LISTS = [
    "principals",
    "requestPrincipals",
    "namespaces",
    "serviceAccounts",
    "trustDomains",
    "ipBlocks",
    "remoteIpBlocks",
]


def peer(spec: str) -> PeerAuthentication:
    return peer_authentication(an_istio("PeerAuthentication", spec, API))


def policy(spec: str) -> AuthorizationPolicy:
    return authorization_policy(an_istio("AuthorizationPolicy", spec, API))


@pytest.mark.parametrize("spec", ["{}", "{mtls: {}}", "{mtls: {mode: UNSET}}", "{mtls: STRICT}"])
def test_a_mode_may_be_unset(spec: str) -> None:
    assert peer(spec).mode == "UNSET"


def test_peer_authentication() -> None:
    found = peer(
        """
        selector: {matchLabels: {app: web}}
        mtls: {mode: STRICT}
        portLevelMtls:
          8080: {mode: DISABLE}
          http: {}
          9090: DISABLE
        """
    )
    assert found.mode == "STRICT"
    assert found.selects_workloads
    assert [(entry.port, entry.mode) for entry in found.port_level_mtls] == [
        (8080, "DISABLE"),
        (None, None),
        (9090, None),
    ]
    assert line(found.port_level_mtls[1].field) == 5


@pytest.mark.parametrize(("spec", "given"), [("{}", False), ("{selector: {}}", True)])
def test_a_selector_without_labels_selects_no_workload_in_particular(spec: str, given: bool) -> None:
    found = peer(spec)
    assert (found.selector is not None) == given
    assert not found.selects_workloads


@pytest.mark.parametrize(
    ("spec", "rules"),
    [
        ("{}", None),
        ("{rules: null}", None),
        ("{rules: {}}", None),
        ("{rules: []}", []),
        ("{rules: [{}]}", [{}]),
        ("{rules: [{from: []}]}", [{}]),
        ("{rules: [{from: [{}]}]}", [{"from_": [{}]}]),
    ],
)
def test_no_rules_empty_rules_and_an_empty_rule_differ(spec: str, rules: object) -> None:
    assert plain(policy(spec).rules) == rules


def test_missing_and_empty_from_differ() -> None:
    missing, empty = policy("rules: [{}, {from: [], to: [], when: []}]").rules or ()
    assert (missing.from_, missing.to, missing.when) == (None, None, None)
    assert (empty.from_, empty.to, empty.when) == ((), (), ())


@pytest.mark.parametrize("name", [*LISTS, *(f"not{name[0].upper()}{name[1:]}" for name in LISTS)])
def test_every_field_of_a_source(name: str) -> None:
    (rule,) = policy(f"rules: [{{from: [{{source: {{{name}: [a, 1, b]}}}}]}}]").rules or ()
    assert rule.from_ is not None
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    assert plain(rule.from_[0]) == {snake: ["a", "b"]}


def test_operations_and_conditions() -> None:
    found = policy(
        """
        action: DENY
        provider: {name: p}
        rules:
        - to:
          - operation: {hosts: [h], notHosts: [i], ports: ["80"], notPorts: ["81"], methods: [GET]}
          - operation: {notMethods: [PUT], paths: [/a], notPaths: [/b]}
          when:
          - {key: source.ip, values: [v], notValues: [w]}
        """
    )
    assert plain(found) == {
        "action": "DENY",
        "provider": "p",
        "rules": [
            {
                "to": [
                    {
                        "hosts": ["h"],
                        "not_hosts": ["i"],
                        "ports": ["80"],
                        "not_ports": ["81"],
                        "methods": ["GET"],
                    },
                    {"not_methods": ["PUT"], "paths": ["/a"], "not_paths": ["/b"]},
                ],
                "when": [{"key": "source.ip", "values": ["v"], "not_values": ["w"]}],
            }
        ],
    }
    rule = (found.rules or ())[0]
    assert rule.to is not None
    assert line(rule.to[1].paths[0].field) == 6


def test_an_action_is_allow_by_default() -> None:
    assert policy("{}").action == "ALLOW"
    assert policy("{action: AUDIT}").action == "AUDIT"


def test_target_refs_win_over_the_old_target_ref() -> None:
    refs = "targetRefs: [{group: g, kind: Gateway, name: a, namespace: other}]"
    assert plain(policy(f"targetRef: {{kind: Service, name: b}}\n{refs}").target_refs) == [
        {"group": "g", "kind": "Gateway", "name": "a", "namespace": "other"}
    ]
    assert plain(policy("targetRef: {kind: Service, name: b}").target_refs) == [
        {"kind": "Service", "name": "b"}
    ]
    assert policy("{selector: {matchLabels: {a: b}}, targetRefs: []}").target_refs == ()


@pytest.mark.parametrize(
    ("value", "action", "expected"),
    [
        ("true", "ALLOW", True),
        ("T", "DENY", True),
        ("1", None, True),
        ("yes", "ALLOW", False),
        ("false", "ALLOW", False),
        (True, "ALLOW", False),
        ("true", "CUSTOM", False),
    ],
)
def test_dry_run(value: object, action: str | None, expected: bool) -> None:
    metadata = {"name": "x", "annotations": {DRY_RUN: value}}
    spec = {"action": action} if action else {}
    resource = made_of(API, "AuthorizationPolicy", spec, metadata=metadata)
    assert authorization_policy(resource).is_dry_run is expected
    assert not policy("{}").is_dry_run


def test_request_authentication() -> None:
    found = request_authentication(
        an_istio(
            "RequestAuthentication",
            """
            selector: {matchLabels: {app: web}}
            jwtRules:
            - issuer: i
              audiences: [a]
              jwksUri: https://a
              fromHeaders: [{name: own, prefix: "p "}]
              forwardOriginalToken: true
              outputPayloadToHeader: o
              outputClaimToHeaders: [{header: h, claim: c}]
              spaceDelimitedClaims: [s]
              presence: REQUIRED
              timeout: 5s
            - jwks_uri: https://b
              jwks: "{}"
              fromParams: [q]
            - fromCookies: [k]
            - {}
            """,
            API,
        )
    )
    full, old, cookie, bare = found.jwt_rules
    assert plain(full) == {
        "issuer": "i",
        "audiences": ["a"],
        "jwks_uri": "https://a",
        "from_headers": [{"name": "own", "prefix": "p "}],
        "forward_original_token": True,
        "output_payload_to_header": "o",
        "output_claim_to_headers": [{"header": "h", "claim": "c"}],
        "space_delimited_claims": ["s"],
        "presence": "REQUIRED",
        "timeout": {"text": "5s", "nanoseconds": 5 * 10**9},
    }
    assert plain(old) == {"jwks_uri": "https://b", "jwks": "{}", "from_params": ["q"]}
    assert [rule.has_own_places for rule in (full, old, cookie, bare)] == [True, True, True, False]
    assert plain(found.selector) == {"labels": {"app": "web"}}
