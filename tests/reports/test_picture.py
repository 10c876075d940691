"""The picture of the mesh in the page: where its boxes stand, and what it says when there are too many."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from attrs import evolve

from meshlint.api import read_texts
from meshlint.api.overviews.drawing import drawing
from meshlint.reports import ReportOptions, writer
from meshlint.reports.findings.picture.collapsed import MOST, readable
from meshlint.reports.findings.picture.layers import layers
from meshlint.reports.findings.picture.placed import HEIGHT, WIDTH, placed
from meshlint.reports.shared.drawing import Arrow, Drawing, Thing
from meshlint.reports.shared.soundness import BAD, GOOD, OPEN
from tests.reports.outcomes import FULL
from tests.reports.test_html import EVIL, Page
from tests.shared import PROJECT


def drawn(rng: Random, count: int) -> Drawing:
    things = tuple(
        sorted(Thing(f"ns-{rng.randrange(4)}", f"w{n}", "workload", f"Deployment/w{n}") for n in range(count))
    )
    names = [one.id for one in things]
    ends = [rng.sample(names, 2) for _ in range(count if count > 1 else 0)]
    arrows = {Arrow(source, target, GOOD) for source, target in ends}
    return Drawing(things, tuple(sorted(arrows)))


@pytest.mark.parametrize("seed", range(20))
def test_boxes_stand_apart_and_within_their_bands(seed: int) -> None:
    rng = Random(seed)
    found = placed(drawn(rng, rng.randint(1, 60)))
    bands = {band.name: band for band in found.bands}
    for box in found.boxes:
        band = bands[box.thing.namespace]
        assert band.y < box.y
        assert box.y + HEIGHT < band.y + band.height <= found.height
        assert 0 < box.x < box.x + WIDTH < found.width
    for one, other in combinations(found.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for band, below in zip(found.bands, found.bands[1:], strict=False):
        assert band.y + band.height < below.y


@pytest.mark.parametrize("seed", range(20))
def test_arrows_lead_to_the_right_where_nothing_runs_in_a_circle(seed: int) -> None:
    rng = Random(seed)
    names = [f"n{number}" for number in range(30)]
    downward = [tuple(sorted(rng.sample(range(30), 2))) for _ in range(60)]
    arrows = [(names[one], names[other]) for one, other in downward]
    columns = layers(rng.sample(names, len(names)), arrows)
    assert all(columns[source] < columns[target] for source, target in arrows)


def test_circles_have_columns_too() -> None:
    columns = layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    assert sorted(columns.values()) == [0, 1, 2]


def test_too_many_things_are_drawn_as_namespaces() -> None:
    few = drawn(Random(1), MOST)
    assert readable(few) == (few, "")
    many = drawn(Random(1), MOST + 1)
    graver = evolve(many, arrows=tuple(evolve(one, way=BAD) for one in many.arrows))
    found, told = readable(graver)
    assert [thing.name for thing in found.things] == [f"ns-{number}" for number in range(4)]
    assert {one.way for one in found.arrows} == {BAD}
    assert told.startswith(f"{MOST + 1} workloads and gateways are too many")


def test_what_an_example_draws() -> None:
    texts = {one.name: one.read_text() for one in (PROJECT / "examples" / "bookinfo").glob("*.yaml")}
    found = drawing(read_texts(texts))
    names = {one.id: one.name for one in found.things}
    arrows = {(names[one.source], names[one.target], one.way) for one in found.arrows}
    assert ("shop", "productpage", OPEN) in arrows
    assert ("productpage", "reviews-v1", GOOD) in arrows
    assert set(names.values()) == {"shop", "productpage", "reviews-v1", "reviews-v2", "ratings"}


def page_of(found: Drawing | None) -> str:
    return "\n".join(writer("html")(FULL, ReportOptions(drawing=found)))


def test_a_page_without_a_mesh_has_no_picture() -> None:
    for found in (None, Drawing()):
        assert "<svg" not in page_of(found)


@pytest.mark.parametrize("words", EVIL)
def test_names_are_text(words: str) -> None:
    def named(name: str) -> Page:
        things = (Thing(name, name, "workload", "a"), Thing(name, name, "workload", "b"))
        text = page_of(Drawing(things, (Arrow("a", "b", GOOD, name),)))
        text.encode()
        return Page(text)

    page, shape = named(words), named("web")
    assert page.open == []
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in shape.elements]
