"""What istioctl analyze and Kiali say of their own fixtures about traffic, and what we say of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.peers import Input, alarms, cases, findings, is_meant, replacing
from tests.shared import needs_shared

FAMILIES = ("ROUTE", "SUBSET", "GATEWAY", "EGRESS", "PORT", "RESIL", "OBSERVE", "SCALE")
TRAFFIC = frozenset(
    [
        "IST0101",
        "IST0109",
        "IST0110",
        "IST0111",
        "IST0112",
        "IST0118",
        "IST0128",
        "IST0129",
        "IST0130",
        "IST0131",
        "IST0132",
        "IST0134",
        "IST0138",
        "IST0140",
        "IST0145",
        "IST0149",
        "IST0159",
        "IST0160",
        "IST0161",
        "IST0162",
        "IST0173",
        "IST0174",
        "IST0177",
        "KIA0203",
        "KIA1102",
        "KIA1105",
        "KIA1106",
        "KIA1107",
    ]
)
"""The codes that speak of traffic."""

EXCEPT: dict[tuple[str, str], str] = {
    ("gatewayBadPort", "IST0162"): "the gateway's pods and Service are added by the upstream harness",
    ("gatewaySecretValidations", "IST0161"): "what is in a certificate, and whether it has expired",
    ("sidecarSelector", "IST0110"): "the fixture's Pods have no spec, so they are no manifests of pods",
    ("virtualServiceConflictingMeshGatewayHosts", "IST0109"): "a private VirtualService comes first",
    (
        "virtualServiceConflictingMeshGatewayHostsWithExportTo",
        "IST0109",
    ): "a private VirtualService comes first, and the more specific host counts",
    ("virtualServiceDestinationHosts", "IST0112"): "sidecars keep the port that was called",
    ("virtualServiceGateways", "IST0132"): "the gateway does not exist, which is told once",
    ("destinationrule with no cacert, simple at destinationlevel", "IST0128"): "the system's CAs are used",
    ("destinationrule with no cacert, mutual at destinationlevel", "IST0128"): "the system's CAs are used",
    (
        "destinationrule with no cacert, mutual at destinationlevel and simple at port level",
        "IST0128",
    ): "the system's CAs are used",
    (
        "destinationrule with no cacert, mutual at destinationlevel and simple at port level",
        "IST0129",
    ): "the system's CAs are used",
    ("DestinationRuleEmptyTopologyLabels", "IST0173"): "labels of the node, which no manifest shows",
    ("virtualServiceJWTClaimRoute", "IST0149"): "the gateway's pods are added by the upstream harness",
    ("DestinationRuleSubsetsNotSelectPods", "IST0173"): "there are no pods at all in the file",
    ("dupmatches", "IST0131"): "a route that is never reached is told once, not match by match",
    ("TestMissingGatewayInHTTPMatch/non-existent-gateway-in-match.yaml", "KIA1102"): "told as unbound",
    ("TestMissingGatewayInHTTPMatch/non-existent-ns-gateway-in-match.yaml", "KIA1102"): "told as unbound",
    ("TestSubsetNotReferenced", "KIA0203"): "the workloads are made by the Go test, not in the file",
    ("TestSubsetReferenced", "KIA0203"): "the workloads are made by the Go test, not in the file",
    ("TestWronglyReferenced", "KIA0203"): "the workloads are made by the Go test, not in the file",
}
"""Cases that we answer otherwise, with the reason (`istio-analyze.md` holds most of them for false)."""

EXTRA = {
    "ROUTE024": "the fixture binds the host `*` to sidecars, which Istio's validation rejects",
    "EGRESS003": "the fixture gives one host several protocols, which is another subject",
    "ROUTE030": "the fixture has two routes without a match, of which the second is dead",
}
"""Rules that may speak where upstream expects nothing, with the reason."""

CASES = list(cases())


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_what_upstream_expects_is_found(case: dict[str, Any], files: tuple[str, ...]) -> None:
    told = (*findings(Input(files), FAMILIES), *findings(Input(files, complete=True), FAMILIES))
    for expected in case["expected"]:
        code = expected["code"]
        if code in TRAFFIC and (case["name"], code) not in EXCEPT:
            rules = replacing(code)
            assert any(one.rule in rules and is_meant(one, expected) for one in told), expected


@needs_shared
@pytest.mark.parametrize(("case", "files"), CASES)
def test_where_upstream_expects_nothing_we_are_silent(case: dict[str, Any], files: tuple[str, ...]) -> None:
    if not case["expected"]:
        assert alarms(case, findings(Input(files), FAMILIES), frozenset(EXTRA)) == []
