"""Objects that use every field of a definition once, made from the definition alone.

Each object sets one field, what is required beside it, and what rules want beside that: the value of a
discriminator, a sibling, another spelling of a text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.schema.upstream import Definition, Schema, accepts, body_schema, fits

Steps = tuple[str, ...]
TEXTS = (
    "a",
    "Service",
    "",
    "example.com",
    "10s",
    "/a",
    "10.0.0.1",
    "http://example.com",
    "https://example.com/a",
    "80",
    "A",
    "a.b/c",
    "example.com/a",
    "*",
    "1.5",
    "Exact",
    "GET",
    "2020-01-01T00:00:00Z",
    "unix:///a",
    "ab==",
    "100m",
    "spiffe://cluster.local/ns/a/sa/b",
    "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
)
KEYS = ("a", "80")
NUMBERS = (1, 80, 0, 2, 100, 200, 1000)
MOST = 400


class Synthetic(NamedTuple):
    """An object that uses the field at `path`; `sound` where its own definition takes it."""

    path: Steps
    value: dict[str, Any]
    sound: bool


def synthetic(definition: Definition) -> Iterator[Synthetic]:
    """One object for each field of a definition, in the order of the definition."""
    schema, maker = body_schema(str(definition)), Maker()
    for path in paths(schema):
        if path[0] == "status":
            continue
        body = maker.made(schema, path)
        value = {
            "apiVersion": f"{definition.group}/{definition.version}",
            "kind": definition.kind,
            "metadata": {"name": "a"},
            **(body if isinstance(body, dict) else {}),
        }
        yield Synthetic(path, value, accepts(definition, value))


def paths(schema: Schema, so_far: Steps = ()) -> Iterator[Steps]:
    """The way to each field; `[]` stands for an item, `*` for a key of the user's."""
    for name, child in schema.get("properties", {}).items():
        yield (*so_far, name)
        yield from paths(child, (*so_far, name))
    if "items" in schema:
        yield from paths(schema["items"], (*so_far, "[]"))
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        yield from paths(extra, (*so_far, "*"))


class Maker:
    """Makes the values of one definition, each once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, Steps], Any] = {}
        self._sound: dict[tuple[int, Steps], list[Any]] = {}

    def made(self, schema: Schema, path: Steps) -> Any:
        """A value of `schema` that reaches `path`, sound if one is found."""
        key = (id(schema), path)
        if key not in self._made:
            values = list(itertools.islice(self._values(schema, path), 1))
            sound = (
                value for value in itertools.islice(self._values(schema, path), MOST) if fits(schema, value)
            )
            self._made[key] = next(sound, values[0] if values else None)
        return self._made[key]

    def _values(self, schema: Schema, path: Steps) -> Iterator[Any]:
        if "enum" in schema:
            yield from schema["enum"]
        elif schema.get("x-kubernetes-int-or-string"):
            yield from (80, "a", "100m", "10%")
        elif "properties" in schema or schema.get("type") == "object":
            yield from self._objects(schema, path)
        elif schema.get("type") == "array":
            yield from self._lists(schema, path)
        elif schema.get("type") == "string":
            long = "a" * max(schema.get("minLength", 0), 1)
            yield from (*TEXTS, long)
        elif schema.get("type") in ("integer", "number"):
            yield from (*(schema[key] for key in ("minimum", "maximum") if key in schema), *NUMBERS)
        elif schema.get("type") == "boolean":
            yield from (True, False)
        else:
            yield {}

    def _lists(self, schema: Schema, path: Steps) -> Iterator[Any]:
        item = self.made(schema["items"], path[1:])
        count = schema.get("minItems", 1)
        yield [item] * max(count, 1)
        for value in self._alternatives(schema["items"], path[1:]):
            yield [value] * max(count, 1)

    def _objects(self, schema: Schema, path: Steps) -> Iterator[Any]:
        """Objects with the field, then with what rules may want beside it, one and two changes at a time."""
        properties = schema.get("properties", {})
        needed = {
            name: self.made(properties[name], ()) for name in schema.get("required", ()) if name in properties
        }
        for base in self._bases(schema, needed, path):
            yield base
            changes = list(self._changes(schema, base, path))
            yield from ({**base, **change} for change in changes)
            for one, other in itertools.combinations(changes, 2):
                yield {**base, **one, **other}

    def _bases(self, schema: Schema, needed: dict[str, Any], path: Steps) -> Iterator[dict[str, Any]]:
        """What is required, and the field itself."""
        properties, extra = schema.get("properties", {}), schema.get("additionalProperties")
        if path and path[0] in properties:
            yield {**needed, path[0]: self.made(properties[path[0]], path[1:])}
            return
        if not path:
            yield needed
        if isinstance(extra, dict):
            yield from ({**needed, key: self.made(extra, path[1:])} for key in KEYS)

    def _changes(self, schema: Schema, base: dict[str, Any], path: Steps) -> Iterator[dict[str, Any]]:
        """Single fields with another value, such as the one that a discriminator needs."""
        for name, child in schema.get("properties", {}).items():
            inner = path[1:] if path and path[0] == name else ()
            for value in self._alternatives(child, inner):
                if base.get(name, base) != value:
                    yield {name: value}

    def _alternatives(self, schema: Schema, path: Steps) -> list[Any]:
        """A few sound values."""
        key = (id(schema), path)
        if key not in self._sound:
            tried = itertools.islice(self._values(schema, path), 40)
            most = len(schema.get("enum", ())) or 6
            self._sound[key] = list(itertools.islice((one for one in tried if fits(schema, one)), most))
        return self._sound[key]
