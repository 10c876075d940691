"""What an advice looks like: JSON by its schema, every number with its origin, and the two memos."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema
import pytest

from meshlint.advisor import Advice, Given
from meshlint.reports.advice.json import advice_data
from meshlint.reports.advice.report import ADVICE_FORMATS, write_advice
from meshlint.reports.shared.options import ReportOptions
from tests.advisor.workloads import advised, annotated, labelled, services
from tests.shared import PROJECT

SCHEMA = json.loads((PROJECT / "schemas" / "advice.json").read_text(encoding="utf-8"))
ORIGINS = {"from", "places", "items", "source", "assumption", "line", "count"}
EVERYTHING = Given(
    rps=Fraction(1200),
    rps_for={"team-0/s0": Fraction(300)},
    nodes=7,
    cpu_price=Fraction(20),
    memory_price=Fraction(5, 2),
    needs=("jwt", "tracing"),
)
HOSTILE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: "a\\e[31m|`x`", namespace: team-0}
spec: {replicas: 3, template: {spec: {containers: [{name: c}]}}}
"""
SCALED = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: s0, namespace: team-0}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: s0}, minReplicas: 1, maxReplicas: 40}
"""


def cases() -> Iterator[Advice]:
    yield advised({})
    yield advised(services(3))
    yield advised(services(30, spaces=3), EVERYTHING)
    yield advised(
        {**services(30, spaces=3), **annotated(3, linkerd="enabled"), "hpa.yaml": SCALED}, EVERYTHING
    )
    yield advised({**services(2), **labelled(1, istio_injection="enabled"), "hostile.yaml": HOSTILE})
    yield advised({"policy.yaml": "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"})


ADVICES = list(cases())


@pytest.mark.parametrize("advice", ADVICES)
def test_json_is_as_its_schema_says(advice: Advice) -> None:
    (text,) = write_advice(advice, "json", ReportOptions())
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))


@pytest.mark.parametrize("advice", ADVICES)
def test_no_number_in_json_lacks_an_origin(advice: Advice) -> None:
    assert list(bare_numbers(advice_data(advice))) == []


def bare_numbers(value: Any, path: str = "", has_origin: bool = False) -> Iterator[str]:
    """The paths of numbers that neither stand beside an origin nor inside an object with one."""
    if isinstance(value, dict):
        here = has_origin or bool(ORIGINS & value.keys())
        for key, inner in value.items():
            yield from bare_numbers(inner, f"{path}.{key}", here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from bare_numbers(inner, f"{path}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool) and not has_origin:
        yield path


def test_a_number_without_origin_would_be_found() -> None:
    assert list(bare_numbers({"cost": {"value": 3}})) == [".cost.value"]


@pytest.mark.parametrize("advice", ADVICES)
def test_every_item_leads_to_a_figure_and_every_figure_to_a_source(advice: Advice) -> None:
    data = advice_data(advice)
    figures = {one["id"]: one for one in data["figures"]}
    sources = {one["id"] for one in data["sources"]}
    for cost in (*data["costs"], *data["peak"]):
        for item in cost["items"]:
            bounds = [figures[item["figure"]][end] for end in ("low", "typical", "high")]
            assert all(bound.get("source") in sources or bound.get("assumption") for bound in bounds)


@pytest.mark.parametrize("advice", ADVICES)
def test_sums_are_the_sums_of_their_items(advice: Advice) -> None:
    for cost in advice_data(advice)["costs"]:
        for resource, key in (("cpu", "cpu_cores"), ("memory", "memory_bytes")):
            taken = [item["takes"]["typical"] for item in cost["items"] if item["resource"] == resource]
            assert cost[key]["typical"] == pytest.approx(sum(taken))


@pytest.mark.parametrize("advice", ADVICES)
def test_every_amount_in_the_memo_has_its_sources_beside_it(advice: Advice) -> None:
    lines = list(write_advice(advice, "text", ReportOptions()))
    listed = [re.match(r"  (\d+)\. .*\(", line) for line in lines[lines.index("Sources") :]]
    known = {int(match.group(1)) for match in listed if match}
    rows = [line for line in lines if re.match(r"  (Istio|Linkerd).*(GiB|MiB) \(.*%", line)]
    for row in rows:
        marks = re.search(r"\[([\d, ]+)(, in part assumed)?\]$", row)
        assert marks
        assert {int(mark) for mark in marks.group(1).split(",")} <= known
    assert bool(rows) == bool(advice.case.size.pods)


@pytest.mark.parametrize("format_name", ADVICE_FORMATS)
@pytest.mark.parametrize("advice", ADVICES)
def test_nothing_that_moves_a_cursor_gets_out(advice: Advice, format_name: str) -> None:
    text = "\n".join(write_advice(advice, format_name, ReportOptions(), explain=True))
    assert "\x1b" not in text


def test_explain_names_every_item_every_place_and_every_answer() -> None:
    advice = ADVICES[3]
    text = "\n".join(write_advice(advice, "markdown", ReportOptions(), explain=True)).replace("\\", "")
    for cost in advice.costs:
        for item in cost.items:
            assert item.figure.what in text
    for row in advice.needs:
        for support in row.need.support.values():
            assert support.source in text
    for place in advice.profile.tally("services").places:
        assert str(place) in text


def test_money_is_told_where_both_prices_are_given() -> None:
    with_prices = "\n".join(write_advice(ADVICES[2], "text", ReportOptions()))
    without = "\n".join(write_advice(ADVICES[1], "text", ReportOptions()))
    assert "a month" in with_prices
    assert "a month" not in without


def test_bars_are_as_long_as_the_shares_are_large() -> None:
    advice = ADVICES[2]
    lines = [line for line in write_advice(advice, "text", ReportOptions()) if "█" in line]
    drawn = [line.count("█") for line in lines]
    costs = advice.costs_when(advice.decisive)
    shares = [float(cost.share.typical) for cost in costs if cost.share is not None]
    assert len(lines) == 3
    assert drawn.index(max(drawn)) == shares.index(max(shares))
    assert all(line.count("█") + line.count("░") <= 30 for line in lines)


def test_autoscalers_show_what_the_maximum_takes() -> None:
    advice = ADVICES[3]
    usual, peak = advice.costs_when(advice.decisive), advice.peak
    assert [cost.mesh for cost in usual] == [cost.mesh for cost in peak]
    assert all(most.memory.typical > one.memory.typical for one, most in zip(usual, peak, strict=True))
    assert any("autoscaler at its maximum" in line for line in write_advice(advice, "text", ReportOptions()))
