"""What messages of rules claim of calls and requests, and the examples whose findings claim it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from attrs import frozen

from meshlint.documents import read
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Rule
from meshlint.engine.rule_file import Example
from tests.rules.test_examples import EXAMPLES, findings

IDLE = re.compile(
    r"so (?:it|they|all of it|the (?:route|rule|settings?|annotation|share)) "
    r"(?:has no effect|have no effect|does nothing|do nothing|is never used|changes nothing|"
    r"restricts? nobody|stops nobody|takes no requests|never applies|never matches|is never looked up|"
    r"limits nothing|denies nothing|keeps nobody out|is never reached|is left out|is ignored)"
    r"|nothing enforces|ztunnel ignores it|they do not follow it"
)
"""What is said of an object, or of a rule of a policy, that might as well not be there."""
CLOSED = re.compile(r"so it admits nobody")
OPEN = re.compile(r"so (?:anyone|any caller|any workload with a certificate) may")
STATUS = re.compile(r"(?:get|answers? with|gets) status (\d+)")

_PARTS = {
    "AuthorizationPolicy": ("rules",),
    "VirtualService": ("gateways",),
    "HTTPRoute": ("rules", "matches"),
    "GRPCRoute": ("rules", "matches"),
}
"""The lists of which a finding speaks of one entry, the innermost last."""


@frozen(repr=False)
class Claim:
    """A finding of a rule's own bad example, of which a pattern says what it claims."""

    rule: Rule
    example: Example
    finding: Finding

    @property
    def name(self) -> str:
        """The object that the finding is about."""
        return str(self.finding.object)


def claims(pattern: re.Pattern[str]) -> Iterator[Claim]:
    """The claims of one kind, one for each example of a rule."""
    told: set[tuple[str, str]] = set()
    for one in _own():
        name = (one.rule.id, one.example.title)
        if pattern.search(one.finding.message) and name not in told:
            told.add(name)
            yield one


@cache
def _own() -> tuple[Claim, ...]:
    """What each rule says of objects in its own bad examples."""
    return tuple(
        Claim(rule, example, one)
        for rule, example in EXAMPLES
        if example.bad
        for one in findings(example.files, example, rule)
        if one.rule == rule.id and one.object is not None
    )


def without(claim: Claim) -> dict[str, list[Any]] | None:
    """The documents of an example without what is said to be idle; None where they do not show it alone.

    That is the rule of an AuthorizationPolicy, the match or the gateway of a route which the finding points
    into, or else the object; those that are named beside it where it is said of "them".
    """
    files = {name: _values(name, text) for name, text in claim.example.files.items()}
    others = _others(claim)
    if others:
        return {name: [one for one in held if _title(one) not in others] for name, held in files.items()}
    there = [(name, at) for name, values in files.items() for at, one in enumerate(values) if _is(claim, one)]
    if len(there) != 1:
        return None
    name, at = there[0]
    if not _cut(files[name][at], claim.finding):
        del files[name][at]
    return files


def _others(claim: Claim) -> set[str]:
    """The objects named beside a finding that says of "them" that they are idle."""
    said = claim.finding.message.partition("so they ")[2]
    return {one.message for one in claim.finding.related} if said else set()


def _title(document: Any) -> str:
    metadata = document.get("metadata", {})
    return f"{document.get('kind')} {metadata.get('namespace')}/{metadata.get('name')}"


def _cut(document: dict[str, Any], finding: Finding) -> bool:
    """Take out the part that a finding points into, and what is empty without it; false if there is none."""
    path = [str(one) for one in finding.path]
    keys = _PARTS.get(str(document["kind"]), ())
    ends = [place + 2 for place, key in enumerate(path) if key in keys and place + 1 < len(path)]
    if not ends:
        return False
    held: Any = document
    lists: list[tuple[list[Any], int]] = []
    for step in path[: ends[-1]]:
        number = _place(held, step) if isinstance(held, list) else None
        lists += [(held, number)] if number is not None else []
        held = held[step if number is None else number]
    for values, number in reversed(lists):
        del values[number]
        if values:
            break
    return True


def _place(values: list[Any], step: str) -> int:
    """Where an entry of a list stands that a path names by its number or by its text."""
    name = step.strip("[]")
    return int(name) if name.isdigit() else values.index(name)


def _values(name: str, text: str) -> list[Any]:
    return [deepcopy(one.value) for one in read(name, text.encode()).documents]


def _is(claim: Claim, document: Any) -> bool:
    identity = claim.finding.object
    if identity is None or not isinstance(document, dict) or document.get("kind") != identity.kind:
        return False
    metadata = document.get("metadata", {})
    namespace = metadata.get("namespace", "default" if identity.namespace else "")
    return (metadata.get("name"), namespace) == (identity.name, identity.namespace)
