"""What is tried: findings and the characters that would mend them, and the set before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from meshlint.api.reading.project import Project
from meshlint.checks.mending import Fix
from meshlint.engine.baseline.effect import effect
from meshlint.engine.finding import Finding, Location
from meshlint.fixes import Change
from meshlint.sources import SourceSet
from meshlint.values import frozen

Key = tuple[str, str, str]
Place = tuple[str, int]
"""A file, and how many documents stand before one in it: edits leave that as it is."""


@frozen(eq=False, repr=False)
class Attempt:
    """Findings, what would mend them together, and the characters that this means."""

    findings: tuple[Finding, ...]
    title: str
    changes: tuple[Change, ...]
    fixes: tuple[Fix, ...] = ()

    @property
    def finding(self) -> Finding:
        """The first of the findings."""
        return self.findings[0]

    @property
    def objects(self) -> frozenset[str]:
        """What the findings are about."""
        return frozenset(str(one.object) for one in self.findings)


@frozen(eq=False, slots=False, repr=False)
class State:
    """A set of sources and what is found in it."""

    sources: SourceSet
    project: Project
    findings: tuple[Finding, ...]

    @cached_property
    def said(self) -> Mapping[Key, Sequence[Finding]]:
        """The findings by what is said of which object."""
        return said_of(self.findings)

    def place(self, location: Location) -> Place:
        """The document that a location is in."""
        return self._document(location.file, location.span.line)

    def places(self, attempt: Attempt) -> frozenset[Place]:
        """The documents that an attempt is about, in the set that it was made for."""
        changed = (self._document(one.file, self._line(one)) for one in attempt.changes)
        return frozenset([*changed, *(self.place(one.location) for one in attempt.findings)])

    def _line(self, change: Change) -> int:
        text = self.project.texts.get(change.file)
        return 1 if text is None else text.content.count("\n", 0, change.start) + 1

    def _document(self, file: str, line: int) -> Place:
        text = self.project.texts.get(file)
        before = () if text is None else text.lines[:line]
        return file, sum(one.startswith("---") for one in before)


def key_of(finding: Finding) -> Key:
    """What is said of which object, whatever the names and numbers in it."""
    return finding.rule, str(finding.object), effect(finding.message)


def said_of(findings: Iterable[Finding]) -> Mapping[Key, Sequence[Finding]]:
    """Findings by what is said of which object."""
    found: dict[Key, list[Finding]] = {}
    for one in findings:
        found.setdefault(key_of(one), []).append(one)
    return found
