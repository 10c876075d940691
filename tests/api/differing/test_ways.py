"""The ways that a change is said to concern are those on which the two sides differ, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.differing.asked_at_ports import HEADER, METHOD, PATH, QUERY
from meshlint.api.differing.causes import Causes
from meshlint.api.differing.objects import changed_objects
from meshlint.api.differing.parts import Cell, Part
from meshlint.api.differing.questions import Asking, Question, questions
from meshlint.api.differing.reach_of_ways import WayReach, way_reach_of
from meshlint.api.differing.ways import Comparison, told
from meshlint.api.reading.project import Project, read_texts

from .small_routes import edited_routes, small_routes

PAIRS, ALL_PAIRS = 20, 300
VALUES = {
    METHOD: ("GET", "POST", "PUT"),
    PATH: ("/", "/a", "/a/x", "/ab", "/b/x", "/b/y", "/c"),
    HEADER + "x-user": (None, "beta", "bob", "x"),
    QUERY + "v": (None, "1", "2"),
}
"""Values that the routes of the small meshes speak of, and some that none of them does."""


def _read(documents: dict[str, str]) -> Project:
    return read_texts({f"{name}.yaml": text for name, text in documents.items()})


def _grid() -> Iterator[dict[str, str | None]]:
    for values in product(*VALUES.values()):
        yield dict(zip(VALUES, values, strict=True))


def _request(question: Question, values: dict[str, str | None]) -> RouteRequest:
    user, query = values[HEADER + "x-user"], values[QUERY + "v"]
    return RouteRequest(
        client=question.sender,
        host=question.host,
        port=question.port,
        path=f"{values[PATH]}?v={query}" if query else str(values[PATH]),
        method=str(values[METHOD]),
        headers=() if user is None else (("x-user", user),),
    )


def _cell(parts: tuple[Part, ...], values: dict[str, str | None]) -> Cell:
    found = [part.place_of(values[part.name]) for part in parts]
    assert None not in found, f"no choice of {[part.name for part in parts]} stands for {values}"
    return tuple(one for one in found if one is not None)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_differences_are_those_of_brute_force(seed: int) -> None:
    _compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PAIRS, ALL_PAIRS))
def test_more_differences_are_those_of_brute_force(seed: int) -> None:
    _compare(seed)


def _compare(seed: int) -> None:
    rng = Random(seed)
    documents = small_routes(rng)
    before, after = _read(documents), _read(edited_routes(documents, rng))
    changes = changed_objects(before.resources, after.resources)
    reach = way_reach_of(changes, before.mesh, after.mesh)
    asking = (Asking(before.mesh), Asking(after.mesh))
    wanted = set(questions(asking, reach, 400))
    comparison = Comparison((before.mesh, after.mesh), Causes.among(changes))
    grid = list(_grid())
    for question in questions(asking, WayReach(is_everywhere=True), 400):
        parts, changed, _ = comparison.differences(question)
        found = {cell for held in changed.values() for cell in held}
        assert question in wanted or not found, f"{question} lies beyond {reach}"
        for values in rng.sample(grid, 16):
            request = _request(question, values)
            differ = told(before.route(request)) != told(after.route(request))
            assert differ == (_cell(parts, values) in found), f"{question}: {values}"
