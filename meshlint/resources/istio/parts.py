"""What the views of all Istio kinds are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from meshlint.documents import Field, Text
from meshlint.resources.view import ObjectView
from meshlint.resources.view_class import view
from meshlint.values import frozen

View = TypeVar("View")
Number = int | float

_UNITS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DURATION: Final = r"[-+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)"
_TERM: Final = r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)"
_LONGEST_DURATION: Final = 64
_HIGHEST_PORT: Final = 65535


@frozen(eq=False, repr=False)
class SpecView(ObjectView):
    """A whole object of Istio; `field` is its spec, where all of its settings stand."""

    @property
    def field(self) -> Field:
        """The place of the spec."""
        return self.resource.spec


@view
class Duration:
    """A length of time as Go writes it (`1h30m`, `0.5s`); `nanoseconds` is None if it is no duration."""

    text: Text
    nanoseconds: int | None

    @property
    def field(self) -> Field:
        """Where it is written."""
        return self.text.field

    @property
    def seconds(self) -> float | None:
        """The length in seconds; compare `nanoseconds` where exactness matters."""
        return None if self.nanoseconds is None else self.nanoseconds / 10**9


@view
class StringMatch:
    """A test of a string: `kind` is `exact`, `prefix`, `regex`, or `present` where none of them is given."""

    field: Field
    kind: str
    value: Text


@view
class Port:
    """A port of a Gateway server, a ServiceEntry or a Sidecar listener."""

    field: Field
    number: int | None
    name: Text | None
    protocol: Text | None
    target_port: int | None


def part(field: Field, key: str, build: Callable[[Field], View]) -> View | None:
    """The view of the mapping at `key`; an empty mapping is one, too."""
    value = field.value
    is_written = isinstance(value, dict) and isinstance(value.get(key), dict)
    return build(field / key) if is_written else None


def parts(field: Field, key: str, build: Callable[[Field], View]) -> tuple[View, ...]:
    """The views of the mappings in the list at `key`."""
    return tuple([build(item) for item in field.items(key) if isinstance(item.value, dict)])


def parts_if_list(field: Field, key: str, build: Callable[[Field], View]) -> tuple[View, ...] | None:
    """Like `parts`, but None where there is no list, which tells an absent list from an empty one."""
    value = field.value
    is_list = isinstance(value, dict) and isinstance(value.get(key), list)
    return parts(field, key, build) if is_list else None


def named_parts(field: Field, key: str, build: Callable[[Field], View]) -> dict[str, View]:
    """The views of the mappings in the mapping at `key`, by their names."""
    return {inner.name: build(inner) for inner in field.fields(key) if isinstance(inner.value, dict)}


def number(field: Field, key: str) -> Number | None:
    """The finite number at `key`; a boolean is not one."""
    value = (field / key).value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or abs(value) < float("inf") else None


def duration(field: Field, key: str) -> Duration | None:
    """The duration at `key`, also if its text cannot be understood."""
    text = field.text(key)
    return None if text is None else Duration(text, nanoseconds(text))


def nanoseconds(text: str) -> int | None:
    """The length that `text` names by the rules of Go's `time.ParseDuration`, None if it names none."""
    if len(text) > _LONGEST_DURATION or not re.fullmatch(_DURATION, text):
        return None
    total = sum(_term(whole, tenths, _UNITS[unit]) for whole, tenths, unit in re.findall(_TERM, text))
    return -total if text.startswith("-") else total


def string_match(field: Field) -> StringMatch:
    """The string match written at `field`; the first of its kinds counts, as only one is allowed."""
    for kind in ("exact", "prefix", "regex"):
        value = field.text(kind)
        if value is not None:
            return StringMatch(field, kind, value)
    return StringMatch(field, "present", Text.of("", field))


def port(field: Field) -> Port:
    """The port written at `field`, whose parts may all be missing."""
    return Port(
        field,
        number=field.integer("number"),
        name=field.text("name"),
        protocol=field.text("protocol"),
        target_port=field.integer("targetPort"),
    )


def port_of_key(name: str) -> int | None:
    """The port number that a mapping's key stands for, None if it is none between 1 and 65535."""
    digits = name.lstrip("0")
    if not (name.isascii() and name.isdecimal() and 0 < len(digits) <= len(str(_HIGHEST_PORT))):
        return None
    return int(digits) if int(digits) <= _HIGHEST_PORT else None


def _term(whole: str, tenths: str, unit: int) -> int:
    scale: int = 10 ** len(tenths)
    return int(whole or "0") * unit + int(tenths or "0") * unit // scale
