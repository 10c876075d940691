from __future__ import annotations

import pytest
from meshlint.resources.schema.store.releases import newer_than

from meshlint.api import CheckOptions, ReadOptions, Selection, check_texts

POLICY = {
    "spec": {"rules": [{"from": [{"source": {"serviceAccounts": ["shop/web"], "trustDomains": ["a"]}}]}]}
}
ISTIO = "security.istio.io"


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ((1, 24), ["serviceAccounts", "trustDomains"]),
        ((1, 25), ["trustDomains"]),
        ((1, 30), ["trustDomains"]),
        ((1, 31), []),
        ((2, 0), []),
    ],
)
def test_fields_that_came_later(release: tuple[int, int], expected: list[str]) -> None:
    found = newer_than(ISTIO, "v1", "AuthorizationPolicy", POLICY, {"Istio": release})
    assert [one.what for one in found] == expected


def test_versions_that_came_later() -> None:
    def versions(release: tuple[int, int], version: str) -> list[str]:
        found = newer_than("networking.istio.io", version, "Gateway", {}, {"Istio": release})
        return [one.release for one in found]

    assert versions((1, 21), "v1") == ["Istio 1.22"]
    assert versions((1, 22), "v1") == []
    assert versions((1, 21), "v1beta1") == []
    assert list(newer_than("networking.istio.io", "v1", "Gateway", {}, {"Gateway API": (1, 0)})) == []


def test_nothing_is_too_new_where_no_release_is_named() -> None:
    text = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: b}\n"
    text += "spec: {rules: [{from: [{source: {trustDomains: [a]}}]}]}\n"
    select = Selection(select=("UPGRADE033",))

    def lines(versions: dict[str, str]) -> list[int]:
        options = CheckOptions(select, reading=ReadOptions(versions=versions))
        return [one.location.span.line for one in check_texts({"a.yaml": text}, options).findings]

    assert lines({}) == []
    assert lines({"istio": "1.30"}) == [4]
