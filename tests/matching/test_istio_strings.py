from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.matching import (
    StringSet,
    in_trust_domains,
    istio_header,
    istio_host,
    istio_namespace,
    istio_path,
    istio_path_problem,
    istio_request_principal,
    istio_service_account,
    istio_sni,
    istio_string,
    istio_trust_domain,
    request_path,
    ztunnel_namespace,
)
from meshlint.matching.patterns import Pattern


@pytest.mark.parametrize(
    ("value", "text", "admitted"),
    [
        ("*", "x", True),
        ("*", "", False),
        ("p*", "p", True),
        ("p*", "P", False),
        ("*s", "s", True),
        ("a*b", "a*b", True),
        ("a*b", "axb", False),
        ("*a*", "xa*", True),
        ("*a*", "xay", False),
        ("cluster.local/ns/foo*", "cluster.local/ns/foobar/sa/x", True),
    ],
)
def test_only_one_star_at_an_end_is_a_wildcard(value: str, text: str, admitted: bool) -> None:
    assert istio_string(value).admits(text) is admitted


def test_presence_is_enough_for_headers_and_hosts() -> None:
    assert istio_header("*").admits("")
    assert istio_host("*").admits("")
    assert not istio_header("p*").admits("")


def test_hosts_are_compared_in_any_case_and_with_the_port() -> None:
    assert istio_host("Example.com").admits("EXAMPLE.COM")
    assert not istio_host("example.com").admits("example.com:8080")
    assert not istio_host("*.example.com").admits("a.example.com:80")
    assert istio_host("example.com:*").admits("example.com:8080")


def test_an_sni_value_with_capitals_admits_nothing() -> None:
    assert istio_sni("exact.com").admits("EXACT.COM")
    assert istio_sni("Exact.com").is_empty()
    assert not istio_sni("*").admits("")


@pytest.mark.parametrize(
    ("value", "identity", "admitted"),
    [
        ("foo", "cluster.local/ns/foo/sa/x", True),
        ("foo", "other/ns/foo/sa/x", True),
        ("foo", "cluster.local/ns/foobar/sa/x", False),
        ("foo", "td/ns/y/sa/ns/foo/z", True),
        ("foo", "td/ns/foo", False),
        ("foo", "ns/foo/sa/x", True),
        ("f*o", "td/ns/fxo/sa/x", True),
        ("f*o", "td/ns/fx/sa/foo/y", True),
        ("f.o", "td/ns/fxo/sa/x", False),
        ("*", "td/ns//sa/x", True),
        ("*", "td/sa/x", False),
    ],
)
def test_namespaces_are_read_out_of_identities(value: str, identity: str, admitted: bool) -> None:
    assert istio_namespace(value).admits(identity) is admitted


@pytest.mark.parametrize(
    ("value", "admitted"),
    [
        ("*", ["shop", "web", "s*p", "**"]),
        ("shop", ["shop"]),
        ("sh*", ["shop"]),
        ("*op", ["shop"]),
        ("s*p", ["s*p"]),
        ("**", ["**"]),
        ("shop/sa", []),
        ("", []),
    ],
)
def test_ztunnel_compares_with_the_namespace_alone(value: str, admitted: list[str]) -> None:
    held = ztunnel_namespace(value)
    names = ("shop", "web", "s*p", "**")
    assert [name for name in names if held.admits(f"td/ns/{name}/sa/x")] == admitted
    assert not any(held.admits(f"td/ns/{name}/sa/ns/shop/x") for name in names)


@given(st.text(alphabet="ns/fo*", max_size=14), st.sampled_from(["f", "o*", "*f", "*", "**", "f*o"]))
def test_the_shortcut_of_a_whole_namespace_agrees_with_its_automaton(middle: str, value: str) -> None:
    held, identity = ztunnel_namespace(value), f"f/ns/{middle}/sa/o"
    other = StringSet.exact(identity)
    assert held.admits(identity) is held.overlaps(other) is other.is_subset(held)


@pytest.mark.parametrize(
    ("value", "identity", "admitted"),
    [
        ("web", "td/ns/foo/sa/web", True),
        ("web", "td/ns/bar/sa/web", False),
        ("bar/web", "td/ns/bar/sa/web", True),
        ("bar/web", "td/ns/bar/sa/webx", False),
        ("bar/web", "td/ns/bar/pod/p/sa/web/more", True),
        ("bar/web", "/ns/bar/sa/web", False),
        ("w.b", "td/ns/foo/sa/web", False),
    ],
)
def test_service_accounts_are_read_out_of_identities(value: str, identity: str, admitted: bool) -> None:
    assert istio_service_account(value, "foo").admits(identity) is admitted


@pytest.mark.parametrize(
    ("value", "identity", "admitted"),
    [
        ("cluster.local", "cluster.local/ns/foo/sa/x", True),
        ("cluster.local", "cluster.local", False),
        ("cluster.local", "Cluster.local/ns/foo/sa/x", False),
        ("*.local", "a.local/x", True),
        ("*.local", "a/b.local/x", False),
        ("bad*", "bad.org/ns/foo/sa/x", True),
        ("*", "td/ns/foo/sa/x", True),
        ("*", "td", False),
    ],
)
def test_trust_domains_end_at_the_first_slash(value: str, identity: str, admitted: bool) -> None:
    assert istio_trust_domain(value).admits(identity) is admitted


