from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from meshlint.data import data_directory
from meshlint.engine.catalogue import CATALOGUE, load_catalogue
from meshlint.engine.parameters import PARAMETER_TYPES
from meshlint.engine.rule import Profile
from meshlint.engine.rule_file import Expectation, load_rule_file, read_rule_data, rule_file_of, rule_paths
from tests.engine.worlds import rule
from tools import build_catalogue

NEEDS = read_rule_data(build_catalogue.RULES / "needs.yaml")
PLAIN = read_rule_data(build_catalogue.RULES / "plain.yaml")["places"]
ALONE = read_rule_data(build_catalogue.RULES / "alone.yaml")
NEAR = read_rule_data(build_catalogue.RULES / "near.yaml")
SCHEMA = json.loads(build_catalogue.SCHEMA.read_text(encoding="utf-8"))
FILES = {path: read_rule_data(path) for path in rule_paths()}


def test_every_rule_file_is_sound() -> None:
    assert list(build_catalogue.mistakes(FILES)) == []


def test_the_catalogue_is_what_the_rule_files_say() -> None:
    compiled = build_catalogue.compiled(FILES)
    written = (data_directory("rules") / CATALOGUE).read_text(encoding="utf-8")
    assert written == compiled, "stale: run python -m tools.build_catalogue"


def test_the_schema_names_the_families() -> None:
    pattern = SCHEMA["properties"]["id"]["pattern"]
    assert pattern == f"^({'|'.join(load_catalogue().families)})[0-9]{{3}}$"


def test_the_schema_names_the_parameter_types() -> None:
    parameter = SCHEMA["properties"]["parameters"]["additionalProperties"]
    assert set(parameter["properties"]["type"]["enum"]) == set(PARAMETER_TYPES)


def test_defaults_of_parameters_have_their_type() -> None:
    for known in load_catalogue().rules:
        for parameter in known.parameters:
            assert PARAMETER_TYPES[parameter.type][1](parameter.default), (known, parameter)


def test_rules_are_found_by_id_name_and_the_code_they_replace(tmp_path: Path) -> None:
    first = rule_paths()[0]
    data = {**FILES[first], "replaces": ["IST0101"]}
    path = tmp_path / CATALOGUE
    path.write_text(build_catalogue.compiled({first: data}))
    found = load_catalogue(path)
    (only,) = found.rules
    assert found.find(data["id"].lower()) == found.find(data["name"]) == only
    assert found.find("nothing") is None
    assert found.replacing("IST0101") == (only,)
    assert found.replacing("IST9999") == ()


@pytest.mark.parametrize("known", load_catalogue().rules, ids=str)
def test_the_catalogue_and_the_file_give_the_same_rule(known: object) -> None:
    from meshlint.engine.rule import Rule

    assert isinstance(known, Rule)
    written = load_rule_file(known).rule
    needs = written.needs or _needed(known.check)
    plain = bool(written.meshes) and any(place in PLAIN for place in _around(known.check)[1:])
    tables = {"alone": ALONE, **NEAR}
    kinds: dict[str, Any] = {
        name: tuple(kind for kind in one if known.id in one[kind]) for name, one in tables.items()
    }
    assert known == evolve(written, needs=needs, plain=plain, **kinds)


def _around(check: str) -> list[str]:
    """A check, its module and the folders around it, the closest first."""
    parts = check.split(".")
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _needed(check: str) -> tuple[str, ...]:
    return next((tuple(NEEDS[place]) for place in _around(check) if place in NEEDS), ())


def test_the_table_of_needs_names_modules_and_folders_of_checks() -> None:
    known = {place for rule in load_catalogue().rules for place in _around(rule.check)}
    assert sorted({*NEEDS, *PLAIN} - known) == []


@pytest.mark.parametrize("table", [ALONE, *NEAR.values()])
def test_the_tables_of_rules_that_look_at_few_objects_name_rules(table: dict[str, list[str]]) -> None:
    known = {rule.id for rule in load_catalogue().rules}
    assert sorted({one for rules in table.values() for one in rules} - known) == []


def test_examples_come_without_markers() -> None:
    data = {
        **FILES[rule_paths()[0]],
        "examples": [
            {"title": "one", "kind": "bad", "text": "a: 1 # expect\nb: 2\nc: 3   # expect: some words  \n"},
            {
                "title": "two",
                "kind": "good",
                "files": {"x.yaml": "a: 1\n"},
                "settings": {"assume": "complete"},
            },
        ],
    }
    bad, good = rule_file_of(data, "authz").examples
    assert bad.files == {"example.yaml": "a: 1\nb: 2\nc: 3\n"}
    assert bad.expectations == (Expectation("example.yaml", 1), Expectation("example.yaml", 3, "some words"))
    assert good.files == {"x.yaml": "a: 1\n"}
    assert good.settings == {"assume": "complete"}
    assert not good.expectations


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "other-name"}, "belongs in"),
        ({"check": "documents.nothing"}, "no function meshlint.checks.hygiene.documents.nothing"),
        ({"check": "nothing.at_all"}, "no function meshlint.checks.hygiene.nothing.at_all"),
        ({"summary": "Ends with a full stop."}, "$.summary"),
        ({"examples": [{"title": "one", "kind": "bad", "text": "a: 1"}]}, "marks every bad example"),
        ({"examples": [{"title": "one", "kind": "good", "text": "a: 1"}], "always": False}, "no bad example"),
    ],
)
def test_a_mistake_in_a_rule_file_is_told(change: dict[str, object], said: str) -> None:
    path = data_directory("rules") / "hygiene" / "syntax-error.yaml"
    (told,) = build_catalogue.mistakes({path: {**FILES[path], **change}})
    assert said in told


def test_an_id_is_used_once() -> None:
    path = data_directory("rules") / "hygiene" / "syntax-error.yaml"
    other = data_directory("rules") / "hygiene" / "other.yaml"
    told = list(build_catalogue.mistakes({path: FILES[path], other: {**FILES[path], "name": "other"}}))
    assert told == ["id 'HYGIENE001' is used 2 times"]


def test_profiles_include_each_other() -> None:
    strict = rule("MTLS001", profile=Profile.STRICT)
    assert [strict.in_profile(profile) for profile in Profile] == [False, True, True]
    assert strict.family == "MTLS"
