"""Our reading of the configuration schema and that of the library `jsonschema` agree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from meshlint.data import data_directory
from meshlint.engine.config.schema import config_schema, slips
from meshlint.mesh.settings.reading import read_versions
from meshlint.mesh.settings.settings import LinkerdSettings, MeshSettings, Versions
from meshlint.resources import ResourceSet

SCHEMA = json.loads((data_directory("schemas") / "config.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
UNDERSTOOD = {
    "$defs", "$id", "$ref", "$schema", "additionalProperties", "default", "description", "enum", "format",
    "items", "minItems", "minLength", "minimum", "pattern", "properties", "required", "title", "type",
}  # fmt: skip

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 30),
    st.sampled_from([0.5, -1.5]),
    st.sampled_from(
        ["", "x", "off", "error", "default", "never", "1.27", "STRICT", "2026-12-31", "complete"]
    ),
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab"), inner)
)


def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that are mostly what `schema` asks for, now and then something else."""
    if "$ref" in schema:
        return fitting(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | scalars
    if isinstance(schema.get("type"), list):
        return st.one_of([fitting({**schema, "type": one}) for one in schema["type"]])
    if schema.get("type") == "object":
        known = {key: fitting(inner) for key, inner in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            return st.dictionaries(st.sampled_from(["one", "two"]), fitting(others)) | anything
        return st.fixed_dictionaries({}, optional={**known, "stray": scalars}) | anything
    if schema.get("type") == "array":
        return st.lists(fitting(schema["items"]), max_size=2) | anything
    return scalars


@given(st.one_of([fitting({**SCHEMA, "properties": {k: v}}) for k, v in SCHEMA["properties"].items()]))
def test_agrees_with_jsonschema(data: Any) -> None:
    """Except for the format of a day, which the library only notes."""
    ours = [slip for slip in slips(data) if "YYYY-MM-DD" not in slip.message]
    assert bool(ours) == (not VALIDATOR.is_valid(data)), [slip.message for slip in ours]


def schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    for inner in (*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()):
        yield from schemas(inner)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from schemas(schema[key])


def test_the_schema_is_one_and_says_nothing_that_is_not_understood() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert config_schema() == SCHEMA
    for schema in schemas(SCHEMA):
        assert set(schema) <= UNDERSTOOD


def test_every_key_is_described() -> None:
    for schema in schemas(SCHEMA):
        for key, inner in schema.get("properties", {}).items():
            assert inner.get("description"), key


@pytest.mark.parametrize(
    ("section", "known", "not_configured"),
    [
        (
            ("mesh",),
            MeshSettings,
            {
                "assumed_mesh",
                "complete",
                "declared",
                "filled_namespaces",
                "followed",
                "unread",
                "default_access_logging",
                "default_retries",
                "extension_provider_kinds",
                "versions",
            },
        ),
        (("mesh", "linkerd"), LinkerdSettings, {"declared"}),
    ],
)
def test_sections_have_the_words_of_the_settings(
    section: tuple[str, ...], known: type[Any], not_configured: set[str]
) -> None:
    schema = SCHEMA
    for key in section:
        schema = schema["properties"][key]
    names = {field.name for field in fields(known)} - not_configured
    names = {name for name in names if not name.startswith("external_")}
    assert {key.replace("-", "_") for key in schema["properties"]} == names


def test_every_project_whose_release_counts_can_be_stated() -> None:
    projects = {name for name, value in vars(Versions).items() if isinstance(value, property)}
    assert {key.replace("-", "_") for key in SCHEMA["properties"]["versions"]["properties"]} == projects
    for project in projects:
        stated = read_versions(ResourceSet(()), {project.replace("_", "-"): "1.4"})
        assert getattr(stated, project) == (1, 4)


def test_defaults_are_those_of_the_settings() -> None:
    settings = MeshSettings()
    for schema, owner in (
        (SCHEMA["properties"]["mesh"], settings),
        (SCHEMA["properties"]["mesh"]["properties"]["linkerd"], settings.linkerd),
    ):
        for key, inner in schema["properties"].items():
            if "default" in inner:
                value = getattr(owner, key.replace("-", "_"))
                assert getattr(value, "value", value) == inner["default"], key


@pytest.mark.parametrize(
    ("data", "path", "message", "hint"),
    [
        ([], (), "The configuration must be a mapping", ""),
        ({"seletc": []}, ("seletc",), '"seletc" is no known key', 'Did you mean "select"?'),
        ({"zzzz": []}, ("zzzz",), '"zzzz" is no known key', "Known are: select, extend-select, "),
        ({"select": "MTLS"}, ("select",), '"select" must be a list', ""),
        ({"select": [1]}, ("select", 0), '"select[0]" must be a text', "Put it in quotes."),
        ({"select": [[]]}, ("select", 0), '"select[0]" must be a text', ""),
        ({"select": [""]}, ("select", 0), '"select[0]" must not be empty', ""),
        (
            {"profile": "stric"},
            ("profile",),
            "must be one of default, strict, pedantic",
            'Did you mean "strict"?',
        ),
        ({"profile": 1}, ("profile",), '"profile" must be one of default, strict, pedantic', ""),
        ({"group-after": True}, ("group-after",), '"group-after" must be a whole number', ""),
        ({"group-after": -1}, ("group-after",), '"group-after" must be at least 0', ""),
        (
            {"mesh": {"root-namespce": "x"}},
            ("mesh", "root-namespce"),
            '"mesh.root-namespce" is',
            "root-namespace",
        ),
        ({"versions": {"istio": 1.1}}, ("versions", "istio"), '"versions.istio" must be a text', "in quotes"),
        ({"versions": {"istio": "one"}}, ("versions", "istio"), '"versions.istio" cannot be "one"', "1.27"),
        ({"ignores": [{"rules": ["X"]}]}, ("ignores", 0), '"ignores[0]" needs the key "reason"', ""),
        ({"ignores": [{"rules": [], "reason": "x"}]}, ("ignores", 0, "rules"), "must not be empty", ""),
        (
            {"ignores": [{"rules": ["X"], "reason": "x", "expires": "2026-02-30"}]},
            ("ignores", 0, "expires"),
            'must be a day as YYYY-MM-DD, not "2026-02-30"',
            "",
        ),
        ({"severity": {"MTLS": True}}, ("severity", "MTLS"), "must be one of error, warning, info, off", ""),
    ],
)
def test_slips(data: Any, path: tuple[str | int, ...], message: str, hint: str) -> None:
    (slip,) = slips(data)
    assert slip.path == path
    assert message in slip.message
    assert hint in slip.hint
