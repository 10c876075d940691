from __future__ import annotations

import pytest

from meshlint.matching import linkerd_identity, linkerd_identity_problem

WEB = "web.shop.serviceaccount.identity.linkerd.cluster.local"


@pytest.mark.parametrize(
    ("value", "identity", "admitted"),
    [
        ("*", WEB, True),
        ("*", "", False),
        (WEB, WEB, True),
        (WEB, WEB.upper(), False),
        ("*.shop.serviceaccount.identity.linkerd.cluster.local", WEB, True),
        ("*.op.serviceaccount.identity.linkerd.cluster.local", WEB, False),
        ("*.cluster.local", WEB, True),
        ("web.*.cluster.local", WEB, False),
        ("web.*.cluster.local", "web.*.cluster.local", True),
        ("*web", "web", False),
    ],
)
def test_identities_are_exact_or_suffixes_of_labels(value: str, identity: str, admitted: bool) -> None:
    assert linkerd_identity(value).admits(identity) is admitted


@pytest.mark.parametrize(
    "value", ["*", "*.shop", WEB, "spiffe://root.org", "spiffe://root.org/ns/Foo/sa/web", "a-b.c"]
)
def test_sound_identities_are_taken(value: str) -> None:
    assert linkerd_identity_problem(value) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Web.shop", "capital"),
        ("web.*.shop", "first label"),
        ("we*.shop", "first label"),
        ("web.shop.", "neither"),
        ("system:serviceaccount:shop:web", "neither"),
        ("", "neither"),
        ("spiffe://Root/x", "spiffe"),
        ("spiffe://root/x/", "spiffe"),
        ("spiffe://root//x", "spiffe"),
        ("spiffe://root/../x", "spiffe"),
        (None, "not a string"),
        (["*"], "not a string"),
    ],
)
def test_malformed_identities_are_told(value: object, words: str) -> None:
    assert words in (linkerd_identity_problem(value) or "")
