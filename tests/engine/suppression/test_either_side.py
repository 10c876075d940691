"""A finding that two objects share may be accepted at either of them."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts

RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: shop{note}
spec:
  host: web.shop.svc.cluster.local
  trafficPolicy:{comment}
    connectionPool:
      tcp:
        maxConnections: {most}
"""
COMMENT = " # meshlint: ignore[{rule}] both are meant"
NOTE = '\n  annotations: {{meshlint.dev/ignore: "{rule}: both are meant"}}'
SHARED = "SUBSET013"


def told(older: dict[str, str], younger: dict[str, str]) -> tuple[list[str], list[str]]:
    """The rules that speak, and those that are held back."""
    empty = {"note": "", "comment": ""}
    texts = {
        "older.yaml": RULE.format(name="a", most=1, **{**empty, **older}),
        "younger.yaml": RULE.format(name="b", most=2, **{**empty, **younger}),
    }
    outcome = check_texts(texts)
    return [one.rule for one in outcome.findings], [one.rule for one in outcome.suppressed]


def test_without_a_word_it_is_told_once() -> None:
    assert told({}, {}) == ([SHARED], [])


@pytest.mark.parametrize("form", [{"comment": COMMENT}, {"note": NOTE}])
def test_a_word_at_either_side_holds_it_back(form: dict[str, str]) -> None:
    word = {name: text.format(rule=SHARED) for name, text in form.items()}
    assert told(word, {}) == ([], [SHARED])
    assert told({}, word) == ([], [SHARED])
    assert told(word, word) == ([], [SHARED])


def test_a_word_for_another_rule_does_not() -> None:
    word = {"comment": COMMENT.format(rule="SUBSET001")}
    found, held = told(word, {})
    assert SHARED in found
    assert held == []
