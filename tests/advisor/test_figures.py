"""The figures, needs and weights as data."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import product

import pytest

from meshlint.advisor import MESHES, MeshChoice, load_needs, load_weights
from meshlint.advisor.cost.costs import Model, Situation, cost_of, costs, prices_of
from meshlint.advisor.cost.figures import load_figures
from meshlint.advisor.cost.size import Size
from meshlint.advisor.evidence.features import DETECTORS, evidence_of
from meshlint.advisor.verdict.migration import load_counterparts
from meshlint.api.reading.project import read_texts
from tests.shared import PROJECT

MB = 10**6
FIGURES = load_figures()
MODEL = Model(FIGURES, load_weights(), prices_of(None, None, load_weights()))
DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


@pytest.mark.parametrize("figure", FIGURES.by_id.values(), ids=lambda one: one.id)
def test_every_end_of_a_range_has_a_source_or_says_that_it_is_assumed(figure: object) -> None:
    one = FIGURES.get(figure.id)  # type: ignore[attr-defined]
    for bound in one.bounds:
        assert bool(bound.source) != bool(bound.assumption)
        assert not bound.source or bound.source in FIGURES.sources
    assert one.low.value <= one.typical.value <= one.high.value


def test_every_source_is_dated_and_in_use() -> None:
    used = {bound.source for figure in FIGURES.by_id.values() for bound in figure.bounds}
    for source in FIGURES.sources.values():
        assert DATE.fullmatch(source.date)
        assert source.kind
        assert source.url.startswith("https://") or source.id == "tutorial"
    assert set(FIGURES.sources) - used == set()


def test_every_need_is_answered_by_every_mesh_with_source_and_version() -> None:
    for need, mesh in product(load_needs().values(), MESHES):
        support = need.support[mesh]
        assert support.how
        assert support.source.startswith("https://")
        assert re.fullmatch(r"(Istio|Linkerd) \d+\.\d+", support.version)


def test_the_features_of_the_tutorial_are_among_the_needs() -> None:
    assert {need.id for need in load_needs().values() if need.tutorial} == {
        "dashboards", "identity-authorization", "mtls", "route-metrics", "small-proxy", "tracing",
        "traffic-splitting",
    }  # fmt: skip


def test_every_sign_that_is_looked_for_is_of_a_known_need() -> None:
    assert DETECTORS
    assert set(evidence_of(read_texts({}).mesh)) == set()


def test_counterparts_are_known_for_every_mesh() -> None:
    kinds = {(group, kind) for group, kind, _ in load_counterparts()}
    missing = [
        (kind, mesh.value)
        for kind, mesh in product(kinds, MESHES)
        if (*kind, mesh) not in load_counterparts() and not _is_own(kind[0], mesh)
    ]
    assert missing == []


def _is_own(group: str, mesh: MeshChoice) -> bool:
    return group.endswith("istio.io") and mesh is MeshChoice.ISTIO_SIDECAR


def test_the_schema_of_the_configuration_knows_every_weight() -> None:
    schema = json.loads((PROJECT / "schemas" / "config.json").read_text(encoding="utf-8"))
    section = schema["properties"]["advise"]["properties"]
    weights = load_weights()
    assert set(section["weights"]["properties"]) == set(weights.weights)
    assert set(section["scales"]["properties"]) == set(weights.scales)
    assert set(section["assumptions"]["properties"]) == set(weights.assumptions)


class TestTheTutorial:
    """Its figures go in, so they must come out, for one pod of one service."""

    SIZE = Size(pods=1, services=1, seen=0, nodes=1)

    def test_a_sidecar_of_istio_takes_40_to_80_mb(self) -> None:
        cost = cost_of(MeshChoice.ISTIO_SIDECAR, costs(self.SIZE, MODEL, Situation.REST))
        memory = cost.sum("memory", "data")
        assert (memory.low, memory.high) == (Fraction(40 * MB), Fraction(80 * MB))

    def test_a_busy_sidecar_of_istio_takes_half_a_core_to_a_core(self) -> None:
        cost = cost_of(MeshChoice.ISTIO_SIDECAR, costs(self.SIZE, MODEL, Situation.BUSY))
        cpu = cost.sum("cpu", "data")
        assert (cpu.low, cpu.high) == (Fraction(1, 2), Fraction(1))

    def test_a_proxy_of_linkerd_takes_10_to_20_mb(self) -> None:
        cost = cost_of(MeshChoice.LINKERD, costs(self.SIZE, MODEL, Situation.REST))
        memory = cost.sum("memory", "data")
        assert (memory.low, memory.high) == (Fraction(10 * MB), Fraction(20 * MB))

    def test_a_busy_proxy_of_linkerd_takes_a_tenth_to_a_fifth_of_a_core(self) -> None:
        cost = cost_of(MeshChoice.LINKERD, costs(self.SIZE, MODEL, Situation.BUSY))
        cpu = cost.sum("cpu", "data")
        assert (cpu.low, cpu.high) == (Fraction(1, 10), Fraction(1, 5))

    def test_more_than_20_services_are_not_managed_by_hand(self) -> None:
        assert load_weights().assumed("hand-managed-services") == 20

    def test_the_load_test_of_istio_comes_out(self) -> None:
        """1,000 requests per second through one sidecar take 0.20 cores and 60 MB (Istio 1.24)."""
        size = Size(pods=1, services=1, nodes=1, rps=Fraction(500))
        cost = cost_of(MeshChoice.ISTIO_SIDECAR, costs(size, MODEL, Situation.LOAD))
        assert cost.sum("memory", "data").typical == 60 * MB
        working = [item for item in cost.items if item.figure.id == "sidecar-cpu-load"]
        assert [item.range.typical for item in working] == [Fraction(1, 5)]

    def test_the_control_plane_of_the_load_test_comes_out(self) -> None:
        """1,000 services and 2,000 pods take 1 core and 1.5 GB of istiod (Istio 1.24)."""
        size = Size(pods=2000, services=1000, nodes=60)
        cost = cost_of(MeshChoice.ISTIO_SIDECAR, costs(size, MODEL, Situation.REST))
        cpu, memory = cost.sum("cpu", "control"), cost.sum("memory", "control")
        assert cpu.low <= 1 <= cpu.high
        assert memory.low <= 1500 * MB <= memory.high
        assert abs(memory.typical - 1500 * MB) < 5 * MB
