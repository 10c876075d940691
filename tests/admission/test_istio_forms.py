"""The vocabulary of istiod's webhook: which texts it takes, and who tells of which mistake."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import meshlint.checks
from meshlint.admission.istio import Mistake, istio_remarks
from meshlint.admission.istio.parts.headers import is_claim, is_template
from meshlint.admission.istio.parts.listed_hosts import listed_host
from meshlint.admission.istio.vocabulary import policy_values, texts
from meshlint.admission.istio.vocabulary.cel_syntax import cel_problem
from meshlint.admission.remark import Remark
from meshlint.api import read_texts

CHECKS = Path(meshlint.checks.__file__).parent


def remarks(text: str) -> list[Remark]:
    project = read_texts({"object.yaml": text})
    return [remark for resource in project.admission.written.resources for remark in istio_remarks(resource)]


def test_each_mistake_is_told_by_one_check() -> None:
    paths = (path for path in CHECKS.glob("**/*.py") if path.parent.name != "shared")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    told = Counter(
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Mistake"
    )
    assert told == Counter(mistake.name for mistake in Mistake)


@pytest.mark.parametrize("host", ["a", "a.b", "A.b.", "*", "*.b", "*-a.b", "*a.b", "1a.b", "a.1b"])
def test_hosts(host: str) -> None:
    assert texts.wildcard_problem(host) == ""


@pytest.mark.parametrize("host", ["", "a.1", "a..b", "-a.b", "a_b", "a*.b", "a.*", "**", "x" * 64, "é.b"])
def test_what_is_no_host(host: str) -> None:
    assert texts.wildcard_problem(host)


@pytest.mark.parametrize("host", ["*", "a.b", "*.b", "ns/a.b", "*/a.b", "./*", "10.1.1.1"])
def test_hosts_of_gateways(host: str) -> None:
    assert listed_host(host, gateway=True) == ""


@pytest.mark.parametrize("host", ["a", "*a.b", "ns/a", "/a.b", "ns/", "n_s/a.b", "~/a.b", "::1"])
def test_what_no_gateway_serves(host: str) -> None:
    assert listed_host(host, gateway=True)


def test_sidecars_need_a_namespace_before_a_host() -> None:
    assert listed_host("a.b", gateway=False)
    assert listed_host("~/a.b", gateway=False) == ""
    assert listed_host("~ns/a.b", gateway=False) == ""
    assert listed_host("ns/10.1.1.1", gateway=False)


@pytest.mark.parametrize("address", ["10.1.1.1", "::1", "::ffff:10.1.1.1", "fe80::1%eth0"])
def test_addresses(address: str) -> None:
    assert texts.is_address(address)


@pytest.mark.parametrize("address", ["", "10.1.1", "010.1.1.1", "10.1.1.1%eth0", "::1%", "::g", "10.1.1.1/8"])
def test_what_is_no_address(address: str) -> None:
    assert not texts.is_address(address)


@pytest.mark.parametrize("block", ["10.0.0.0/8", "10.1.2.3/8", "::/0", "10.0.0.0/0", "10.1.1.1"])
def test_subnets(block: str) -> None:
    assert texts.is_subnet(block)


@pytest.mark.parametrize(
    "block", ["10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/", "::/129", "10.0.0.0/255.0.0.0", "a/8"]
)
def test_what_is_no_subnet(block: str) -> None:
    assert not texts.is_subnet(block)


@pytest.mark.parametrize("value", ["", "a", "100%%", "%HOST%", "%REQ(x)%", '%A(["b", "c"])%', "a %B% c"])
def test_values_of_headers(value: str) -> None:
    assert is_template(value)


@pytest.mark.parametrize("value", ["50%", "%HOST", "%A%%", "%A(b%", '%A(["b"x])%', "%A(b)x%"])
def test_values_whose_variable_does_not_end(value: str) -> None:
    assert not is_template(value)


def test_claims_are_written_with_dots_or_in_brackets() -> None:
    claims = ["@request.auth.claims.a", "@request.auth.claims[a]", "@REQUEST.auth.claims.a"]
    others = [
        "@request.auth.claims",
        "@request.auth.claims.",
        "@request.auth.claims[]",
        "request.auth.claims.a",
    ]
    assert all(map(is_claim, claims))
    assert not any(map(is_claim, others))


CEL = [
    "response.code >= 400",
    "has(a.b)",
    "a.b.exists(x, x == 1)",
    "a ? b : [c, 2u, 'd']",
    "{'a': 1}.a",
    "!!a",
]
NO_CEL = ["", "a >=", "((", "has(a)", "has(a", "a b", "a.all(1, true)", "1 +", "for", "'a", "a..b"]


@pytest.mark.parametrize("text", CEL)
def test_cel(text: str) -> None:
    assert cel_problem(text) == ""


@pytest.mark.parametrize("text", NO_CEL)
def test_what_is_no_cel(text: str) -> None:
    assert cel_problem(text)


def test_nothing_is_said_of_what_is_nested_without_end() -> None:
    assert cel_problem("(" * 100_000) == ""


@pytest.mark.parametrize("path", ["/a", "/a/{*}", "/{**}", "/{*}/{**}", "/a*", "/{*}/b/{**}"])
def test_paths_of_policies(path: str) -> None:
    assert policy_values.path_problem(path) == ""


@pytest.mark.parametrize("path", ["", "/{a}", "/{**}/{*}", "/a{*}", "/{*}/a*", "/}"])
def test_paths_that_policies_do_not_take(path: str) -> None:
    assert policy_values.path_problem(path)


VIRTUAL_SERVICE = """
apiVersion: networking.istio.io/{version}
kind: VirtualService
metadata: {{name: cart, namespace: shop}}
spec:
  hosts: [{host}]
  http: [{{route: [{{destination: {{host: cart}}}}]}}]
