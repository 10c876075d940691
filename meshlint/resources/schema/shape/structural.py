"""Turns the structural schema of a CustomResourceDefinition into JSON Schema 2020-12.

Kept are facts only: names, types, requirements, enums, formats, patterns, bounds, groups and defaults.
Kubernetes' own words become JSON Schema where it can say them: nullable and int-or-string become type lists,
list types become uniqueness, and an object that does not preserve unknown fields closes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

JsonSchema: TypeAlias = dict[str, Any]
Rules: TypeAlias = Callable[[list[Mapping[str, Any]]], JsonSchema]

KEPT = (
    "const",
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
)
GROUPS = ("allOf", "anyOf", "oneOf")
INT_OR_STRING = ["integer", "string"]


def keep_rules(rules: list[Mapping[str, Any]]) -> JsonSchema:
    """Carry CEL rules over as they are; for definitions whose rules a CEL library evaluates."""
    return {"x-kubernetes-validations": [dict(rule) for rule in rules]} if rules else {}


def convert(node: Mapping[str, Any], rules: Rules = keep_rules) -> JsonSchema:
    """The JSON Schema of one structural schema node; `rules` decides what becomes of its CEL rules."""
    schema: JsonSchema = {key: node[key] for key in KEPT if key in node}
    schema |= _types(node) | _list(node) | _children(node, rules)
    for group in GROUPS:
        if group in node and not (group == "anyOf" and node.get("x-kubernetes-int-or-string")):
            add(schema, {group: [branch(part) for part in node[group]]})
    if "not" in node:
        schema["not"] = branch(node["not"])
    add(schema, rules(list(node.get("x-kubernetes-validations") or ())))
    return schema


def branch(node: Mapping[str, Any]) -> JsonSchema:
    """A logical branch (inside allOf, anyOf, oneOf or not): it constrains and never closes an object."""
    schema: JsonSchema = {key: node[key] for key in KEPT if key in node}
    for group in GROUPS:
        if group in node:
            schema[group] = [branch(part) for part in node[group]]
    if "properties" in node:
        schema["properties"] = {name: branch(part) for name, part in node["properties"].items()}
    for key in ("items", "not"):
        if key in node:
            schema[key] = branch(node[key])
    return schema


def _types(node: Mapping[str, Any]) -> JsonSchema:
    types = INT_OR_STRING if node.get("x-kubernetes-int-or-string") else node.get("type")
    if types is None:
        return {}
    if node.get("nullable"):
        listed = [*([types] if isinstance(types, str) else types), "null"]
        return {"type": listed, "enum": [*node["enum"], None]} if "enum" in node else {"type": listed}
    return {"type": types}


def _list(node: Mapping[str, Any]) -> JsonSchema:
    kind = node.get("x-kubernetes-list-type")
    if kind == "set":
        return {"uniqueItems": True}
    if kind == "map":
        return {"x-meshlint-check": [{"check": "distinct", "keys": list(node["x-kubernetes-list-map-keys"])}]}
    return {}


def _children(node: Mapping[str, Any], rules: Rules) -> JsonSchema:
    children: JsonSchema = {}
    properties = {name: convert(part, rules) for name, part in node.get("properties", {}).items()}
    if node.get("x-kubernetes-embedded-resource"):
        properties = {**{key: {} for key in ("apiVersion", "kind", "metadata")}, **properties}
    if properties:
        children["properties"] = properties
    if "items" in node:
        children["items"] = convert(node["items"], rules)
    extra = node.get("additionalProperties")
    if isinstance(extra, Mapping):
        children["additionalProperties"] = convert(extra, rules)
    elif _closed(node):
        children["additionalProperties"] = False
    return children


def _closed(node: Mapping[str, Any]) -> bool:
    if node.get("x-kubernetes-preserve-unknown-fields") or node.get("additionalProperties"):
        return False
    return node.get("type") == "object"


def add(schema: JsonSchema, extra: JsonSchema) -> None:
    """Put `extra` beside what the schema says: the narrower bound wins, a second group moves into allOf."""
    for key, value in extra.items():
        if key not in schema:
            schema[key] = value
        elif key == "x-meshlint-check":
            schema[key] = [*schema[key], *(check for check in value if check not in schema[key])]
        elif key == "allOf":
            schema[key] = [*schema[key], *value]
        elif key.startswith("max"):
            schema[key] = min(schema[key], value)
        elif key.startswith("min"):
            schema[key] = max(schema[key], value)
        elif schema[key] != value:
            schema.setdefault("allOf", []).append({key: value})
