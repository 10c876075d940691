"""Inputs of `shared/cases/gitops` and `audits` on what is applied, placeholders, versions and documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.api import NothingFound, Request, check
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CASES = SHARED / "cases"
FINE = (
    "gitops/flux-substitution-host.yaml",
    "gitops/flux-target-namespace",
    "gitops/helmrelease-without-namespace.yaml",
    "gitops/labels-in-kustomization",
    "gitops/patched-base",
    "gitops/sops-encrypted.yaml",
    "gitops/yes-label",
    "audits/authz258-flux-substitution.yaml",
    "audits/placeholders-everywhere.yaml",
)
NOT_SAID = (
    ("audits/authz047-namespace-written-twice.yaml", {"AUTHZ047"}),
    ("audits/gateway101-102-gateway-written-twice.yaml", {"GATEWAY101", "GATEWAY102"}),
    ("audits/nearest-version", {"ROUTE014"}),
    ("gitops/root-namespace-in-helmrelease.yaml", {"MTLS001"}),
)
SAID = (
    ("audits/hygiene001-message.yaml", "HYGIENE001", "after a quoted value"),
    ("audits/miss-document-beside-conflict.yaml", "SUBSET001", "v9"),
    ("audits/miss-document-beside-conflict.yaml", "HYGIENE004", "conflict"),
    ("audits/miss-placeholder-in-host.yaml", "GATEWAY057", "<CLUSTER-DOMAIN>"),
    ("audits/miss-placeholder-in-host.yaml", "SCHEMA020", "<CLUSTER-DOMAIN>"),
    ("audits/nearest-version", "ROUTE013", "15372"),
    ("gitops/placeholder-name.yaml", "HYGIENE001", "placeholder"),
    ("gitops/root-namespace-in-helmrelease.yaml", "MTLS002", "whole mesh"),
)


def found(name: str) -> list[Finding]:
    return list(check([str(CASES / name)], Request(no_config=True)).findings)


@pytest.mark.parametrize("name", FINE)
def test_nothing_is_said(name: str) -> None:
    assert [one.message for one in found(name) if one.severity >= Severity.WARNING] == []


@pytest.mark.parametrize(("name", "rules"), NOT_SAID)
def test_what_is_untrue_is_not_said(name: str, rules: set[str]) -> None:
    assert {one.rule for one in found(name)} & rules == set()


@pytest.mark.parametrize(("name", "rule", "words"), SAID)
def test_what_is_true_is_said_once(name: str, rule: str, words: str) -> None:
    told = [one for one in found(name) if one.rule == rule]
    assert any(words in one.message for one in told)
    assert len({(one.location, one.message) for one in told}) == len(told)


def test_one_finding_for_all_placeholders_of_a_file() -> None:
    assert len(found("gitops/placeholder-name.yaml")) == 1


def test_a_file_of_a_compiler_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(NothingFound):
        found("gitops/tsconfig.json")
    service = tmp_path / "web.yaml"
    service.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web}\n")
    outcome = check([str(service), str(CASES / "gitops/tsconfig.json")], Request(no_config=True))
    assert outcome.findings == ()
    assert len(outcome.summary.not_analysed) == 1
