"""The words of an object, told from the characters of its document, are all that stand in its values."""

from __future__ import annotations

import random
import re
from typing import Any

import yaml

from meshlint.api.after.nearby import Said
from meshlint.api.after.words import text_of, words_apart, words_of, written_in
from meshlint.api.inputs.files import read_files
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource
from tests.api.test_incremental import examples

WORD = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")


def words_in(text: str) -> set[str]:
    return set(WORD.findall(text))


def said_by(resource: Resource) -> set[str]:
    return {one.decode() for one in words_of(resource).apart.split()}


def test_words_are_letters_and_digits_with_hyphens_between_them() -> None:
    chance = random.Random(1)
    for _ in range(20_000):
        text = "".join(chance.choice('ab1-- \n./é:"#_') for _ in range(chance.randrange(12))).lower()
        assert {one.decode() for one in words_apart(text).split()} == words_in(text), text


def test_a_document_says_all_words_of_its_values() -> None:
    chance, told = random.Random(2), 0
    for objects in chance.sample(examples(), 300):
        text = yaml.safe_dump_all(objects, width=chance.choice([20, 80, 400]))
        for one in read_files({"a.yaml": text.encode()}).resources.resources:
            assert said_by(one) >= words_in(text_of(one)), text
            told += bool(written_in(one.field))
    assert told > 100


def object_in(text: str) -> Resource:
    (found,) = read_files({"a.yaml": text.encode()}).resources.resources
    return found


def test_what_is_no_plain_text_is_told_from_its_values() -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n"
    for rest, word in (
        ('  namespace: "te\\x61m"\n', "team"),
        ("  namespace: team # not shop\n", "team"),
        ("  namespace: ${space}\n", "space"),
    ):
        one = object_in(f"{head}{rest}")
        assert not written_in(one.field)
        assert word in said_by(one)
        assert "shop" not in said_by(one)


def test_an_item_of_a_list_says_what_it_says_itself() -> None:
    def item(name: str) -> dict[str, Any]:
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}}

    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [item("one"), item("two")]})
    one, two = read_files({"a.yaml": text.encode()}).resources.resources
    assert "two" not in said_by(one)
    assert "two" in said_by(two)


def test_few_namespaces_are_looked_for_as_many_are() -> None:
    chance, told = random.Random(3), 0
    for objects in chance.sample(examples(), 300):
        texts = [yaml.safe_dump_all(some) for some in (objects, chance.choice(examples()))]
        if chance.random() < 0.5:
            texts[0] = texts[0].upper()
        files = {f"{number}.yaml": text.encode() for number, text in enumerate(texts)}
        resources = read_files({**files, "2.yaml": texts[0].encode()}).resources
        words = sorted(words_in(texts[1].lower()))
        places = frozenset({*words[:: len(words) // 8 + 1], *resources.namespaces, "no-such", "word"})
        held = tuple(resources.resources), places, MeshSettings()
        many = Said(*held)
        assert set(many.naming(places)) <= {*resources.resources}
        for place in places:
            few = set(Said(*held).naming((place,)))
            assert few == set(many.naming((place,))), place
            told += bool(few)
    assert told > 1000
