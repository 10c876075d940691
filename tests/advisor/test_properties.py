"""What holds for every workload: more is never cheaper, needs only exclude, order says nothing."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.advisor import MESHES, Given, load_needs, load_weights
from meshlint.advisor.cost.costs import Model, Situation, costs, prices_of
from meshlint.advisor.cost.figures import load_figures
from meshlint.advisor.cost.size import Size
from meshlint.advisor.cost.weights import with_overrides
from meshlint.advisor.meshes import MeshChoice
from meshlint.advisor.needs import possible_meshes
from meshlint.advisor.verdict.case import Case
from meshlint.advisor.verdict.decision import decide
from meshlint.reports.advice.report import ADVICE_FORMATS, write_advice
from meshlint.reports.shared.options import ReportOptions
from tests.advisor.workloads import advised, services

WEIGHTS = load_weights()
NEEDS = tuple(load_needs().values())
COUNTS = st.integers(0, 20_000)
AMOUNTS = st.fractions(0, 10_000, max_denominator=1000)
GROWING = ("pods", "seen", "nodes", "waypoints", "rps")
POSITIVE = st.fractions(Fraction(1, 100), 1000, max_denominator=100)


@st.composite
def sizes(draw: st.DrawFn) -> Size:
    pods = draw(COUNTS)
    seen = pods * draw(st.integers(0, 500))
    behind = draw(st.integers(0, pods))
    rps = draw(AMOUNTS)
    return Size(
        pods=pods,
        services=draw(st.integers(0, 5000)),
        seen=seen,
        nodes=draw(st.integers(1, 1000)),
        namespaces=draw(st.integers(0, 100)),
        waypoints=draw(st.integers(0, 100)),
        waypoint_pods=behind,
        cpu=draw(AMOUNTS),
        memory=draw(AMOUNTS) * 10**9,
        rps=rps,
        waypoint_rps=rps * Fraction(behind, max(pods, 1)),
    )


def model(cpu_price: Fraction | None = None, memory_price: Fraction | None = None) -> Model:
    return Model(load_figures(), WEIGHTS, prices_of(cpu_price, memory_price, WEIGHTS))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    needs = tuple(draw(st.lists(st.sampled_from(NEEDS), unique=True, max_size=6)))
    current = draw(st.sampled_from((None, *MESHES)))
    return Case(model(), draw(sizes()), needs, current)


@given(
    sizes(),
    st.sampled_from(Situation),
    st.sampled_from(("pods", "seen", "nodes", "waypoints", "rps")),
    COUNTS,
)
def test_more_of_anything_never_lowers_a_cost(size: Size, when: Situation, what: str, more: int) -> None:
    larger = evolve(size, **{what: getattr(size, what) + more})
    for before, after in zip(costs(size, model(), when), costs(larger, model(), when), strict=True):
        for resource in ("cpu", "memory"):
            one, other = before.sum(resource), after.sum(resource)
            assert (one.low, one.typical, one.high) <= (other.low, other.typical, other.high)
            assert one.low <= one.typical <= one.high
            assert other.typical >= one.typical
            assert other.high >= one.high


@settings(max_examples=25)
@given(st.integers(0, 12), st.integers(1, 8), st.integers(0, 4))
def test_more_replicas_in_manifests_never_lower_a_cost(count: int, replicas: int, more: int) -> None:
    few = advised(services(count, replicas=replicas))
    many = advised(services(count, replicas=replicas + more))
    for one, other in zip(few.costs, many.costs, strict=True):
        assert one.cpu.typical <= other.cpu.typical
        assert one.memory.typical <= other.memory.typical


@given(st.lists(st.sampled_from(NEEDS), max_size=8), st.sampled_from(NEEDS))
def test_another_need_never_adds_a_possible_mesh(needs: list[object], another: object) -> None:
    before = possible_meshes(needs)  # type: ignore[arg-type]
    assert possible_meshes([*needs, another]) <= before  # type: ignore[list-item]


@given(cases(), st.sampled_from(NEEDS))
def test_a_recommended_mesh_meets_every_hard_need(case: Case, another: object) -> None:
    changed = case.with_need(another)  # type: ignore[arg-type]
    choice = decide(changed).choice
    assert choice is MeshChoice.NONE or choice in changed.possible


@given(cases(), POSITIVE, POSITIVE, POSITIVE)
def test_the_scale_of_prices_changes_no_recommendation(
    case: Case, cpu: Fraction, memory: Fraction, scale: Fraction
) -> None:
    once = decide(evolve(case, model=model(cpu, memory)))
    scaled = decide(evolve(case, model=model(cpu * scale, memory * scale)))
    assert (once.choice, once.confidence, once.margin) == (scaled.choice, scaled.confidence, scaled.margin)


@given(cases())
def test_a_decision_is_complete_and_repeats(case: Case) -> None:
    decision = decide(case)
    assert {one.mesh for one in decision.standings} == set(MESHES)
    assert decision.margin is None or decision.margin >= 0
    assert decide(case).choice is decision.choice
    for standing in decision.standings:
        assert all(0 <= one.low <= one.high <= 1 for one in standing.penalties.values())


@given(cases(), st.sampled_from(("cost", "needs", "operations", "switching")))
def test_weights_can_be_overridden_and_tell_so(case: Case, name: str) -> None:
    weights = with_overrides(WEIGHTS, {"weights": {name: 0}})
    assert weights.weights[name].given
    assert weights.weight(name) == 0
    ranked = decide(evolve(case, model=evolve(case.model, weights=weights))).standings
    for standing in ranked:
        others = [n for n in standing.penalties if n != name]
        expected = sum(standing.penalties[n].typical * weights.weight(n) for n in others)
        assert standing.score.typical == expected


@settings(max_examples=4)
@given(st.permutations(range(6)))
def test_the_order_of_files_and_needs_changes_no_byte(order: list[int]) -> None:
    documents = services(6, spaces=2)["services.yaml"].split("---\n")
    plain = {f"{n}.yaml": "---\n".join(documents[2 * n : 2 * n + 2]) for n in range(6)}
    turned = {name: plain[name] for name in (f"{n}.yaml" for n in order)}
    told = Given(rps=Fraction(100), needs=("jwt", "mtls"))
    one, other = advised(plain, told), advised(turned, evolve(told, needs=("mtls", "jwt")))
    for format_name in ADVICE_FORMATS:
        lines = list(write_advice(one, format_name, ReportOptions(), explain=True))
        assert lines == list(write_advice(other, format_name, ReportOptions(), explain=True))
