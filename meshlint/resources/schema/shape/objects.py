"""The frame that every Kubernetes object has in common: apiVersion, kind, metadata, and an open status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.shape.structural import JsonSchema, Rules, convert, keep_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = "https://json-schema.org/draft/2020-12/schema"
STRINGS: JsonSchema = {"type": "object", "additionalProperties": {"type": "string"}}
LABELS: JsonSchema = {
    "type": "object",
    "additionalProperties": {
        "type": "string",
        "maxLength": 63,
        "pattern": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
    },
}
METADATA_FIELDS: dict[str, JsonSchema] = {
    "annotations": STRINGS,
    "clusterName": {"type": "string"},
    "creationTimestamp": {"type": ["string", "null"]},
    "deletionGracePeriodSeconds": {"type": "integer"},
    "deletionTimestamp": {"type": "string"},
    "finalizers": {"type": "array", "items": {"type": "string"}},
    "generateName": {"type": "string"},
    "generation": {"type": "integer"},
    "labels": LABELS,
    "managedFields": {"type": "array"},
    "name": {"type": "string"},
    "namespace": {"type": "string"},
    "ownerReferences": {"type": "array", "items": {"type": "object"}},
    "resourceVersion": {"type": "string"},
    "selfLink": {"type": "string"},
    "uid": {"type": "string"},
}


def metadata_schema() -> JsonSchema:
    """The fields of ObjectMeta, whose unknown fields the API server drops like any other's."""
    return {"type": "object", "properties": METADATA_FIELDS, "additionalProperties": False}


def object_schema(version: Mapping[str, Any], group: str, kind: str, rules: Rules = keep_rules) -> JsonSchema:
    """The JSON Schema of one version of a definition (an item of its `spec.versions`).

    Status is open where it is a subresource: the API server empties it before it looks at the rest.
    """
    root = dict(version["schema"]["openAPIV3Schema"])
    if "status" in (version.get("subresources") or {}):
        root["properties"] = {**root.get("properties", {}), "status": {}}
    schema = convert(root, rules)
    fields = schema.setdefault("properties", {})
    fields["apiVersion"] = {"const": f"{group}/{version['name']}"}
    fields["kind"] = {"const": kind}
    fields["metadata"] = metadata_schema()
    schema["required"] = sorted({*schema.get("required", ()), "apiVersion", "kind"})
    return {"$schema": DIALECT, **schema}
