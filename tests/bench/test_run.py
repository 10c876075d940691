from __future__ import annotations

from pathlib import Path

import pytest

from bench.access import POLICIES, Asked, ask, crowded, decide
from bench.generate import DOCUMENTS_PER_SERVICE, write_mesh
from bench.phases import Measurement, measure
from bench.routes import FORMS, mesh_of
from bench.run import (
    QUESTIONS,
    access_table,
    accessing,
    fastest,
    growth,
    parsing,
    routes,
    schema_share,
    table,
)
from meshlint.traffic.reach.virtual_services import reach


def test_a_walk_is_timed_phase_by_phase(tmp_path: Path) -> None:
    size = write_mesh(tmp_path, 4)
    found = measure(tmp_path)
    assert list(found.seconds) == ["sources", "documents", "resources", "mesh", "checks", "report"]
    assert found.source_bytes == size
    assert 0 < found.schema_seconds < found.total
    assert found.documents > 4 * DOCUMENTS_PER_SERVICE
    assert found.findings == 0
    assert all(row.count(".") or row.split()[-1].isdigit() for row in table({4: found}))


def test_access_is_asked_of_a_mesh(tmp_path: Path) -> None:
    write_mesh(tmp_path, 4)
    found = {question: ask(str(tmp_path), question) for question in QUESTIONS}
    assert found["check"].answers == 0
    assert 1 < found["to"].answers < found["matrix"].answers
    assert all(one.seconds > 0 for one in found.values())


def test_decisions_are_made_on_a_crowded_workload() -> None:
    project = crowded()
    assert len(project.mesh.authorization_policies.all) == POLICIES
    assert decide(project, 10).answers == 10


def test_access_is_held_by_ratio() -> None:
    def row(to: float, matrix: float, edges: int) -> dict[str, Asked]:
        return {"check": Asked(1.0, 0), "to": Asked(to, 5), "matrix": Asked(matrix, edges)}

    small, large = row(1.4, 1.0, 100), row(1.6, 2.0, 200)
    assert [held for _, held in accessing({1: small, 2: large})] == [True, False, True]
    assert [held for _, held in accessing({1: small, 2: row(1.0, 4.0, 200)})] == [True, True, False]
    assert len({len(line) for line in access_table({1: small, 2: large})}) == 1


def test_limits_are_held_by_ratio() -> None:
    slow = Measurement(seconds={"all": 2.4}, parse_seconds=1.6, compose_seconds=1.0, documents=1)
    fast = Measurement(seconds={"all": 1.0}, parse_seconds=1.5, compose_seconds=1.0, documents=1)
    assert [held for _, held in growth({1: fast, 2: slow})] == [False]
    assert [held for _, held in growth({1: fast, 4: slow})] == [True]
    assert [held for _, held in parsing({1: fast, 2: slow})] == [True, False]


def test_the_share_of_schemas_is_one_of_the_whole() -> None:
    found = {4: Measurement(seconds={"all": 2.0}, schema_seconds=0.4)}
    dear = {4: Measurement(seconds={"all": 2.0}, schema_seconds=0.6)}
    assert [held for _, held in schema_share(found)] == [True]
    assert [held for _, held in schema_share(dear)] == [False]


def test_the_fastest_of_each_phase_counts() -> None:
    one = Measurement(seconds={"a": 1.0, "b": 2.0}, parse_seconds=3.0, compose_seconds=1.0)
    other = Measurement(seconds={"a": 2.0, "b": 1.0}, parse_seconds=2.0, compose_seconds=2.0)
    both = fastest(one, other)
    assert (both.total, both.parse_seconds, both.compose_seconds) == (2.0, 2.0, 1.0)


def test_many_routes_are_held_to_the_parsing_of_a_large_mesh() -> None:
    found = {2000: Measurement(seconds={"documents": 2.0})}
    assert routes({"a": 3.0, "b": 1.0}, found)[1]
    assert not routes({"a": 5.0, "b": 1.0}, found)[1]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_makes_as_many_routes_as_asked_for(form: str) -> None:
    (virtual_service,) = mesh_of(form, 12).virtual_services
    assert len(virtual_service.http) == 12
    assert all(route.match for route in virtual_service.http[:-1])
    assert all(one.route != virtual_service.http[-1].field for one in reach(virtual_service).routes)
