"""Who is let in, against the recorded verdicts of Linkerd's controller and proxy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meshlint.api import Verdict
from tests.cases.linkerd_controller import (
    ask_access,
    given_set,
    minimal_cases,
    project,
    project_of,
    project_of_case,
    rows,
)
from tests.schema.upstream import OWNERS, Definition, accepts, definitions_of, releases
from tests.shared import needs_shared

pytestmark = needs_shared
Row = dict[str, Any]


REFUSED_BY_THE_API_SERVER = {(310019, 2), (310019, 3), (310022, 1), (310022, 3), (310022, 4)}
"""Rows that rest on an object that no cluster has: while they were recorded, the webhook alone was asked,
and not the definitions of the kinds. In set 310019 MeshTLSAuthentication shop/m0 and m1 write `identities`
and `identityRefs`, of which the definition wants just one; in 310022 HTTPRoute shop/r1 names one parent
twice, and AuthorizationPolicy shop/ap1 writes a group in capital letters."""


NOT_TAKEN = {
    310019: {("MeshTLSAuthentication", "m0"), ("MeshTLSAuthentication", "m1")},
    310022: {("HTTPRoute", "r1"), ("AuthorizationPolicy", "ap1")},
}
"""The objects that these rows rest on, by their set: no release of Linkerd or the Gateway API takes them."""


def _expected(let_in: list[bool]) -> Verdict:
    if len(let_in) > 1:
        return Verdict.DEPENDS
    return Verdict.ALLOW if let_in[0] else Verdict.DENY


def agrees(row: Row) -> bool:
    """Whether a client is let in where Linkerd lets it in, in the objects that the row was recorded with."""
    return ask_access(project("access", row["set"]), row).verdict is _expected(row["let_in"])


def test_every_verdict_is_that_of_linkerd() -> None:
    wrong = {}
    for row in rows("access"):
        if not agrees(row):
            wrong[row["set"], row["id"]] = row
    assert wrong.keys() == REFUSED_BY_THE_API_SERVER, wrong
    assert len(rows("access")) > 900


@pytest.mark.slow
def test_no_release_takes_the_objects_that_the_doubted_rows_rest_on() -> None:
    for number, names in NOT_TAKEN.items():
        given = given_set("access", number)["objects"]
        objects = [one for one in given if (one["kind"], one["metadata"]["name"]) in names]
        judged = [(one, definition) for one in objects for definition in _definitions(one)]
        assert len(judged) >= 7 * len(names)
        assert [str(definition) for one, definition in judged if accepts(definition, one)] == []


def _definitions(manifest: Row) -> Iterator[Definition]:
    """What defines the kind of an object in its version, in each release that serves it."""
    group, _, version = manifest["apiVersion"].rpartition("/")
    for owner in OWNERS:
        for one in (each for release in releases(owner) for each in definitions_of(owner, release)):
            if one.key == (group, version, manifest["kind"]) and one.served:
                yield one


def _as_the_definitions_want(manifest: Row) -> Row:
    """An object that says the same and that the definition of its kind takes."""
    spec = dict(manifest.get("spec", {}))
    if spec.get("identityRefs") and spec.get("identities"):
        spaces = [one["name"] for one in spec.pop("identityRefs") if one["kind"] == "Namespace"]
        named = (f"*.{one}.serviceaccount.identity.linkerd.cluster.local" for one in spaces)
        spec["identities"] = [*spec["identities"], *named]
    if manifest["kind"] == "HTTPRoute":
        parents = spec["parentRefs"]
        spec["parentRefs"] = [one for place, one in enumerate(parents) if one not in parents[:place]]
    if manifest["kind"] == "AuthorizationPolicy":
        target = spec["targetRef"]
        spec["targetRef"] = {**target, "group": target.get("group", "").lower()}
    return {**manifest, "spec": spec} if spec else manifest


def test_what_the_api_server_refuses_is_all_that_differs() -> None:
    """Written so that the definitions take them, the same objects get the recorded verdicts."""
    differing = set()
    for row in rows("access"):
        if (row["set"], row["id"]) in REFUSED_BY_THE_API_SERVER:
            given = given_set("access", row["set"])
            at = project_of(given, [_as_the_definitions_want(one) for one in given["objects"]])
            if ask_access(at, row).verdict is not _expected(row["let_in"]):
                differing.add((row["set"], row["id"]))
    assert differing == set()


def test_what_lets_a_request_in_is_among_what_decides() -> None:
    named = 0
    for row in rows("access"):
        for outcome in row["outcomes"]:
            if outcome["verdict"] != "allow" or len(row["outcomes"]) > 1:
                continue
            if (row["set"], row["id"]) in REFUSED_BY_THE_API_SERVER:
                continue
            answer = ask_access(project("access", row["set"]), row)
            labels = [one.label for one in answer.deciding] or [answer.reason]
            named += 1
            assert any(_names(label, outcome) for label in labels), (row, labels)
    assert named > 400


def _names(label: str, outcome: Row) -> bool:
    """Whether a label speaks of what the verdict names: an object, or a policy by default."""
    name = outcome["by"].rpartition("/")[2]
    words = label.replace("/", " ").split()
    return name in words or (name == "probe" and "probe" in words)


@pytest.mark.parametrize("name", minimal_cases("access"))
def test_every_minimal_case_is_answered_as_it_says(name: str) -> None:
    case = project_of_case(name)
    let_in = {one["verdict"] == "allow" for one in case.verdicts}
    assert len(let_in) == 1
    answer = ask_access(case.project, case.question)
    assert answer.verdict is _expected(list(let_in)), answer.reason


def test_a_part_that_is_left_open_hides_nothing_of_the_others() -> None:
    """No path gets a GET in where the only route is for another method, and Linkerd answers 404 to all."""
    case = project_of_case("open-path-beside-a-method")
    assert ask_access(case.project, {**case.question, "path": None}).verdict is Verdict.DENY
