"""One object, several versions: the nearest one is meant, and two of them never get in each other's way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random

import pytest
from attrs import evolve

from meshlint.api import CheckOptions, check_texts
from tests.shared import SHARED, needs_shared

SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: http, port: {port}}}]}}
"""
ROUTES = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
  gateways: [edge]
  http: [{route: [{destination: {host: web, port: {number: 81}}}]}]
"""
FEW, MANY = 25, 400


def told(texts: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(one.rule, one.location.file) for one in check_texts(texts).findings}


def test_the_version_of_the_same_file_counts() -> None:
    texts = {"a/app.yaml": f"{SERVICE.format(port=80)}---\n{ROUTES}", "b/app.yaml": SERVICE.format(port=81)}
    assert ("ROUTE013", "a/app.yaml") in told(texts)


def test_the_version_of_the_same_directory_counts() -> None:
    texts = {
        "a/app.yaml": ROUTES,
        "a/service.yaml": SERVICE.format(port=81),
        "b/service.yaml": SERVICE.format(port=80),
    }
    assert "ROUTE013" not in {rule for rule, _ in told(texts)}


def test_of_versions_as_near_each_has_to_agree() -> None:
    wrong = {"a.yaml": f"{SERVICE.format(port=80)}---\n{SERVICE.format(port=82)}---\n{ROUTES}"}
    fine = {"a.yaml": f"{SERVICE.format(port=80)}---\n{SERVICE.format(port=81)}---\n{ROUTES}"}
    assert "ROUTE013" in {rule for rule, _ in told(wrong)}
    assert "ROUTE013" not in {rule for rule, _ in told(fine)}


def written_twice(first: str, second: str) -> list[tuple[str, str | None]]:
    found = check_texts({"a/app.yaml": first, "b/app.yaml": second}).findings
    return [(one.message, one.hint) for one in found if one.rule == "HYGIENE011"]


def test_directories_of_versions_are_told_once() -> None:
    web, till = (SERVICE.format(port=80).replace("web", name) for name in ("web", "till"))
    both = f"{till}\n---\n{web}"
    ((message, hint),) = written_twice(both, both.replace("80", "81"))
    assert (hint or "").endswith("1 more object is written in the same directories.")
    ((alone, _hint),) = written_twice(both, till.replace("80", "81"))
    assert message == alone


@needs_shared
def test_copies_of_the_corpus() -> None:
    copied(Random(1), FEW)


@needs_shared
@pytest.mark.slow
def test_many_copies_of_the_corpus() -> None:
    copied(Random(2), MANY)


def copied(random: Random, times: int) -> None:
    """Copy a file into a sibling directory, whole or with a label changed: only HYGIENE011 comes of it.

    What the copy is told where it lies alone is its own.
    """
    index = json.loads((SHARED / "corpus/index.json").read_text())
    paths = sorted(
        SHARED / "corpus" / one["repo"].replace("/", "+") / one["path"]
        for one in index
        if one["mesh"] and one["type"] == "plain"
    )
    folders = sorted({path.parent for path in paths if path.exists() and path.stat().st_size < 20_000})
    for folder in random.choices(folders, k=times):
        beside = [path for path in paths if path.parent == folder and path.exists()][:8]
        texts = {f"a/{path.name}": path.read_text() for path in beside}
        name = random.choice(sorted(texts))
        copy = changed(texts[name], random) if random.random() < 0.5 else texts[name]
        beside_it = {name.replace("a/", "b/"): copy}
        new = said({**texts, **beside_it}) - said(texts) - said(beside_it)
        assert {one for one in new if one[0] != "HYGIENE011"} == set(), f"{folder} {name}"


def changed(text: str, random: Random) -> str:
    labels = list(re.finditer(r"^(\s+(?:app|version|istio)): (\w+)\s*$", text, re.MULTILINE))
    if not labels:
        return text
    label = random.choice(labels)
    return f"{text[: label.start()]}{label[1]}: changed{text[label.end(2) :]}"


def said(texts: Mapping[str, str]) -> set[tuple[str, str]]:
    """What is said of each object: a flood that counts one more is nothing new."""
    policy = evolve(CheckOptions().policy, group_after=0)
    found = check_texts(texts, CheckOptions(policy=policy)).findings
    return {(one.rule, one.message) for one in found}
