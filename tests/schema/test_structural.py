from __future__ import annotations

from typing import Any

import pytest

from meshlint.resources.schema.shape.structural import add, branch, convert


@pytest.mark.parametrize(
    ("node", "schema"),
    [
        ({"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 3}),
        ({"x-kubernetes-int-or-string": True, "anyOf": [{}]}, {"type": ["integer", "string"]}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        ),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}),
        (
            {"type": "object", "additionalProperties": {"type": "string"}},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ),
        ({"type": "object", "x-kubernetes-preserve-unknown-fields": True}, {"type": "object"}),
        (
            {"oneOf": [{"required": ["a"]}], "not": {"properties": {"a": {"enum": [1]}}}},
            {"oneOf": [{"required": ["a"]}], "not": {"properties": {"a": {"enum": [1]}}}},
        ),
        (
            {"x-kubernetes-validations": [{"rule": "self.a"}]},
            {"x-kubernetes-validations": [{"rule": "self.a"}]},
        ),
    ],
)
def test_a_structural_schema_as_json_schema(node: dict[str, Any], schema: dict[str, Any]) -> None:
    assert convert(node) == schema


def test_a_map_list_is_told_apart_by_its_keys() -> None:
    node = {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}
    assert convert(node)["x-meshlint-check"] == [{"check": "distinct", "keys": ["name"]}]


def test_an_embedded_object_has_the_keys_of_every_object() -> None:
    node = {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {}}}
    assert list(convert(node)["properties"]) == ["apiVersion", "kind", "metadata", "spec"]


def test_a_branch_closes_no_object() -> None:
    node = {
        "type": "object",
        "properties": {"a": {"type": "object"}},
        "items": {"allOf": [{"type": "object"}]},
        "not": {"type": "object"},
    }
    assert branch({"type": "object"}) == {"type": "object"}
    assert branch(node) == {
        "type": "object",
        "properties": {"a": branch({"type": "object"})},
        "items": {"allOf": [branch({"type": "object"})]},
        "not": branch({"type": "object"}),
    }


@pytest.mark.parametrize(
    ("schema", "extra", "both"),
    [
        ({"maxLength": 3}, {"maxLength": 5}, {"maxLength": 3}),
        ({"minItems": 3}, {"minItems": 5}, {"minItems": 5}),
        ({"allOf": [1]}, {"allOf": [2]}, {"allOf": [1, 2]}),
        ({"pattern": "a"}, {"pattern": "a"}, {"pattern": "a"}),
        ({"pattern": "a"}, {"pattern": "b"}, {"pattern": "a", "allOf": [{"pattern": "b"}]}),
        (
            {"x-meshlint-check": [{"check": "a"}]},
            {"x-meshlint-check": [{"check": "a"}, {"check": "b"}]},
            {"x-meshlint-check": [{"check": "a"}, {"check": "b"}]},
        ),
        ({}, {"type": "string"}, {"type": "string"}),
    ],
)
def test_what_is_put_beside_a_schema(schema: Any, extra: Any, both: Any) -> None:
    add(schema, extra)
    assert schema == both
