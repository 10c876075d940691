"""Every object of the corpus: meshlint, jsonschema and the upstream definition say the same of it."""

from __future__ import annotations

import json
import random

import pytest

from meshlint.resources.schema.record import holds
from meshlint.resources.schema.store.store import schema_of
from meshlint.resources.schema.validate import is_patch, stored, validate
from meshlint.resources.schema.walk import holds_placeholder
from tests.schema.corpus import Example, examples
from tests.schema.upstream import accepts, believed
from tests.shared import needs_shared

pytestmark = needs_shared
SAMPLE = 300


def _of_known_kinds() -> list[Example]:
    """Objects of the kinds that upstream defines, as the cluster would see them."""
    known = believed()
    return [one for one in examples() if one.key in known and not _is_partial(one)]


def _is_partial(example: Example) -> bool:
    """Whether another tool has the last word on an object, so that the walk leaves parts of it in peace."""
    if is_patch(example.key[2], example.value) or holds_placeholder(example.value):
        return True
    return '"$patch"' in json.dumps(example.value)


def test_jsonschema_says_what_the_walk_says() -> None:
    for example in examples():
        schema = schema_of(*example.key)
        if schema is None or _is_partial(example):
            continue
        accepted = not validate(*example.key, example.value)
        assert accepted == holds(schema, stored(*example.key, example.value)), example.file


def _disagreements(chosen: list[Example]) -> list[str]:
    known = believed()
    return [
        example.file
        for example in chosen
        if accepts(known[example.key], example.value) == bool(validate(*example.key, example.value))
    ]


def test_a_sample_of_the_corpus_agrees_with_upstream() -> None:
    objects = _of_known_kinds()
    assert len(objects) > 2500
    assert _disagreements(random.Random(3).sample(objects, SAMPLE)) == []


@pytest.mark.slow
def test_the_whole_corpus_agrees_with_upstream() -> None:
    assert _disagreements(_of_known_kinds()) == []
