"""Finds out what a reader reads, so that tests can spoil each of these places in turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from meshlint.documents import Field, Path, read
from meshlint.resources import Resource, collect
from tests.resources.fields import names_of

Reader = Callable[[Resource], Any]
SAMPLES: dict[str, Any] = {
    "text": "x",
    "integer": 1,
    "boolean": True,
    "items": [{}],
    "texts": ["x"],
    "mapping": {"x": "y"},
    "fields": {"x": "y"},
}


def parse(value: Any) -> Resource:
    """The one object that `value` is."""
    (resource,) = collect(read("x.yaml", json.dumps(value).encode()).documents).resources
    return resource


def parts(view: Any) -> Iterator[Any]:
    """The view, what its attributes and properties hold, and so on inwards."""
    yield view
    if isinstance(view, tuple):
        for item in view:
            yield from parts(item)
    elif names_of(type(view)) and not isinstance(view, Field | Resource):
        for name in _readable(type(view)):
            yield from parts(getattr(view, name))


def _readable(kind: type) -> set[str]:
    attributes = set(names_of(kind))
    return attributes | {
        name for base in kind.__mro__ for name, value in vars(base).items() if isinstance(value, property)
    }


def full(reader: Reader, api_version: str, kind: str) -> dict[str, Any]:
    """A manifest with something at every place that `reader` looks at."""
    value: dict[str, Any] = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}
    reads: dict[Path, Any] = {}
    while True:
        before = len(reads)
        with _recording(reads):
            list(parts(reader(parse(value))))
        if len(reads) == before:
            return value
        for path in sorted(reads, key=len):
            value = spoilt(value, path, reads[path])


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place inside `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield (*path, step)
        yield from places(child, (*path, step))


def spoilt(value: Any, path: Path, junk: Any) -> Any:
    """`value` with `junk` at `path`, whatever stood there, unless the way there is gone."""
    if not path:
        return junk
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: spoilt(value.get(step), rest, junk)}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], spoilt(value[step], rest, junk), *value[step + 1 :]]
    return {step: spoilt(None, rest, junk)} if value is None or value == "x" else value


def _recording(reads: dict[Path, Any]) -> Any:
    def recorder(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def method(field: Field, key: Any = None, **more: Any) -> Any:
            place = field.path if key is None else (*field.path, key)
            _note(reads, place, name)
            return original(field, key, **more) if key is not None else original(field, **more)

        return method

    methods = (*SAMPLES, "__truediv__")
    recorders: dict[str, Any] = {name: recorder(name, getattr(Field, name)) for name in methods}
    return patch.multiple(Field, **recorders)


def _note(reads: dict[Path, Any], place: Path, method: str) -> None:
    """Remembers a sample that suits the reading method; a step inwards says least, and texts are items."""
    if method in SAMPLES and not (method == "items" and reads.get(place) == SAMPLES["texts"]):
        reads[place] = SAMPLES[method]
    elif place not in reads:
        reads[place] = {}
