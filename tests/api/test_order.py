"""Where a thing is written never decides what is found: files, documents and keys may stand in any order."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.api import CheckOptions, Selection, check_texts
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.rule_file import load_rule_file
from tests.shared import PROJECT

CATALOGUE = load_catalogue()
OPTIONS = CheckOptions(selection=Selection(select=("ALL",), ignore=("HYGIENE",)))


def example_sets() -> list[Any]:
    sets = {
        f"{rule.id} {example.title}": dict(example.files)
        for rule in CATALOGUE.rules
        if rule.family != "HYGIENE"
        for example in load_rule_file(rule).examples
        if example.bad and not example.settings
    }
    for name in ("bookinfo", "tutorial"):
        files = (PROJECT / "examples" / name).glob("*.yaml")
        sets[name] = {path.name: path.read_text(encoding="utf-8") for path in files}
    return [pytest.param(files, id=name) for name, files in sorted(sets.items())]


SETS = [case.values[0] for case in example_sets()]


def seen(texts: dict[str, str]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    found = check_texts(texts, OPTIONS, CATALOGUE).findings
    return sorted((one.rule, one.fingerprint, one.message, one.path) for one in found)


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        pairs = [(key, shuffled(inner, order)) for key, inner in value.items()]
        order.shuffle(pairs)
        return dict(pairs)
    return [shuffled(inner, order) for inner in value] if isinstance(value, list) else value


def rearranged(texts: dict[str, str], order: random.Random, *, keys: bool) -> dict[str, str]:
    objects = [one for text in texts.values() for one in yaml.safe_load_all(text) if one is not None]
    order.shuffle(objects)
    files: dict[str, list[str]] = {}
    for one in objects:
        name = f"{order.choice('zyxab')}.yaml"
        written = yaml.safe_dump(shuffled(one, order) if keys else one, sort_keys=False)
        files.setdefault(name, []).append(written)
    return {name: "---\n".join(parts) for name, parts in files.items()}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SETS), st.integers(0, 2**32), st.booleans())
def test_order_changes_neither_findings_nor_fingerprints(
    texts: dict[str, str], seed: int, keys: bool
) -> None:
    order = random.Random(seed)
    plain = rearranged(texts, random.Random(0), keys=False)
    assert seen(rearranged(texts, order, keys=keys)) == seen(plain)
