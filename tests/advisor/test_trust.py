"""What makes an advice worth believing: figures that keep their order, and words that keep to the figures."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import pytest
from attrs import evolve

from meshlint.advisor import MESHES, Advice, Given, MeshChoice, load_needs, load_weights
from meshlint.advisor.cost.costs import Cost, Model, Situation, cost_of, costs, prices_of
from meshlint.advisor.cost.figures import Bound, Figure, Source, load_figures, weighed
from meshlint.advisor.cost.size import Size
from meshlint.advisor.cost.weights import with_overrides
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.conflicts import conflicts
from meshlint.advisor.verdict.decision import Decision, decide
from meshlint.advisor.verdict.reasons import objections, reasons
from meshlint.advisor.verdict.terms import load_terms
from meshlint.advisor.words import percent, rounded
from meshlint.reports.advice.json import advice_data
from meshlint.reports.advice.memo import advice_memo
from meshlint.reports.advice.report import write_advice
from meshlint.reports.memo.memo import Bullets, Memo
from meshlint.reports.shared.options import ReportOptions
from tests.advisor.workloads import advised, annotated, labelled, services

WEIGHTS = load_weights()
NEEDS = tuple(load_needs().values())
BARE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: bare, namespace: team-0}
spec: {replicas: 3, template: {metadata: {labels: {app: bare}}, spec: {containers: [{name: c}]}}}
"""
JWT = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: team-0}
spec: {jwtRules: [{issuer: a, jwksUri: 'https://a.test'}]}
"""


def workloads(count: int) -> Iterator[Case]:
    """So many workloads of every size, with needs, prices and a mesh that runs."""
    chance = random.Random(16)
    for _ in range(count):
        pods = int(10 ** chance.uniform(0, 4.5))
        behind = chance.randint(0, pods)
        rps = Fraction(int(10 ** chance.uniform(0, 7))) if chance.random() < 0.8 else Fraction(0)
        size = Size(
            pods=pods,
            services=chance.randint(0, 3000),
            seen=pods * chance.randint(0, 300),
            nodes=chance.randint(1, 400),
            namespaces=chance.randint(1, 50),
            waypoints=chance.randint(0, 50),
            waypoint_pods=behind,
            cpu=pods * Fraction(chance.randint(0, 2000), 1000),
            memory=pods * Fraction(chance.randint(0, 4096) * 2**20),
            rps=rps,
            waypoint_rps=rps * Fraction(behind, pods),
        )
        prices = (
            [Fraction(chance.randint(1, 60)) for _ in range(2)] if chance.random() < 0.3 else [None, None]
        )
        model = Model(load_figures(), WEIGHTS, prices_of(prices[0], prices[1], WEIGHTS))
        needs = tuple(chance.sample(NEEDS, chance.randint(0, 4)))
        yield Case(model, size, needs, chance.choice((None, *MESHES)))


CASES = tuple(workloads(2000))


@cache
def decided() -> tuple[tuple[Case, Decision], ...]:
    return tuple((case, decide(case)) for case in CASES)


def ends(cost: Cost) -> list[Fraction]:
    amounts = (cost.cpu, cost.memory, cost.worth)
    return [end for one in amounts for end in (one.low, one.typical, one.high)]


def test_no_cost_falls_as_a_load_rises() -> None:
    chance = random.Random(1)
    for case in CASES:
        factor = Fraction(chance.randint(101, 1_000_000), 100)
        size = case.size
        more = evolve(size, rps=(size.rps + 1) * factor, waypoint_rps=size.waypoint_rps * factor)
        for when in (Situation.LOAD, Situation.BUSY):
            pairs = zip(costs(size, case.model, when), costs(more, case.model, when), strict=True)
            assert all(b >= a for one, other in pairs for a, b in zip(ends(one), ends(other), strict=True))


def test_no_cost_of_manifests_falls_as_a_load_that_is_stated_rises() -> None:
    texts = {**services(4, spaces=2), **labelled(2, istio_injection="enabled"), "jwt.yaml": JWT}
    chance = random.Random(2)
    loads = {"rps": Fraction(0), "team-0/s0": Fraction(0), "team-1/s1": Fraction(0)}
    before = None
    for _ in range(15):
        name = chance.choice(sorted(loads))
        loads[name] += chance.randint(0, 50_000)
        told = Given(rps=loads["rps"], rps_for={k: v for k, v in loads.items() if k != "rps"})
        advice = advised(texts, told)
        now = [end for cost in advice.costs_when(advice.decisive) for end in ends(cost)]
        assert before is None or all(b >= a for a, b in zip(before, now, strict=True)), name
        before = now


def test_a_million_requests_leave_the_costs_apart() -> None:
    """Penalties that all come near 1 would leave the choice to everything but the cost."""
    for case in CASES:
        loaded = evolve(case, size=evolve(case.size, rps=Fraction(10**6), waypoint_rps=Fraction(10**6)))
        penalties = {one.mesh: one.penalties["cost"].typical for one in decide(loaded).standings}
        found = costs(loaded.size, case.model, Situation.LOAD)
        dearest = max(found, key=lambda one: one.worth.typical)
        cheapest = min(found, key=lambda one: one.worth.typical)
        exceeds = cheapest.worth.typical * 4 >= cheapest.own_worth
        if exceeds and dearest.worth.typical >= cheapest.worth.typical * Fraction(3, 2):
            assert penalties[dearest.mesh] - penalties[cheapest.mesh] >= Fraction(1, 20)


COMPARED = re.compile(r"^(.+) takes ([\d.,]+) % of what the workloads request, (.+) ([\d.,]+) %$")
RELATIVE = re.compile(r"^(.+) takes ([\d.,]+) % of what (.+) takes: (.+), against (.+)$")


def test_no_reason_contradicts_the_figures_shown() -> None:
    seen = {"compared": 0, "relative": 0, "alone": 0}
    for case, decision in decided():
        for reason in reasons(case, decision):
            if reason.about == "cost":
                seen[agrees(reason.text, decision)] += 1
        for reason in objections(case, decision):
            if reason.about == "cost":
                agrees(reason.text, decision)
    assert all(seen.values()), seen


def agrees(text: str, decision: Decision) -> str:
    """What kind of sentence it is, after its figures have been held against the costs."""
    by_title = {one.mesh.title: one.cost for one in decision.standings}
    if match := RELATIVE.match(text):
        one, other = by_title[match[1]], by_title[match[3]]
        assert one.worth.typical < other.worth.typical
        assert float(match[2].replace(",", "")) < 100
        assert match[4].startswith(f"{rounded(one.cpu.typical)} cores")
        assert match[5].startswith(f"{rounded(other.cpu.typical)} cores")
        return "relative"
    if match := COMPARED.match(text):
        one, other = by_title[match[1]], by_title[match[3]]
        assert one.share is not None
        assert other.share is not None
        assert f"{match[2]} %" == percent(one.share.typical)
        assert f"{match[4]} %" == percent(other.share.typical)
        assert float(match[2]) < float(match[4])
        return "compared"
    least = min(one.cost.worth.typical for one in decision.standings if one.is_possible)
    subject = decision.chosen.cost if decision.chosen else by_title[text.split("Even ")[1].split(" would")[0]]
    assert subject.worth.typical == least
    return "alone"


def told(advice: Advice, *, explain: bool = False) -> str:
    lines = write_advice(advice, "markdown", ReportOptions(), explain=explain)
    return "\n".join(lines).replace("\\", "")


LOADED = advised(
    {"bare.yaml": BARE, **services(3, cpu="1m", memory="1Mi")}, Given(rps=Fraction(10**6), needs=("mtls",))
)


def test_no_share_is_told_above_what_it_can_mean() -> None:
    text = told(LOADED, explain=True)
    shares = [float(one.replace(",", "")) for one in re.findall(r"([\d.,]+) %", text)]
    assert max(shares) <= 100
    data = advice_data(LOADED)
    loaded = [one for one in data["costs"] if one["situation"] == "load"]
    assert all(one["share_of_requests"] is None and one["remark"] for one in loaded)


def test_missing_requests_are_told_in_a_plain_sentence() -> None:
    assert (
        "Requests are missing: 1 container without a request for CPU and 1 container without a request"
        in told(LOADED)
    )
    assert "Requests are missing" not in told(advised(services(3)))


def test_a_load_beyond_the_proxies_says_so() -> None:
    assert "more than fully at work" in told(LOADED)
    assert "more than fully at work" not in told(
        advised(services(3), Given(rps=Fraction(10), needs=("mtls",)))
    )


ON_LINKERD = advised({**services(50, spaces=5), **annotated(5, linkerd="enabled")}, Given(needs=("jwt",)))


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        (advised(services(30)), "stable builds come from vendors since February 2024"),
        (advised(services(30)), "under the Apache licence 2.0"),
        (advised(services(30)), "about once a quarter"),
        (advised(services(30)), "longer support comes from vendors"),
        (
            advised(services(30), Given(needs=("fips",))),
            "FIPS builds are part of Buoyant's paid distribution",
        ),
        (ON_LINKERD, "Leaving Linkerd for Istio ambient means to restart every pod"),
    ],
    ids=["stable builds", "licence", "cadence", "support", "fips", "leaving"],
)
def test_terms_stand_in_the_first_part(advice: Advice, words: str) -> None:
    first = advice_memo(advice).sections[0]
    items = [item for block in first.blocks if isinstance(block, Bullets) for item in block.items]
    assert first.title == "Why"
    assert any(words in item for item in items), items


def test_terms_are_told_only_where_they_decide() -> None:
    assert advised(services(3)).terms == ()
    assert all(term.about != "fips" for term in advised(services(30)).terms)
    only_istio = advised({**services(50), **labelled(1, dataplane="ambient")}, Given(needs=("jwt",)))
    assert {term.about for term in only_istio.terms} == {"leaving"}


def test_stable_builds_of_the_project_rule_out_linkerd() -> None:
    advice = advised(services(30), Given(needs=("project-stable-builds",)))
    standing = next(one for one in advice.decision.standings if one.mesh is MeshChoice.LINKERD)
    assert [need.id for need in standing.excluded_by] == ["project-stable-builds"]


def test_every_term_has_a_source_and_a_date() -> None:
    for term in load_terms():
        assert term.source.startswith("https://")
        assert re.fullmatch(r"20\d\d(-\d\d){0,2}", term.date)
    for about in ("licence", "support", "cadence", "fips"):
        assert {mesh for term in load_terms() if term.about == about for mesh in term.meshes} == set(MESHES)


def test_needs_that_exclude_each_other_are_named() -> None:
    advice = advised(services(30), Given(needs=("sidecarless", "mtls", "envoyfilter")))
    assert told(advice).splitlines()[0].endswith("Recommendation: none fits (high confidence)")
    assert advice.reasons[0].text.startswith(
        '"Patching the proxy\'s own configuration (EnvoyFilter)" and "No proxy container in the pods" exclude'
        " each other: "
    )
    assert advice_data(advice)["recommendation"]["conflicts"] == [["envoyfilter", "sidecarless"]]


def test_conflicts_are_the_smallest_and_there_are_none_where_a_mesh_is_left() -> None:
    for case in CASES:
        found = conflicts(case.needs)
        assert bool(found) == (not case.possible)
        for group in found:
            for need in group:
                rest = tuple(one for one in group if one is not need)
                assert Case(case.model, case.size, rest).possible


def test_nothing_to_judge_gives_no_confidence() -> None:
    advice = advised({})
    assert advice.decision.confidence is None
    assert advice_data(advice)["recommendation"]["confidence"] is None
    assert told(advice).splitlines()[0].endswith("Recommendation: nothing to judge")
    assert "confidence)" not in told(advice)


@pytest.mark.parametrize("count", [3, 30])
def test_the_threshold_is_told_as_what_it_is_with_its_source(count: int) -> None:
    advice = advised(services(count))
    about_size = [one.text for one in advice.reasons if one.about == "size"]
    assert all("a rule of thumb of the tutorial and no measurement" in text for text in about_size)
    assert re.search(r"20 \| services \| up to so many.*rule of thumb.* \[\d+\]", told(advice))
    assert advice_data(advice)["assumptions"]["hand-managed-services"]["source"] == "tutorial"
    own = with_overrides(WEIGHTS, {"assumptions": {"hand-managed-services": 5}})
    texts = [one.text for one in advised(services(3), None, own).reasons]
    assert any(text.endswith("up to 5 is practical, as the configuration has it") for text in texts)


SOURCES = {
    name: Source(name, "a", "b", date, "benchmark")
    for name, date in (("old", "2020-01"), ("newer", "2024-01"), ("new", "2026-01"))
}


def test_old_statements_count_less() -> None:
    figure = Figure(
        "x", ("linkerd",), "data", "cpu", "pod", "x",
        low=Bound(Fraction(0), "old"), typical=Bound(Fraction(4), "new"), high=Bound(Fraction(10), "newer"),
        others=(Bound(Fraction(8), "old"),),
    )  # fmt: skip
    found = weighed(figure, SOURCES, Fraction(2))
    assert found.typical.amount == (4 + Fraction(8, 3)) / Fraction(4, 3) == 5
    assert found.low.amount == 5 - Fraction(5, 3)
    assert found.high.amount == 10
    assert weighed(figure, SOURCES, Fraction(20)).typical.amount == 6


def test_the_istiod_of_2021_counts_less_than_a_current_one() -> None:
    figure = load_figures().get("istiod-memory")
    assert {bound.value for bound in figure.others} == {597}
    assert 537 < figure.typical.amount < Fraction(537 + 597, 2)


def test_a_range_says_from_when_it_is() -> None:
    advice = advised(services(30))
    text = told(advice)
    for cost in advice_data(advice)["costs"]:
        years = cost["figures_of"]
        assert f"{years['oldest']} to {years['newest']}" in text
    known = advice.model.figures.sources
    linkerd = cost_of(MeshChoice.LINKERD, advice.costs_when(Situation.REST))
    assert linkerd.years(known) == (2020, 2026)


def bullets(memo: Memo) -> list[str]:
    blocks = (block for section in memo.sections for block in section.blocks)
    return [item.lower() for block in blocks if isinstance(block, Bullets) for item in block.items]


def test_no_bullet_is_told_twice() -> None:
    advices = [
        LOADED,
        ON_LINKERD,
        advised({}),
        advised(services(30)),
        advised(services(3), Given(needs=("fips",))),
    ]
    for advice in advices:
        for explain in (False, True):
            found = bullets(advice_memo(advice, explain=explain))
            assert len(found) == len(set(found))


def test_no_criterion_speaks_twice_for_a_mesh() -> None:
    for case, decision in decided():
        about = [one.about for one in reasons(case, decision) if "ruled out" not in one.text]
        assert len([one for one in about if one != "needs"]) == len({one for one in about if one != "needs"})
