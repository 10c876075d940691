from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshlint.checks.hit import Hit, Spot
from meshlint.documents import Field, Span
from meshlint.engine.semantic import fingerprint, semantic_path
from tests.engine.worlds import resource

SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "cart", "namespace": "shop"},
    "spec": {
        "ports": [{"name": "http", "port": 80}, {"port": 81}, {"port": {"number": 82}}, {"weight": 5}],
        "route": [{"destination": {"host": "cart", "subset": "v1"}}, {"host": "cart"}, "*", True],
        "empty": [],
    },
}


def hit(*path: str | int, on_key: bool = False, about: str = "", text: str | None = None) -> Hit:
    found = resource(text or yaml.safe_dump(SERVICE))
    return Hit(found.at(*path), "is wrong", resource=found, on_key=on_key, about=about)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "ports", 0, "port"), ("spec", "ports", "[http]", "port")),
        (("spec", "ports", 1), ("spec", "ports", "[81]")),
        (("spec", "ports", 2), ("spec", "ports", "[82]")),
        (("spec", "ports", 3, "weight"), ("spec", "ports", "[3]", "weight")),
        (("spec", "route", 0, "destination"), ("spec", "route", "[cart/v1]", "destination")),
        (("spec", "route", 1), ("spec", "route", "[cart]")),
        (("spec", "route", 2), ("spec", "route", "[*]")),
        (("spec", "route", 3), ("spec", "route", "[true]")),
        (("spec", "empty", 7, "x"), ("spec", "empty", "[7]", "x")),
        (("nothing", "here"), ("nothing", "here")),
        ((), ()),
    ],
)
def test_list_entries_are_named(path: tuple[str | int, ...], expected: tuple[str, ...]) -> None:
    assert semantic_path(hit(*path)) == expected


def test_an_object_in_a_list_has_the_same_names_as_one_by_itself() -> None:
    listed = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [SERVICE]})
    inside, alone = hit("spec", "ports", 1, "port", text=listed), hit("spec", "ports", 1, "port")
    assert semantic_path(inside) == semantic_path(alone)
    assert fingerprint("MTLS001", inside) == fingerprint("MTLS001", alone)


def test_a_place_outside_the_object_is_named_from_its_own_root() -> None:
    inside = hit("spec", "ports", 0)
    other = resource(yaml.safe_dump(SERVICE), "b.yaml")
    assert isinstance(inside.at, Field)
    assert semantic_path(Hit(inside.at, "x", resource=other)) == ("spec", "ports", "[http]")
    assert semantic_path(Hit(inside.at, "x")) == ("spec", "ports", "[http]")


def test_a_text_without_objects_is_told_apart_by_the_message() -> None:
    first = Hit(Spot("a.yaml", Span.at(1, 1)), "is wrong")
    moved = Hit(Spot("b.yaml", Span.at(9, 9)), "is wrong")
    other = Hit(Spot("a.yaml", Span.at(1, 1)), "is worse")
    assert semantic_path(first) == ()
    assert fingerprint("R1", first) == fingerprint("R1", moved) != fingerprint("R1", other)


def test_what_makes_two_findings_different() -> None:
    base = hit("spec", "ports", 1, "port")
    changed = yaml.safe_dump(SERVICE).replace("port: 81", "port: 8181")
    renamed = yaml.safe_dump(SERVICE).replace("name: cart", "name: basket")
    prints = {
        fingerprint("R1", base),
        fingerprint("R2", base),
        fingerprint("R1", hit("spec", "ports", 1, "port", about="client")),
        fingerprint("R1", hit("spec", "ports", 1, "port", text=changed)),
        fingerprint("R1", hit("spec", "ports", 1, "port", text=renamed)),
        fingerprint("R1", hit("spec", "ports", 1)),
    }
    assert len(prints) == 6


def test_a_list_of_scalars_counts_whatever_its_order_but_larger_values_do_not() -> None:
    def of(value: object) -> str:
        text = yaml.safe_dump({**SERVICE, "spec": {"hosts": value}})
        return fingerprint("R1", hit("spec", "hosts", text=text))

    assert of(["a", "b"]) == of(["b", "a"]) != of(["a"])
    assert of([{"a": 1}]) == of([{"a": 2}]) == of({"a": 3})


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_and_of_named_entries_does_not_matter(chance: random.Random) -> None:
    mixed = shuffled(SERVICE, chance)
    chance.shuffle(mixed["spec"]["ports"])
    index = next(i for i, port in enumerate(mixed["spec"]["ports"]) if port.get("name") == "http")
    there = hit("spec", "ports", index, "port", text=yaml.safe_dump(mixed, sort_keys=False))
    here = hit("spec", "ports", 0, "port")
    assert fingerprint("R1", there) == fingerprint("R1", here)
    assert semantic_path(there) == semantic_path(here)
