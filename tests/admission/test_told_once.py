"""A slip that the schema names is told by it, and not by what the webhook then finds wanting."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts

AUTHORIZATION = "security.istio.io/v1\nkind: AuthorizationPolicy"
GATEWAY = "networking.istio.io/v1\nkind: Gateway"


@pytest.mark.parametrize(
    ("kind", "spec", "told", "untold"),
    [
        (AUTHORIZATION, "{rules: [{from: [{source: {serviceAcounts: [a]}}]}]}", "SCHEMA001", "AUTHZ022"),
        (AUTHORIZATION, "{rules: [{from: [{source: {}}]}]}", "AUTHZ022", "SCHEMA001"),
        (AUTHORIZATION, "{action: Custom, provider: {name: a}, rules: [{}]}", "SCHEMA004", "AUTHZ022"),
        (AUTHORIZATION, "{action: DENY, provider: {name: a}, rules: [{}]}", "AUTHZ022", "SCHEMA004"),
        (GATEWAY, "{selector: {a: b}, srvers: []}", "SCHEMA001", "SCHEMA029"),
        (GATEWAY, "{selector: {a: b}}", "SCHEMA029", "SCHEMA001"),
    ],
)
def test_a_slip_is_told_by_who_names_it(kind: str, spec: str, told: str, untold: str) -> None:
    text = f"apiVersion: {kind}\nmetadata: {{name: a, namespace: b}}\nspec: {spec}\n"
    rules = {one.rule for one in check_texts({"a.yaml": text}).findings}
    assert told in rules
    assert untold not in rules
