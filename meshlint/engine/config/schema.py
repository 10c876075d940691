"""Check data against `schemas/config.json`, with messages for the author of the file.

This reads the part of JSON Schema 2020-12 that the schema uses. The library `jsonschema` would take longer to
import than a small run takes, and its messages are not meant for authors; a test compares the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from math import isfinite
from typing import Any, Final

from meshlint.data import data_directory
from meshlint.engine.usage import Slip, did_you_mean

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]

_TYPES: Final[Mapping[str, tuple[str, tuple[type, ...]]]] = {
    "object": ("a mapping", (dict,)),
    "array": ("a list", (list,)),
    "string": ("a text", (str,)),
    "boolean": ("true or false", (bool,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
}


@cache
def config_schema() -> Schema:
    """The schema of the configuration file."""
    schema: Schema = json.loads((data_directory("schemas") / "config.json").read_bytes())
    return schema


def slips(data: Any, schema: Schema | None = None) -> Iterator[Slip]:
    """Everything in `data` that the schema of the configuration file does not allow, or another `schema`.

    What another one refers to is looked up in that of the configuration file.
    """
    return _slips(data, schema or config_schema(), ())


def _slips(value: Any, schema: Schema, path: Path) -> Iterator[Slip]:
    schema = _resolved(schema)
    if "enum" in schema:
        yield from _enum_slips(value, schema["enum"], path)
        return
    words, types = _TYPES[_type_for(value, schema["type"])]
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        yield Slip(path, f"{_named(path)} must be {words}", _quotes_hint(value, types))
        return
    if isinstance(value, float) and not isfinite(value):
        yield Slip(path, f"{_named(path)} must be a number that ends", "Neither infinity nor NaN is one.")
    elif isinstance(value, dict):
        yield from _mapping_slips(value, schema, path)
    elif isinstance(value, list):
        yield from _list_slips(value, schema, path)
    else:
        yield from _scalar_slips(value, schema, path)


def _type_for(value: Any, types: str | list[str]) -> str:
    """The type of several that a value is held against."""
    if isinstance(types, str):
        return types
    return next((one for one in types if isinstance(value, _TYPES[one][1])), types[0])


def _resolved(schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return {**config_schema()["$defs"][reference.rpartition("/")[2]], **schema}


def _enum_slips(value: Any, allowed: list[Any], path: Path) -> Iterator[Slip]:
    if any(value == known and type(value) is type(known) for known in allowed):
        return
    words = [known for known in allowed if isinstance(known, str)]
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    yield Slip(path, f"{_named(path)} must be one of {', '.join(words)}", hint)


def _mapping_slips(value: dict[str, Any], schema: Schema, path: Path) -> Iterator[Slip]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield Slip(path, f'{_named(path)} needs the key "{key}"')
    for key, inner in value.items():
        if key in known:
            yield from _slips(inner, known[key], (*path, key))
        elif others is False:
            hint = did_you_mean(key, known) or f"Known are: {', '.join(known)}."
            yield Slip((*path, key), f"{_named((*path, key))} is no known key", hint)
        elif others:
            yield from _slips(inner, others, (*path, key))


def _list_slips(value: list[Any], schema: Schema, path: Path) -> Iterator[Slip]:
    if len(value) < schema.get("minItems", 0):
        yield Slip(path, f"{_named(path)} must not be empty")
    for index, item in enumerate(value):
        yield from _slips(item, schema["items"], (*path, index))


def _scalar_slips(value: Any, schema: Schema, path: Path) -> Iterator[Slip]:
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield Slip(path, f"{_named(path)} must not be empty")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield Slip(path, f'{_named(path)} cannot be "{value}"', schema.get("description", ""))
    if schema.get("format") == "date" and not _is_date(value):
        yield Slip(path, f'{_named(path)} must be a day as YYYY-MM-DD, not "{value}"')
    if "minimum" in schema and value < schema["minimum"]:
        yield Slip(path, f"{_named(path)} must be at least {schema['minimum']}")


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _quotes_hint(value: Any, types: tuple[type, ...]) -> str:
    return "Put it in quotes." if str in types and not isinstance(value, dict | list) else ""


def _named(path: Path) -> str:
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f'"{words.lstrip(".")}"' if path else "The configuration"
