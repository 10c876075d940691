"""Short words for writing schemas by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

ANY: Schema = {}
BOOLEAN: Schema = {"type": "boolean"}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
WHOLE: Schema = {"type": "integer"}


def closed(fields: Mapping[str, Schema], required: list[str] | None = None) -> Schema:
    """A mapping that holds these fields and no other."""
    schema: Schema = {"type": "object", "properties": dict(fields), "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def listing(items: Schema) -> Schema:
    """A list of such items."""
    return {"type": "array", "items": items}


def one_of(*words: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}
