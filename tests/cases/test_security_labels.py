"""Real defects of security are found on their line; `test_headline_labels` holds the traps of every class."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.labels import labels, reported, repository
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
SECURITY = {
    "annotation-misplaced": "injection and default policies of Linkerd that are asked for where nobody reads",
    "authz-allow-all": "a policy that lets everybody in",
    "authz-no-from": "a rule that asks nothing of the caller",
    "dangling-parentref": "a route of a Server, which policies open, without its Server",
    "dangling-targetref": "a policy for a Server that is not there",
    "ineffective-glob": "a path of a policy that does not match what it seems to",
    "insecure-jwks": "keys for tokens that are fetched in clear",
    "jwt-not-required": "tokens that nobody asks for",
    "mtls-disabled": "mutual TLS turned off",
    "mtls-permissive": "plaintext accepted",
    "network-any": "every address let in",
    "placeholder-left": "an audience that no token has",
    "removed-api": "policies of authentication and roles among them, which nobody enforces any more",
    "stray-list-dash": "one rule of a policy that became two",
    "tls-disabled": "plaintext to a host outside",
    "unauthenticated": "callers without an identity let in",
    "wildcard-identity": "every identity let in",
    "wildcard-principal": "every identity let in",
}
"""The classes of defects that are about security, and what of it."""
ELSEWHERE = {
    "cors-any-origin": "what browsers may ask, and in a template of a chart, which is passed over",
    "dangling-gateway": "where requests go (traffic)",
    "dangling-host": "where requests go (traffic)",
    "dangling-serviceaccount": "pods that cannot start",
    "deprecated-api": "a version, of which the next release knows the same fields",
    "deprecated-field": "settings of traffic that have new names",
    "selector-matches-nothing": "a Service without pods (traffic)",
    "unknown-field": "a field of a VirtualService (schema)",
    "unreachable-route": "where requests go (traffic)",
}
"""The classes that are left out here, and what they are about."""


def _certain(name: str) -> tuple[dict[str, Any], ...]:
    return labels(name) if SHARED.is_dir() else ()


def _name(label: dict[str, Any]) -> str:
    return f"{label['rule-class']} {label['path']}:{label['line']}"


DEFECTS = [label for label in _certain("labelled-defects") if label["rule-class"] in SECURITY]


@pytest.mark.parametrize("label", DEFECTS, ids=_name)
def test_a_certain_defect_is_found_on_its_line(label: dict[str, Any]) -> None:
    assert reported(label)


@pytest.mark.parametrize("label", DEFECTS, ids=_name)
def test_a_certain_defect_is_found_in_the_whole_repository(label: dict[str, Any]) -> None:
    assert reported(label, repository(label))


def test_every_class_is_about_security_or_not() -> None:
    assert {label["rule-class"] for label in labels("labelled-defects")} == SECURITY.keys() | ELSEWHERE.keys()
    assert len(DEFECTS) >= 35
