"""The schemas are what the builder makes of the definitions, and changes lead from one release to another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from meshlint.resources.schema.store.changes import changed
from tests.shared import PROJECT, SHARED, needs_shared
from tools.build_schemas import build
from tools.changes import changes
from tools.definitions import as_number, release_of


@needs_shared
def test_schemas_are_fresh(tmp_path: Path) -> None:
    build(SHARED / "crds", tmp_path)
    made = {file.relative_to(tmp_path): file.read_text() for file in tmp_path.rglob("*.json")}
    folders = {file.parts[0] for file in made if len(file.parts) > 1}
    kept = {
        file.relative_to(PROJECT / "schemas"): file.read_text()
        for file in (PROJECT / "schemas").rglob("*.json")
        if file.relative_to(PROJECT / "schemas").parts[0] in {*folders, "index.json"}
    }
    stale = sorted(str(file) for file in made.keys() | kept.keys() if made.get(file) != kept.get(file))
    assert stale == [], "run `make schemas CRDS=../shared/crds`"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1}, {"b": 2}),
        ({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 3}}, "e": None}),
        ({"a": {"b": 1}}, {"a": 2}),
        ({"a": 2}, {"a": {"b": 1}}),
        ({"required": ["a"]}, {"required": ["a", "b"]}),
    ],
)
def test_changes_lead_from_one_schema_to_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert changed(old, changes(old, new), {}) == new
    assert changed(new, changes(new, old), {}) == old


def test_changes_reach_into_shared_parts() -> None:
    part = {"type": "object", "properties": {"a": {}}}
    full = {"properties": {"x": part, "y": part}}
    shared = {"properties": {"x": {"$ref": "#/$defs/s0"}, "y": {"$ref": "#/$defs/s0"}}}
    new = {"properties": {"x": {**part, "properties": {"b": {}}}, "y": part}}
    made = changed(shared, changes(full, new), {"s0": part})
    assert made == {"properties": {"x": new["properties"]["x"], "y": {"$ref": "#/$defs/s0"}}}


@pytest.mark.parametrize(
    ("name", "release"), [("v1.4.1", "1.4"), ("1.27.9.yaml", "1.27"), ("stable-2.14.10", "2.14")]
)
def test_a_folder_is_named_for_its_release(name: str, release: str) -> None:
    assert release_of(name) == release
    with pytest.raises(ValueError, match="named for no release"):
        release_of("main")


def test_releases_are_numbers() -> None:
    assert sorted(["dev", "1.10", "1.9"], key=as_number) == ["1.9", "1.10", "dev"]
