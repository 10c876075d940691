"""Fields of Istio's objects that its webhook refuses, by what a user would call the mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.shared.told import told
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def host(world: World, _: Parameters) -> Iterator[Hit]:
    """A host is none."""
    return told(world, Mistake.HOST)


def name(world: World, _: Parameters) -> Iterator[Hit]:
    """A name is none that Istio takes."""
    return told(world, Mistake.NAME)


def label(world: World, _: Parameters) -> Iterator[Hit]:
    """A label is none, or a selector has a wildcard."""
    return told(world, Mistake.LABEL)


def port(world: World, _: Parameters) -> Iterator[Hit]:
    """A port is none."""
    return told(world, Mistake.PORT)


def address(world: World, _: Parameters) -> Iterator[Hit]:
    """An address, a block of them or a socket is none."""
    return told(world, Mistake.ADDRESS)


def duration(world: World, _: Parameters) -> Iterator[Hit]:
    """A duration is none, too short or too fine."""
    return told(world, Mistake.DURATION)


def header(world: World, _: Parameters) -> Iterator[Hit]:
    """A header is none, or may not be changed."""
    return told(world, Mistake.HEADER)


def number(world: World, _: Parameters) -> Iterator[Hit]:
    """A number is out of its range."""
    return told(world, Mistake.NUMBER)


def unknown_value(world: World, _: Parameters) -> Iterator[Hit]:
    """A value is none of those that Istio knows."""
    return told(world, Mistake.UNKNOWN_VALUE)


def missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A field that is needed is missing or empty."""
    return told(world, Mistake.MISSING)


def exclusive(world: World, _: Parameters) -> Iterator[Hit]:
    """Fields that exclude each other are set together."""
    return told(world, Mistake.EXCLUSIVE)


def unsupported(world: World, _: Parameters) -> Iterator[Hit]:
    """A field is set where Istio does not support it."""
    return told(world, Mistake.UNSUPPORTED)


def twice(world: World, _: Parameters) -> Iterator[Hit]:
    """Something is listed twice that may stand once."""
    return told(world, Mistake.TWICE)


def unreadable(world: World, _: Parameters) -> Iterator[Hit]:
    """A text is not in the language that its field is in."""
    return told(world, Mistake.UNREADABLE)


def annotation(world: World, _: Parameters) -> Iterator[Hit]:
    """An annotation is reserved, or not for this kind."""
    return told(world, Mistake.ANNOTATION)


def patch(world: World, _: Parameters) -> Iterator[Hit]:
    """A patch of an EnvoyFilter is incomplete or does not fit."""
    return told(world, Mistake.PATCH)
