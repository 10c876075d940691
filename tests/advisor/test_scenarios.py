"""Workloads of many sizes and needs, with the recommendation that each should get and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from attrs import evolve, frozen

from meshlint.advisor import Given, load_needs
from meshlint.advisor.cost.costs import Model, prices_of
from meshlint.advisor.cost.figures import load_figures
from meshlint.advisor.cost.size import Size
from meshlint.advisor.cost.weights import load_weights
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.decision import decide
from meshlint.advisor.verdict.reasons import reasons
from tests.advisor.workloads import advised, annotated, labelled, services

SIDECAR, AMBIENT, LINKERD, NONE = "istio-sidecar", "istio-ambient", "linkerd", "none"

PATCH = "{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {connect_timeout: 1s}}}]}"


@frozen
class Scenario:
    """A workload, what is to be recommended, how surely, and words that one of the reasons must hold."""

    name: str
    texts: Mapping[str, str]
    given: Given
    mesh: str
    confidence: str
    reason: str


def asked(*needs: str, rps: int | None = None) -> Given:
    return Given(needs=needs, rps=None if rps is None else Fraction(rps))


def manifest(api: str, kind: str, spec: str, namespace: str = "team-0") -> dict[str, str]:
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: one, namespace: {namespace}}}\nspec: {spec}\n"
    return {f"{kind}.yaml": text}


TEAM = services(50, spaces=5)
ON_ISTIO = {**TEAM, **labelled(5, istio_injection="enabled")}
ON_AMBIENT = {**TEAM, **labelled(5, dataplane="ambient")}
ON_LINKERD = {**TEAM, **annotated(5, linkerd="enabled")}
NETWORKING, SECURITY = "networking.istio.io/v1", "security.istio.io/v1"
ROUTE = "{hosts: [s0], http: [{route: [{destination: {host: s0}}], %s}]}"
JWT = "{jwtRules: [{issuer: a, jwksUri: 'https://a.test'}]}"
CUSTOM = "{action: CUSTOM, provider: {name: opa}, rules: [{}]}"
HASH = "{host: s0, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}}"
TLS = "{host: a.test, trafficPolicy: {tls: {mode: SIMPLE}}}"
MIRROR = ROUTE % "mirror: {host: s1}"
SMALL = services(30, replicas=10, cpu="10m", memory="16Mi")
LARGE = services(30, cpu="4", memory="16Gi")

SCENARIOS = (
    # Small sets without a need: no mesh yet.
    Scenario("3 services", services(3), Given(), NONE, "high", "managed by hand"),
    Scenario("12 services", services(12), Given(), NONE, "high", "No need shows"),
    Scenario("15 services at the edge of near", services(15), Given(), NONE, "high", "managed by hand"),
    Scenario("20 services", services(20), Given(), NONE, "medium", "up to 20 is practical"),
    Scenario("gRPC alone is no reason", services(11, port="grpc"), Given(), NONE, "high", "No need shows"),
    Scenario("nothing at all", {}, Given(), NONE, "none", "no workload"),
    Scenario("load alone is no reason", services(5), asked(rps=1000), NONE, "high", "managed by hand"),
    # Past 20 services without a need: the cost decides, and it is close.
    Scenario("21 services", services(21), Given(), LINKERD, "low", "more than the 20"),
    Scenario("50 services", TEAM, Given(), AMBIENT, "low", "of what the workloads request"),
    Scenario("200 services", services(200, spaces=10), Given(), AMBIENT, "low", "more than the 20"),
    # Small sets with a need.
    Scenario("3 services, mTLS", services(3), asked("mtls"), LINKERD, "low", "mutual TLS"),
    Scenario("10 services, splitting", services(10), asked("traffic-splitting"), LINKERD, "low", "splitting"),
    Scenario("5 services, JWT", services(5), asked("jwt"), AMBIENT, "low", "Linkerd is ruled out"),
    # Requests that are looked at take waypoints in ambient, which Linkerd does without.
    Scenario("50 services, mTLS", TEAM, asked("mtls"), AMBIENT, "low", "of what the workloads request"),
    Scenario("50, splitting", TEAM, asked("traffic-splitting"), LINKERD, "low", "less of those who run it"),
    Scenario("50, splitting at load", TEAM, asked("traffic-splitting", rps=5000), LINKERD, "low", "request"),
    Scenario("50, mTLS at load", TEAM, asked("mtls", rps=5000), AMBIENT, "low", "of what the workloads"),
    Scenario("50, gRPC", services(50, spaces=5, port="grpc"), Given(), LINKERD, "low", "gRPC"),
    Scenario("50, rate limits", TEAM, asked("rate-limiting"), LINKERD, "low", "limiting the rate"),
    Scenario(
        "50, metrics", TEAM,
        asked("route-metrics", "rate-limiting"), LINKERD, "medium", "metrics for each",
    ),
    Scenario("50, several clusters", TEAM, asked("multicluster"), LINKERD, "low", "several clusters"),
    # Needs that rule out Linkerd, asked for or in use.
    Scenario("50, JWT", TEAM, asked("jwt"), AMBIENT, "low", "JSON Web Tokens"),
    Scenario("50, mirroring", TEAM, asked("mirroring"), AMBIENT, "low", "mirroring"),
    Scenario("50, authorizer", TEAM, asked("external-authorization"), AMBIENT, "low", "external authorizer"),
    Scenario("50, Wasm", TEAM, asked("wasm"), AMBIENT, "low", "Wasm"),
    Scenario("50, affinity", TEAM, asked("session-affinity"), AMBIENT, "low", "session affinity"),
    Scenario("50, TLS to hosts outside", TEAM, asked("tls-origination"), AMBIENT, "low", "starting TLS"),
    Scenario(
        "JWT in use", {**TEAM, **manifest(SECURITY, "RequestAuthentication", JWT)},
        Given(), SIDECAR, "low", "JSON Web",
    ),
    Scenario(
        "authorizer in use", {**ON_ISTIO, **manifest(SECURITY, "AuthorizationPolicy", CUSTOM)},
        Given(), SIDECAR, "low", "external authorizer",
    ),
    Scenario(
        "affinity in use", {**ON_ISTIO, **manifest(NETWORKING, "DestinationRule", HASH)},
        Given(), SIDECAR, "low", "session affinity",
    ),
    Scenario(
        "TLS in use", {**ON_ISTIO, **manifest(NETWORKING, "DestinationRule", TLS)},
        Given(), SIDECAR, "low", "starting TLS",
    ),
    Scenario(
        "mirroring in use", {**ON_AMBIENT, **manifest(NETWORKING, "VirtualService", MIRROR)},
        Given(), AMBIENT, "high", "mirroring",
    ),
    # Needs that rule out all but one, or all.
    Scenario("50, EnvoyFilter", TEAM, asked("envoyfilter"), SIDECAR, "high", "EnvoyFilter"),
    Scenario(
        "EnvoyFilter in use", {**TEAM, **manifest("networking.istio.io/v1alpha3", "EnvoyFilter", PATCH)},
        Given(), SIDECAR, "high", "EnvoyFilter",
    ),
    Scenario("50, no sidecars", TEAM, asked("sidecarless"), AMBIENT, "high", "no proxy container"),
    Scenario("contradiction", TEAM, asked("sidecarless", "envoyfilter"), NONE, "high", "ruled out"),
    # A mesh that runs stays where nothing else is clearly better.
    Scenario("50 on Istio", ON_ISTIO, Given(), SIDECAR, "low", "runs already"),
    Scenario("50 on ambient", ON_AMBIENT, Given(), AMBIENT, "high", "runs already"),
    Scenario("50 on Linkerd", ON_LINKERD, Given(), LINKERD, "high", "runs already"),
    Scenario("50 on Linkerd, JWT", ON_LINKERD, asked("jwt"), AMBIENT, "low", "Linkerd is ruled out"),
    Scenario(
        "4 on Linkerd", {**services(4), **annotated(1, linkerd="enabled")},
        Given(), LINKERD, "low", "runs already",
    ),
    # What the workloads are decides how much a proxy weighs.
    Scenario("many small pods", SMALL, asked("mtls"), AMBIENT, "low", "of what the workloads request"),
    Scenario("few large pods", LARGE, asked("mtls"), LINKERD, "medium", "less of those who run it"),
)  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_scenario(scenario: Scenario) -> None:
    advice = advised(scenario.texts, scenario.given)
    confidence = advice.decision.confidence
    assert (advice.decision.choice.value, confidence.value if confidence else "none") == (
        scenario.mesh,
        scenario.confidence,
    )
    assert any(scenario.reason.lower() in one.text.lower() for one in advice.reasons), advice.reasons
    assert len(advice.reasons) <= 3


@frozen
class Large:
    """A workload too large to be written as manifests in a test."""

    name: str
    size: Size
    needs: tuple[str, ...]
    mesh: str
    reason: str


GIB = 2**30
THOUSAND = Size(
    pods=3000, services=1000, seen=3_000_000, nodes=100, namespaces=40,
    cpu=Fraction(600), memory=Fraction(768 * GIB),
)  # fmt: skip
FIVE_THOUSAND = Size(
    pods=15_000, services=5000, seen=75_000_000, nodes=500, namespaces=100,
    cpu=Fraction(3000), memory=Fraction(3840 * GIB),
)  # fmt: skip
LARGES = (
    Large("1,000 services", THOUSAND, (), AMBIENT, "of what the workloads request"),
    Large("1,000 services, JWT", THOUSAND, ("jwt",), AMBIENT, "Linkerd is ruled out"),
    Large("1,000 services, EnvoyFilter", THOUSAND, ("envoyfilter",), SIDECAR, "EnvoyFilter"),
    Large("1,500 services, rate limits", THOUSAND, ("rate-limiting",), LINKERD, "limiting the rate"),
    Large("5,000 services", FIVE_THOUSAND, (), AMBIENT, "of what the workloads request"),
    Large("5,000 services, EnvoyFilter", FIVE_THOUSAND, ("envoyfilter",), SIDECAR, "Linkerd is ruled out"),
    Large("5,000 services, metrics", FIVE_THOUSAND, ("route-metrics",), LINKERD, "metrics for each route"),
)  # fmt: skip


@pytest.mark.parametrize("large", LARGES, ids=lambda one: one.name)
def test_large_scenario(large: Large) -> None:
    case = case_of(large.size, *large.needs)
    decision = decide(case)
    assert decision.choice.value == large.mesh
    assert any(large.reason.lower() in one.text.lower() for one in reasons(case, decision))


def case_of(size: Size, *needs: str) -> Case:
    weights = load_weights()
    case = Case(Model(load_figures(), weights, prices_of(None, None, weights)), size)
    for need in needs:
        case = case.with_need(load_needs()[need])
    return case


def test_there_are_at_least_thirty_scenarios() -> None:
    assert len(SCENARIOS) + len(LARGES) >= 30


def flips_of(texts: Mapping[str, str], given: Given | None = None) -> list[str]:
    return [flip.text for flip in advised(texts, given).flips]


def test_what_would_flip_no_mesh_yet() -> None:
    told = flips_of(services(3))
    assert any("With more than 20 services" in text for text in told)
    assert any(text.startswith("A need that a mesh serves leads to") for text in told)


def test_a_jwt_need_flips_linkerd() -> None:
    told = flips_of(services(10), Given(needs=("traffic-splitting",)))
    assert any("rules out Linkerd" in text and "JSON Web Tokens" in text for text in told)


def test_dropping_the_need_that_decides_flips_back() -> None:
    told = flips_of({**services(10), **manifest("networking.istio.io/v1alpha3", "EnvoyFilter", PATCH)})
    assert any(text.startswith("Without these") and "EnvoyFilter" in text for text in told)


def test_growth_load_memory_and_weights_are_said_to_flip() -> None:
    grown = flips_of(services(10), asked("traffic-splitting"))
    assert any(text.startswith("Above about") and "pods" in text for text in grown)
    told = flips_of(TEAM, asked("mtls"))
    assert any("saves more memory" in text and "16 GiB" in text for text in told)
    assert any('"cost" counted for nothing' in text for text in told)
    loaded = flips_of(services(200, spaces=2), asked("traffic-splitting", "circuit-breaking"))
    assert any("requests per second Linkerd would be recommended" in text for text in loaded)


def test_the_turning_point_of_growth_turns() -> None:
    advice = advised(services(10), asked("traffic-splitting"))
    flip = next(one for one in advice.flips if one.kind == "pods")
    assert flip.leads_to is not advice.decision.choice
    grown = evolve(advice.case, size=advice.case.size.grown(Fraction(8), 3, 30))
    assert decide(grown).choice is flip.leads_to


def test_a_need_that_may_go_rules_out_nothing() -> None:
    texts = {**TEAM, **manifest("networking.istio.io/v1alpha3", "EnvoyFilter", PATCH)}
    assert advised(texts).decision.choice.value == SIDECAR
    relaxed = advised(texts, Given(without=("envoyfilter",)))
    assert [row.need.id for row in relaxed.needs] == []
