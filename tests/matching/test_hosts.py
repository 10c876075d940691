from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.matching import (
    HostIndex,
    gateway_hostnames,
    host_covers,
    host_intersection,
    host_specificity,
    hosts_overlap,
)

names = st.lists(st.sampled_from(["a", "b", "foo", "com", "B"]), min_size=1, max_size=3).map(".".join)
patterns = st.one_of(
    names, names.map(lambda name: f"*.{name}"), names.map(lambda name: f"*{name}"), st.just("*")
)
PROBES = ["a", "com", "foo.com", "a.foo.com", "a.b.foo.com", "b.com", "xfoo.com", "-a", "x.a", "x.b", "z"]


def _admits(pattern: str, host: str) -> bool:
    pattern, host = pattern.lower(), host.lower()
    if pattern.startswith("*"):
        return host.endswith(pattern[1:]) and len(host) >= len(pattern)
    return pattern == host


def _probes(*texts: str) -> list[str]:
    return [*PROBES, *(text.replace("*", star) for text in texts for star in ("x", "x.a", "-", ""))]


@given(patterns, patterns)
def test_covering_and_overlap_agree_with_membership(left: str, right: str) -> None:
    for host in _probes(left, right):
        if host_covers(left, right) and _admits(right, host):
            assert _admits(left, host)
        if _admits(left, host) and _admits(right, host):
            assert hosts_overlap(left, right)
    meet = host_intersection(left, right)
    assert (meet is None) is not hosts_overlap(left, right)
    for host in _probes(left, right) if meet else ():
        assert _admits(meet or "", host) is (_admits(left, host) and _admits(right, host))


@pytest.mark.parametrize(
    ("pattern", "host", "covered"),
    [
        ("*.foo.com", "a.b.foo.com", True),
        ("*.foo.com", "foo.com", False),
        ("*.foo.com", "A.Foo.Com", True),
        ("*foo.com", "foo.com", False),
        ("*foo.com", "xfoo.com", True),
        ("*.foo.com", "*.a.foo.com", True),
        ("*.foo.com", "*.foo.com", True),
        ("*.a.foo.com", "*.foo.com", False),
        ("*foo.com", "*.foo.com", True),
        ("*", "anything", True),
        ("*", "*", True),
        ("a.*.com", "a.b.com", False),
        ("foo.com", "*.foo.com", False),
    ],
)
def test_wildcards_cover(pattern: str, host: str, covered: bool) -> None:
    assert host_covers(pattern, host) is covered


def test_the_most_specific_pattern_comes_first() -> None:
    mixed = ["*", "*.com", "a.b.com", "*.b.com"]
    assert sorted(mixed, key=host_specificity) == ["a.b.com", "*.b.com", "*.com", "*"]


@settings(max_examples=150)
@given(st.lists(patterns, max_size=8), patterns)
def test_the_index_agrees_with_a_scan(many: list[str], asked: str) -> None:
    index = HostIndex((pattern, position) for position, pattern in enumerate(many))
    lowered = [(pattern.lower(), position) for position, pattern in enumerate(many)]
    covering = [pattern for pattern, _ in lowered if host_covers(pattern, asked)]
    best = index.most_specific(asked)
    assert (best is None) is (not covering)
    if best is not None:
        assert best[0] == min(covering, key=host_specificity)
        assert best[1] == tuple(n for pattern, n in lowered if pattern == best[0])
    assert [name for name, _ in index.covering(asked)] == sorted(set(covering), key=host_specificity)
    assert index.overlapping(asked) == tuple(e for e in lowered if hosts_overlap(e[0], asked))
    assert index.covered_by(asked) == tuple(e for e in lowered if host_covers(asked, e[0]))
    assert index.at(asked) == tuple(n for pattern, n in lowered if pattern == asked.lower())


def test_gateway_host_names_meet() -> None:
    assert gateway_hostnames(None, []) == ("*",)
    assert gateway_hostnames(None, ["a.com", "b.com"]) == ("a.com", "b.com")
    assert gateway_hostnames("*.a.com", []) == ("*.a.com",)
    assert gateway_hostnames("*.a.com", ["x.y.a.com", "a.com", "*.b.a.com"]) == ("x.y.a.com", "*.b.a.com")
    assert gateway_hostnames("x.a.com", ["*.a.com", "*.com"]) == ("x.a.com",)
    assert gateway_hostnames("a.com", ["b.com"]) == ()
