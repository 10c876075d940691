"""The finding of a mistake stands on the mistaken line: three hundred of them, by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.api import CheckOptions, Selection, check_texts
from meshlint.resources.schema.violation import Path
from tests.schema.test_mutations import Case, sample
from tests.shared import needs_shared

pytestmark = needs_shared
SPEAKING = ("SCHEMA", "UPGRADE033", "AUTHZ022", "GATEWAY053", "ROUTE053")
"""The rules of schemas, and those of istiod's webhook that tell the same mistake better."""
BESIDE = frozenset({"SCHEMA014", "SCHEMA044"})
"""What is said of the sound objects too: experimental fields, and patches that Envoy may refuse."""
WANTED = 300


def lines(node: Node, path: Path) -> Iterator[int]:
    """The lines of the key and of the value at `path`, or where the path ends early, of what is there."""
    line = node.start_mark.line
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line
    yield line + 1
    yield node.start_mark.line + 1


def _child(node: Node, step: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return (node.value[step], node.value[step]) if step < len(node.value) else None
    if isinstance(node, MappingNode):
        return next((pair for pair in node.value if pair[0].value == step), None)
    return None


def chosen() -> list[Case]:
    refused = [case for case in sample() if case.violations]
    return random.Random(7).sample(refused, WANTED)


def test_finding_stands_on_the_line_of_the_mistake() -> None:
    astray = []
    for case in chosen():
        text = yaml.safe_dump(case.mutant.value, sort_keys=False)
        outcome = check_texts({"a.yaml": text}, CheckOptions(Selection(select=SPEAKING)))
        found = [finding for finding in outcome.findings if finding.rule not in BESIDE]
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        assert isinstance(root, MappingNode)
        expected = {line for place in case.mutant.places for line in lines(root, place)}
        assert found, case
        if found[0].location.span.line not in expected:
            astray.append((str(case.definition), case.mutant.change, found[0].message))
    assert astray == []