"""


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha3", "v9"])
def test_versions_do_not_matter(version: str) -> None:
    assert [one.mistake for one in remarks(VIRTUAL_SERVICE.format(version=version, host="a_b"))] == ["host"]


def test_what_is_filled_in_later_is_not_judged() -> None:
    assert remarks(VIRTUAL_SERVICE.format(version="v1", host="${HOST}_")) == []


@pytest.mark.parametrize(
    "spec", ["null", "[]", "text", "{http: text}", "{http: [null, 5]}", "{hosts: {a: b}}"]
)
@pytest.mark.parametrize("kind", ["VirtualService", "Gateway", "Sidecar", "ServiceEntry", "DestinationRule"])
def test_any_shape_is_borne(kind: str, spec: str) -> None:
    text = f"apiVersion: networking.istio.io/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"
    assert isinstance(remarks(text), list)


def test_a_remark_says_what_comes_of_it() -> None:
    found: list[Any] = remarks(VIRTUAL_SERVICE.format(version="v1", host="a_b"))
    assert [str(one.message) for one in found] == [
        'VirtualService shop/cart is for host "a_b", which has "a_b" for a part, so Istio rejects it'
    ]
    assert found[0].at.path == ("spec", "hosts", 0)


RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, trafficPolicy: %s}
"""


def test_an_order_of_localities_that_is_no_text_is_left_to_the_schema() -> None:
    balancing = (
        "{loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}], failoverPriority: [{a: 1}]}}}"
    )
    assert remarks(RULE % balancing) == []


@pytest.mark.parametrize(
    ("policy", "mistake"),
    [
        ("{retryBudget: {budgetInterval: 10S}}", Mistake.DURATION),
        ("{portLevelSettings: []}", Mistake.EMPTY_POLICY),
        ("{retryBudget: {budgetInterval: 10s}}", None),
    ],
)
def test_traffic_policies(policy: str, mistake: Mistake | None) -> None:
    assert [one.mistake for one in remarks(RULE % policy)] == ([] if mistake is None else [mistake])


KEYS = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: login, namespace: shop}
spec: {jwtRules: [{issuer: i, jwks: '%s'}]}
"""


@pytest.mark.parametrize(
    ("number", "behind", "is_read"),
    [
        ("AQAB", "", True),
        ("AQ-_", "", True),
        ("AQ+/", "", True),
        ("AQ==", "", True),
        ("AQAB", "}", True),
        ("AQ-/", "", False),
        ("AQABA", "", False),
        ("AQA==", "", False),
    ],
)
def test_keys_are_read_as_istiods_library_does(number: str, behind: str, is_read: bool) -> None:
    keys = f'{{"keys": [{{"kty": "RSA", "e": "AQAB", "n": "{number}"}}]}}{behind}'
    assert (Mistake.UNREADABLE not in [one.mistake for one in remarks(KEYS % keys)]) is is_read