@pytest.mark.parametrize(
    ("value", "issuer", "subject", "admitted"),
    [
        ("*", "i", "s", True),
        ("*", "i", None, False),
        ("*", "", "s", False),
        ("*/s", "i", "s", True),
        ("*/s", "i", "t", False),
        ("*x/s", "ix", "s", True),
        ("*x", "i", "sx", True),
        ("*x", "ix", "s", False),
        ("https://i/*", "https://i", "s", True),
        ("https://i/*", "https://i", "", False),
        ("i/s*", "i", "st", True),
        ("i*", "issuer", "s", True),
        ("i*", "issuer", "", False),
        ("*/*", "i", "*", True),
        ("*/*", "i", "s", False),
        ("i", "i", "", True),
        ("i", "i", "s", False),
        ("i/s", "i", "s", True),
    ],
)
def test_request_principals_split_at_the_last_slash(
    value: str, issuer: str | None, subject: str | None, admitted: bool
) -> None:
    assert istio_request_principal(value).admits(issuer, subject) is admitted


def test_request_principals_are_compared() -> None:
    wide, narrow = istio_request_principal("https://i/*"), istio_request_principal("https://i/me")
    assert narrow.is_subset(wide)
    assert not wide.is_subset(narrow)
    assert wide.overlaps(narrow)
    assert not narrow.overlaps(istio_request_principal("https://j/*"))


@given(st.text(alphabet="ns/fo", max_size=12), st.sampled_from(["f", "o", "", "n/s"]))
def test_the_shortcut_of_a_namespace_agrees_with_its_automaton(identity: str, name: str) -> None:
    held = istio_namespace(name)
    assert isinstance(held.form, Pattern)
    assert held.admits(identity) is held.form.admits(identity)


def test_paths_are_plain_values_or_templates() -> None:
    assert istio_path("/foo/{*}").admits("/foo/a")
    assert not istio_path("/foo/{*}").admits("/foo/a/b")
    assert istio_path("/foo/*/{*}").admits("/foo/a/b")
    assert istio_path("/foo*") == StringSet.prefix("/foo")
    assert istio_path("/foo/{id}") == StringSet.exact("/foo/{id}")
    assert istio_path_problem("/foo/{*}") is None
    assert istio_path_problem("/foo/{id}") is None
    assert "stand alone" in (istio_path_problem("/foo/pre{*}") or "")
    assert "after `**`" in (istio_path_problem("/{**}/{*}") or "")
    assert istio_path("/{**}/{*}").is_empty()


def test_principals_are_spelt_out_for_every_trust_domain() -> None:
    domains = ["td1", "old"]
    assert in_trust_domains("td1/ns/a/sa/b", domains) == ("td1/ns/a/sa/b", "old/ns/a/sa/b")
    assert in_trust_domains("cluster.local/ns/a/sa/b", domains) == ("td1/ns/a/sa/b", "old/ns/a/sa/b")
    assert in_trust_domains("*1/ns/a/sa/b", domains) == ("*1/ns/a/sa/b", "old/ns/a/sa/b")
    assert in_trust_domains("t*/ns/a/sa/b", domains) == ("td1/ns/a/sa/b", "old/ns/a/sa/b")
    assert in_trust_domains("*d/ns/a/sa/b", ["td", "old"]) == ("*d/ns/a/sa/b",)
    assert in_trust_domains("else/ns/a/sa/b", domains) == ("else/ns/a/sa/b",)
    assert in_trust_domains("*/ns/a/sa/b", domains) == ("*/ns/a/sa/b",)
    assert in_trust_domains("ns/a/sa/b", domains) == ("ns/a/sa/b",)


@given(st.text(alphabet="ab*/{}.", max_size=10))
def test_any_value_is_read_without_a_crash(value: str) -> None:
    names = (istio_namespace, istio_trust_domain, ztunnel_namespace)
    for read in (istio_string, istio_header, istio_host, istio_sni, istio_path, *names):
        held = read(value)
        example = held.example()
        assert example is None or held.admits(example)
    assert istio_service_account(value, "ns").example() is not None
    pair = istio_request_principal(value)
    assert not pair.admits(None, "s")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/admin?x=/y", "/admin"),
        ("/a/../admin", "/admin"),
        ("/%61dmin", "/admin"),
        ("/p/%2e%2e/x", "/x"),
        ("//admin", "//admin"),
        ("/p//../x", "/p/x"),
        ("/%2Fadmin", "/%2Fadmin"),
        ("/admin%2f", "/admin%2f"),
        ("/.//admin", "//admin"),
        ("/admin;x", "/admin;x"),
        ("/p/..;a=b/x", "/x"),
        ("/p/.;/x", "/p/x"),
        ("/p/%2e%2e;/x", "/p/..;/x"),
        ("/p/...", "/p/..."),
        ("/p/a/..", "/p/"),
        ("/p/.", "/p/"),
        ("/..", "/"),
        ("/../../p", "/p"),
        ("/p\\..\\x", "/x"),
        ("/p%5c..%5cx", "/p%5c..%5cx"),
        ("/p^|{}", "/p%5E%7C%7B%7D"),
        ("/p%zz%4", "/p%zz%4"),
        ("/p%21", "/p%21"),
        ("/", "/"),
        ("//", "//"),
        ("/p?x#y", None),
        ("/p%00", None),
        ("p", None),
        ("*", None),
        ("", None),
        ("/é", None),
    ],
)
def test_paths_are_normalised_as_envoy_does(target: str, path: str | None) -> None:
    assert request_path(target) == path


@given(st.text(alphabet="/.%2eaF;\\?", max_size=12))
def test_a_normalised_path_has_no_dot_segments(text: str) -> None:
    path = request_path("/" + text)
    assert path is None or not {".", ".."} & set(path.split("/"))
