"""Where and in what order objects are written changes neither findings nor fingerprints."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from meshlint.documents import read
from meshlint.engine.rule import ENGINE_CHECK, Rule
from meshlint.engine.rule_file import Example
from tests.rules.test_examples import EXAMPLES, findings

Told = set[tuple[Any, ...]]


def values(example: Example) -> list[Any]:
    """The documents of an example, none if it is about text rather than objects."""
    readings = [read(name, text.encode()) for name, text in example.files.items()]
    if any(reading.problems or reading.is_template for reading in readings):
        return []
    return [document.value for reading in readings for document in reading.documents]


CASES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.title}")
    for rule, example in EXAMPLES
    if example.bad and rule.check != ENGINE_CHECK and values(example)
]


def told(files: dict[str, str], rule: Rule, example: Example) -> Told:
    return {
        (one.rule, one.severity, one.object, one.path, one.message, one.hint, one.fingerprint)
        for one in findings(files, example, rule)
    }


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    chance.shuffle(keys)
    return {key: shuffled(value[key], chance) for key in keys}


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_order_does_not_matter(rule: Rule, example: Example) -> None:
    documents = values(example)
    before = told({"all.yaml": "\n---\n".join(json.dumps(one) for one in documents)}, rule, example)
    assert before
    for seed in range(3):
        chance = random.Random(seed)
        chance.shuffle(documents)
        mixed = [json.dumps(shuffled(one, chance)) for one in documents]
        apart = {f"{chance.random()}.yaml": text for text in mixed}
        assert told({"all.yaml": "\n---\n".join(mixed)}, rule, example) == before
        assert told(apart, rule, example) == before
