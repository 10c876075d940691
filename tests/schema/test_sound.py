from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from meshlint.resources.schema.shape.node import Node
from meshlint.resources.schema.sound import is_sound
from meshlint.resources.schema.store.store import BUILT_IN
from meshlint.resources.schema.walk import walk

ROUNDS = 60
STRANGE: tuple[Any, ...] = (
    None,
    "",
    "x",
    "X_y",
    "-",
    "${PORT}",
    0,
    -1,
    70000,
    80.0,
    1.5,
    True,
    [],
    {},
    ["x", "x"],
    {"x": 1},
)


@cache
def seeds() -> tuple[tuple[Node, Any], ...]:
    text = Path(__file__).with_name("seeds.yaml").read_text(encoding="utf-8")
    found = []
    for value in yaml.load_all(text, Loader=yaml.CSafeLoader):
        group, _, version = str(value["apiVersion"]).rpartition("/")
        node = BUILT_IN.node(group, version, value["kind"])
        if node is not None:
            found.append((node, value))
    return tuple(found)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every collection in a value with one of its keys or indexes."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield value, step
        yield from places(inner)


def changed(value: Any, chance: random.Random) -> Any:
    """A copy with a value taken out, replaced, renamed or doubled."""
    made = copy.deepcopy(value)
    for _ in range(chance.choice((1, 1, 2))):
        holder, step = chance.choice(list(places(made)))
        how = chance.randrange(4)
        if how == 0:
            del holder[step]
        elif how == 1 and isinstance(holder, dict):
            holder[chance.choice(("$x", "x", "name", f"{step}s"))] = holder.pop(step)
        elif how == 2 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[step]))
        else:
            holder[step] = copy.deepcopy(chance.choice(STRANGE))
    return made


def test_the_walk_finds_nothing_in_what_is_plainly_sound() -> None:
    chance = random.Random(11)
    said = {True: 0, False: 0}
    for node, value in seeds():
        for _ in range(ROUNDS):
            mutant = changed(value, chance)
            sound = is_sound(node, mutant)
            said[sound] += 1
            assert not sound or walk(node, mutant) == [], mutant
    assert min(said.values()) > ROUNDS


def test_most_of_what_has_no_fault_is_plainly_sound() -> None:
    faultless = [(node, value) for node, value in seeds() if not walk(node, value)]
    plainly = [value for node, value in faultless if is_sound(node, value)]
    assert len(plainly) >= 0.9 * len(faultless)
