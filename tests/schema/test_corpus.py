"""Every object of the corpus: meshlint, jsonschema and the upstream definition say the same of it."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator

import pytest

from meshlint.resources.schema.record import holds
from meshlint.resources.schema.store.store import schema_of
from meshlint.resources.schema.validate import is_patch, stored, validate
from meshlint.resources.schema.walk import holds_placeholder
from tests.schema.corpus import Example, examples
from tests.schema.test_channels import MEANT as STANDARD
from tests.schema.test_releases import Key, keys, takes
from tests.schema.upstream import DEV, OWNERS, Definition, accepts, believed, definitions_of, releases, shape
from tests.shared import needs_shared

pytestmark = needs_shared
SAMPLE = 300
MEANT = ("invalid-header-value", *STANDARD)
"""Objects, by name, that one channel alone refuses: nobody can tell from manifests which one a cluster has.
The experimental one gives values of headers a form since 1.5; of the others the standard one knows less."""


def of_known_kinds() -> list[Example]:
    """Objects of the kinds that upstream defines, as the cluster would see them."""
    known = believed()
    return [one for one in examples() if one.key in known and not _is_partial(one)]


def _is_meant(example: Example) -> bool:
    about = example.value.get("metadata")
    return isinstance(about, dict) and about.get("name") in MEANT


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


def agrees(example: Example) -> bool:
    """Whether an object is refused just where its definition refuses it, with the rules in CEL."""
    return accepts(believed()[example.key], example.value) != bool(validate(*example.key, example.value))


def _disagreements(chosen: list[Example]) -> list[str]:
    return [one.file for one in chosen if not agrees(one) and not _is_meant(one)]


def test_a_sample_of_the_corpus_agrees_with_upstream() -> None:
    objects = of_known_kinds()
    assert len(objects) > 2500
    assert _disagreements(random.Random(3).sample(objects, SAMPLE)) == []


@pytest.mark.slow
def test_the_whole_corpus_agrees_with_upstream() -> None:
    assert _disagreements(of_known_kinds()) == []


@functools.cache
def _through_releases(owner: str, key: Key) -> tuple[tuple[str, Definition | None, str], ...]:
    """What each release says of a version, and the shape that it has there, words aside."""
    found = []
    for release in (*releases(owner), DEV):
        one = next((one for one in definitions_of(owner, release) if one.key == key and one.served), None)
        found.append((release, one, shape(one) if one else ""))
    return tuple(found)


@functools.cache
def _owned(owner: str) -> frozenset[Key]:
    return frozenset(keys(owner))


def _each_once() -> list[Example]:
    """Objects of the kinds that projects own; of those that differ in their names alone, one."""
    found: dict[str, Example] = {}
    for one in examples():
        if any(one.key in _owned(owner) for owner in OWNERS) and not _is_partial(one):
            found.setdefault(json.dumps({**one.value, "metadata": {}}, sort_keys=True), one)
    return list(found.values())


def _differing(example: Example) -> Iterator[str]:
    """The releases in whose eyes an object is not what meshlint says that it is there."""
    for owner in (one for one in OWNERS if example.key in _owned(one)):
        judged = {"": False}
        for release, definition, form in _through_releases(owner, example.key):
            if definition is not None and form not in judged:
                judged[form] = accepts(definition, example.value)
            if judged[form] != takes(owner, release, example.key, example.value):
                yield f"{owner}@{release} {example.file}"


def test_each_release_judges_a_sample_of_the_corpus_as_its_definitions_do() -> None:
    chosen = random.Random(5).sample(_each_once(), 15)
    assert [told for one in chosen if not _is_meant(one) for told in _differing(one)] == []


@pytest.mark.slow
def test_each_release_judges_the_corpus_as_its_definitions_do() -> None:
    objects = _each_once()
    assert len(objects) > 2000
    assert [told for one in objects if not _is_meant(one) for told in _differing(one)] == []
