"""Seeded mistakes: one change to a sound object, with the place where it was made."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from meshlint.resources.schema.violation import Path

Schema = dict[str, Any]
Site = tuple[Path, Schema, Any]
HEAD = ("apiVersion", "kind", "metadata", "status")


class Mutant(NamedTuple):
    """An object with one mistake. `places` are where a finding may stand; `original` is the renamed key."""

    change: str
    value: dict[str, Any]
    places: tuple[Path, ...]
    original: str = ""


def mutants(schema: Schema, base: dict[str, Any], chance: random.Random, count: int) -> Iterator[Mutant]:
    """`count` mutants of `base`, as many as it allows; the kinds of mistakes take turns."""
    sites = list(_sites(schema, base))
    made, first = 0, chance.randrange(len(MISTAKES))
    for turn in range(first, first + count * 3):
        change, mutate = MISTAKES[turn % len(MISTAKES)]
        mutant = mutate(sites, copy.deepcopy(base), chance, change)
        if mutant is not None:
            yield mutant
            made += 1
            if made == count:
                return


def _sites(schema: Schema, value: Any, path: Path = ()) -> Iterator[Site]:
    """Every value below the head of the object with the schema of its field."""
    if path:
        yield path, schema, value
    if isinstance(value, dict):
        for key, inner in value.items():
            child = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if isinstance(child, dict) and not (not path and key in HEAD):
                yield from _sites(child, inner, (*path, key))
    elif isinstance(value, list) and "items" in schema:
        for index, inner in enumerate(value):
            yield from _sites(schema["items"], inner, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _put(value: Any, path: Path, new: Any) -> None:
    _at(value, path[:-1])[path[-1]] = new


def _pick(chance: random.Random, found: list[Any]) -> Any:
    return chance.choice(found) if found else None


def _drop_required(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = [
        (path, name)
        for path, schema, value in sites
        if isinstance(value, dict)
        for name in schema.get("required", ())
        if name in value
    ]
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, name = chosen
    del _at(body, path)[name]
    return Mutant(change, body, (path,))


def _rename(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = [
        (path, name)
        for path, schema, value in sites
        if isinstance(value, dict)
        for name in value
        if name in schema.get("properties", {})
    ]
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, name = chosen
    parent = _at(body, path)
    slip = _slip(name, chance)
    if slip in parent:
        return None
    renamed = {slip if key == name else key: inner for key, inner in parent.items()}
    parent.clear()
    parent.update(renamed)
    return Mutant(change, body, ((*path, slip),), name)


def _slip(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    slips = [
        name[:place] + name[place + 1 :],
        name[:place] + name[place] + name[place:],
        name[:place] + chance.choice("aeiorst") + name[place + 1 :],
        name[: max(place - 1, 0)] + name[max(place - 1, 0) : place + 1][::-1] + name[place + 1 :],
        name[:1].upper() + name[1:],
        name.lower(),
        snake,
        name + "s",
        name[:-1] if name.endswith("s") else name + "s",
    ]
    usable = [slip for slip in slips if slip and slip != name]
    return chance.choice(usable)


def _wrong_type(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    chosen = _pick(chance, [(path, value) for path, _, value in sites])
    if chosen is None:
        return None
    path, value = chosen
    _put(body, path, _other_type(value, chance))
    return Mutant(change, body, (path,))


def _other_type(value: Any, chance: random.Random) -> Any:
    match value:
        case bool():
            return chance.choice([str(value).lower(), 1, []])
        case int() | float():
            return chance.choice([str(value), {"value": value}, [value], True])
        case str():
            return chance.choice([7, True, [value], {"value": value}, 1.5])
        case list():
            return chance.choice([value[0] if value and not isinstance(value[0], list) else "x", {"a": 1}, 3])
        case dict():
            return chance.choice([[value], "text", 5, False])
    return 3


def _enum_slip(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = [
        (path, value)
        for path, schema, value in sites
        if "enum" in schema and isinstance(value, str) and value
    ]
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, value = chosen
    slips = [value.swapcase(), value.capitalize(), value[:-1], value + "X", value.replace("_", "-")]
    usable = [slip for slip in slips if slip != value]
    _put(body, path, chance.choice(usable))
    return Mutant(change, body, (path,))


def _out_of_bounds(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = []
    for path, schema, value in sites:
        for limit in ("minimum", "maximum", "maxLength", "minLength", "maxItems", "minItems"):
            if limit in schema and (new := _beyond(limit, schema[limit], value)) is not None:
                found.append((path, new))
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, new = chosen
    _put(body, path, new)
    return Mutant(change, body, (path,))


def _beyond(limit: str, bound: Any, value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match limit:
        case "minimum" if number:
            return bound - 1
        case "maximum" if number:
            return bound + 1
        case "maxLength" if isinstance(value, str) and bound < 5000:
            return "a" * (bound + 1)
        case "minLength" if isinstance(value, str):
            return "a" * (bound - 1)
        case "maxItems" if isinstance(value, list) and value and bound < 600:
            return [value[0]] * (bound + 1)
        case "minItems" if isinstance(value, list):
            return value[: bound - 1]
    return None


def _extra_field(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = [path for path, schema, value in sites if isinstance(value, dict) and "properties" in schema]
    path = _pick(chance, found)
    if path is None:
        return None
    name = chance.choice(["extraField", "comment", "x", "enabledd", "foo-bar"])
    _at(body, path)[name] = chance.choice([1, "text", {}, [], True])
    return Mutant(change, body, ((*path, name),))


def _both_arms(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = []
    for path, schema, value in sites:
        if not isinstance(value, dict):
            continue
        for arms in _choices(schema):
            present = [name for name in arms if name in value]
            absent = [name for name in arms if name not in value]
            found += [(path, present[0], name, schema) for name in absent if present]
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, present, name, schema = chosen
    new = "https://example.com" if name.endswith("uri") else _some_value(schema["properties"][name])
    _at(body, path)[name] = new
    return Mutant(change, body, ((*path, name), (*path, present), path))


def _choices(schema: Schema) -> Iterator[list[str]]:
    for part in (schema, *schema.get("allOf", ())):
        names = [one["required"][0] for one in part.get("oneOf", ()) if list(one) == ["required"]]
        if len(names) > 1:
            yield names
    for rule in schema.get("x-kubernetes-validations", ()):
        text = rule["rule"]
        names = [name for name in schema.get("properties", {}) if f"(has(self.{name}) ? 1 : 0)" in text]
        if len(names) > 1:
            yield names


def _some_value(schema: Schema) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {name: _some_value(schema["properties"][name]) for name in required}
        case "array":
            return [_some_value(schema["items"])]
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return True
    return "10s" if "duration" in str(schema) else "x"


def _empty_object(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    path = _pick(chance, [path for path, _, value in sites if isinstance(value, dict) and value])
    if path is None:
        return None
    _put(body, path, {})
    return Mutant(change, body, (path, path[:-1]))


def _null(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    path = _pick(chance, [path for path, _, _ in sites])
    if path is None:
        return None
    _put(body, path, None)
    return Mutant(change, body, (path, path[:-1]))


def _malformed(sites: list[Site], body: Any, chance: random.Random, change: str) -> Mutant | None:
    found = [(path, value) for path, schema, value in sites if "pattern" in schema and isinstance(value, str)]
    chosen = _pick(chance, found)
    if chosen is None:
        return None
    path, value = chosen
    _put(body, path, chance.choice([f"{value} ", f"!{value}", f"{value}/", "", f"{value}\n"]))
    return Mutant(change, body, (path,))


Mistake = Callable[[list[Site], Any, random.Random, str], Mutant | None]
MISTAKES: list[tuple[str, Mistake]] = [
    ("drop required", _drop_required),
    ("rename", _rename),
    ("wrong type", _wrong_type),
    ("enum slip", _enum_slip),
    ("out of bounds", _out_of_bounds),
    ("extra field", _extra_field),
    ("both arms", _both_arms),
    ("empty object", _empty_object),
    ("null", _null),
    ("malformed", _malformed),
]
