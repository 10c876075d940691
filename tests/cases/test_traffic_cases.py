"""What istioctl analyze and Kiali say of their own fixtures about traffic, and what we say of them."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.engine.finding import Finding
from tests.cases.peers import Input, alarms, cases, findings, is_meant, replacing
from tests.cases.subjects import OTHER, SCHEMA, SECURITY, TRAFFIC
from tests.shared import needs_shared

FAMILIES = ("ROUTE", "SUBSET", "GATEWAY", "EGRESS", "PORT", "RESIL", "OBSERVE", "SCALE")
_NO_PODS = "the fixture's Pods have no spec, so they are no manifests of pods"
_PRIVATE = "what is exported to its own namespace alone comes first there, so nobody has to choose by age"
_MADE_IN_GO = "the workloads are made by the Go test, not in the file"
_WITH = "WithExportTo"
EXCEPT: dict[tuple[str, str, str], str] = {
    (
        "gatewayBadPort",
        "IST0162",
        "httpbin-gateway",
    ): "its pods and Service are added by the upstream harness",
    ("gatewaySecretValidations", "IST0161", "defaultgateway-expired"): "time, which no manifest shows",
    ("sidecarSelector", "IST0110", "dupe-1"): _NO_PODS,
    ("sidecarSelector", "IST0110", "dupe-2"): _NO_PODS,
    ("sidecarSelector", "IST0110", "overlap-1"): _NO_PODS,
    ("sidecarSelector", "IST0110", "overlap-2"): _NO_PODS,
    ("virtualServiceConflictingMeshGatewayHosts", "IST0109", "team2/ratings"): _PRIVATE,
    (f"virtualServiceConflictingMeshGatewayHosts{_WITH}", "IST0109", "foo/productpage-c"): _PRIVATE,
    (f"virtualServiceConflictingMeshGatewayHosts{_WITH}", "IST0109", "bar/productpage-c"): _PRIVATE,
    (f"virtualServiceConflictingMeshGatewayHosts{_WITH}", "IST0109", "foo/productpage-d"): _PRIVATE,
    (f"virtualServiceConflictingMeshGatewayHosts{_WITH}", "IST0109", "bar/productpage-d"): _PRIVATE,
    (
        "virtualServiceDestinationHosts",
        "IST0112",
        "reviews-2port-missing",
    ): "sidecars keep the port that was called",
    ("virtualServiceGateways", "IST0132", "httpbin-bogus"): "the gateway does not exist, which is told once",
    ("virtualServiceJWTClaimRoute", "IST0149", "foo"): "the gateway's pods are added by the upstream harness",
    (
        "DestinationRuleEmptyTopologyLabels",
        "IST0173",
        "empty-topology-labels",
    ): "labels of the node, which no manifest shows",
    (
        "DestinationRuleSubsetsNotSelectPods",
        "IST0173",
        "subsets-not-select-pods",
    ): "there are no pods at all in the file",
    ("TestSubsetNotReferenced", "KIA0203", "testrule"): _MADE_IN_GO,
    ("TestSubsetReferenced", "KIA0203", "testrule"): _MADE_IN_GO,
    ("TestWronglyReferenced", "KIA0203", "testrule"): _MADE_IN_GO,
}
"""What upstream expects of an object and we answer otherwise, by case, code and object, with the reason."""

EXTRA = {
    "ROUTE024": "the fixture binds the host `*` to sidecars, which Istio's validation rejects",
    "EGRESS003": "the fixture gives one host several protocols, which is another subject",
    "ROUTE030": "the fixture has two routes without a match, of which the second is dead",
}
"""Rules that may speak where upstream expects nothing, with the reason."""

CASES = list(cases())


def _excepted(case: dict[str, Any], expected: dict[str, Any]) -> str | None:
    """The reason why we answer otherwise; an object has its namespace where names are not enough."""
    key = (case["name"], expected["code"])
    name = str(expected.get("name") or str(expected.get("object")).rpartition("/")[2])
    place = str(
        expected.get("namespace") or str(expected.get("object")).rpartition("/")[0].rpartition(" ")[2]
    )
    return EXCEPT.get((*key, name)) or EXCEPT.get((*key, f"{place}/{name}"))


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_what_upstream_expects_is_found(case: dict[str, Any], files: tuple[str, ...]) -> None:
    told = (*findings(Input(files), FAMILIES), *findings(Input(files, complete=True), FAMILIES))
    for expected in case["expected"]:
        if expected["code"] in TRAFFIC:
            rules = replacing(expected["code"])
            found = any(one.rule in rules and _concerns(one, expected) for one in told)
            assert found is (_excepted(case, expected) is None), expected


def _concerns(finding: Finding, expected: dict[str, Any]) -> bool:
    """Whether a finding is about an object, or about a pair of which it is the other one, and shows it."""
    name = str(expected.get("name") or str(expected.get("object")).rpartition("/")[2])
    place = str(expected.get("namespace") or "")
    named = any(
        text in finding.message for text in (f"{place}/{name},", f"{place}/{name} ", f"like '{name}'")
    )
    return is_meant(finding, expected) or (bool(finding.related) and named)


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_where_upstream_expects_nothing_we_are_silent(case: dict[str, Any], files: tuple[str, ...]) -> None:
    if not case["expected"]:
        assert alarms(case, findings(Input(files), FAMILIES), frozenset(EXTRA)) == []


def test_every_code_has_one_subject() -> None:
    every = [*TRAFFIC, *SECURITY, *SCHEMA, *OTHER]
    assert len(every) == len(set(every))
    expected = {one["code"] for case in CASES for one in case.values[0]["expected"]}
    assert expected <= set(every)


def test_every_exception_is_of_a_case() -> None:
    names = {case.values[0]["name"] for case in CASES}
    assert not CASES or {name for name, _, _ in EXCEPT} <= names
