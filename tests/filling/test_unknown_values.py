"""A value that a tool fills in is unknown in every rule: nothing is said of it, and nothing because of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from meshlint.api import check_texts
from meshlint.documents import Document, read
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.shared import SHARED, needs_shared

STYLES = (
    "${NAME}",
    "${NAME:=default}",
    "a-${NAME}.b",
    "$(NAME)",
    "{{ .Values.name }}",
    "ENC[AES256_GCM,data:ab,iv:cd,tag:ef,type:str]",
    "REPLACE_ME",
    "CHANGEME",
    "__NAME__",
    "[NAME]-agent",
)
UNTOUCHED = {"apiVersion", "kind"}
FEW, MANY = 100, 1500


def warnings(texts: Mapping[str, str]) -> list[Finding]:
    return [found for found in check_texts(texts).findings if found.severity >= Severity.WARNING]


def places(found: list[Finding]) -> set[tuple[str, int]]:
    return {(finding.rule, finding.location.span.line) for finding in found}


SUBSETS = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, subsets: [{name: %s, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: web, subset: v9}}]}]
"""


def test_an_open_name_may_be_the_one_that_is_missing() -> None:
    assert {rule for rule, _ in places(warnings({"a.yaml": SUBSETS % "v1"}))} >= {"SUBSET001"}
    assert warnings({"a.yaml": SUBSETS % '"${SUBSET}"'}) == []


def test_what_is_wrong_whatever_is_filled_in_is_told() -> None:
    text = SUBSETS.replace("namespace: shop", 'namespace: "${NS}"') % "v1"
    (found,) = [one for one in warnings({"a.yaml": text}) if one.rule == "SUBSET001"]
    assert "${NS}" not in found.message
    assert "VirtualService …/web" in found.message


def test_a_default_is_read() -> None:
    text = SUBSETS.replace("version: v1", 'version: "${VERSION:=v1}"') % "v1"
    assert "SUBSET001" in {rule for rule, _ in places(warnings({"a.yaml": text}))}


def test_an_open_enumeration_may_be_any_of_its_words() -> None:
    policy = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
    policy += "metadata: {name: default, namespace: shop}\nspec: {mtls: {mode: %s}}\n"
    assert {rule for rule, _ in places(warnings({"a.yaml": policy % "DISABLE"}))} != set()
    assert warnings({"a.yaml": policy % '"${MODE}"'}) == []


@needs_shared
def test_open_values_of_the_corpus() -> None:
    compared(Random(1), FEW)


@needs_shared
@pytest.mark.slow
def test_many_open_values_of_the_corpus() -> None:
    compared(Random(2), MANY)


def compared(random: Random, times: int) -> None:
    """Put a placeholder in the place of a text of a manifest: no finding speaks of it or comes of it."""
    files = manifests()
    done = 0
    for path in random.choices(files, k=times):
        text = path.read_text(encoding="utf-8")
        found = list(changeable(text))
        if not found:
            continue
        document, scalar = random.choice(found)
        style = random.choice(STYLES)
        before = warnings({"a.yaml": text})
        if style.endswith("=default}"):
            before += warnings({"a.yaml": replaced(text, document, scalar, "default")})
        after = warnings({"a.yaml": replaced(text, document, scalar, style)})
        said = f"{path.name}: {scalar.value} is now {style}"
        assert [one.message for one in after if style in one.message] == [], said
        assert [rule for rule in more(before, after) if not was_hidden(rule)] == [], said
        done += 1
    assert done > times // 2


def more(before: list[Finding], after: list[Finding]) -> list[str]:
    """The rules with a finding at a new place that stands for none that is gone."""
    new = places(after) - places(before)
    counts = Counter(finding.rule for finding in after) - Counter(finding.rule for finding in before)
    return sorted({rule for rule, _ in new if counts[rule] > 0})


def was_hidden(rule: str) -> bool:
    """Of an object that was refused for one mistake, a second one shows once the first value is open."""
    return rule.startswith("SCHEMA")


def manifests() -> list[Path]:
    index = json.loads((SHARED / "corpus/index.json").read_text())
    paths = [
        SHARED / "corpus" / one["repo"].replace("/", "+") / one["path"]
        for one in index
        if one["mesh"] and one["type"] == "plain"
    ]
    return [path for path in sorted(paths) if path.exists() and path.stat().st_size < 20_000]


def changeable(text: str) -> Iterator[tuple[Document, ScalarNode]]:
    reading = read("a.yaml", text.encode())
    if reading.problems or reading.is_template or "&" in text:
        return
    for document in reading.documents:
        for scalar in scalars(document.node):
            if scalar.start_mark.line == scalar.end_mark.line and is_text(scalar):
                yield document, scalar


def is_text(scalar: ScalarNode) -> bool:
    numeric = scalar.value.replace(".", "").isdigit() or scalar.value in {"true", "false", ""}
    return scalar.style in {None, "", '"', "'"} and bool(scalar.style or not numeric)


def scalars(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value not in UNTOUCHED:
                yield from scalars(value)


def replaced(text: str, document: Document, scalar: ScalarNode, value: str) -> str:
    lines = text.split("\n")
    number = scalar.start_mark.line + document.first_line
    line = lines[number]
    lines[number] = line[: scalar.start_mark.column] + json.dumps(value) + line[scalar.end_mark.column :]
    return "\n".join(lines)
