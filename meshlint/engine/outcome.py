"""What a run gives to the reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from meshlint.documents import FileText
from meshlint.engine.baseline.model import Entry
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Rule, Severity
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.engine.suppression.acceptance import Acceptance


@frozen(order=True, repr=False)
class NotAnalysed:
    """Files that were passed over for one reason, and what the user can do about it."""

    reason: str
    paths: tuple[str, ...]
    hint: str | None = None


@frozen(repr=False)
class Summary:
    """What was looked at: nothing is skipped in silence."""

    files: int = 0
    documents: int = 0
    objects: int = 0
    kinds: Mapping[str, int] = field(factory=dict)
    unknown_kinds: Mapping[str, int] = field(factory=dict)
    without_objects: int = 0
    not_analysed: tuple[NotAnalysed, ...] = ()
    unresolved: int = 0
    """References that leave the files, so that nothing can be said of their targets."""
    suppressed: int = 0
    meshes: Mapping[str, int] | None = None
    """How many objects have to do with each mesh, by kind or by label; None if nobody counted."""
    notes: tuple[str, ...] = ()


@frozen(repr=False)
class Before:
    """What of the findings was there before, by a baseline or a revision that reports call `name`.

    `held` are there still and not told as findings, `gone` are no longer there. `expired` were accepted until
    a day that is over, and `worse` counts what has got worse: both are told. `by` are the entries that hold
    `held`, `unseen` those of which the run cannot tell.
    """

    name: str
    held: tuple[Finding, ...] = ()
    gone: tuple[Entry, ...] = ()
    expired: tuple[Entry, ...] = ()
    worse: int = 0
    by: tuple[Entry, ...] = ()
    unseen: tuple[Entry, ...] = ()


@frozen(repr=False)
class Outcome:
    """The findings of a run in the order of the text, the rules that ran, and what was looked at.

    With `baseline` or `since`, the findings are those that are new beside it.
    """

    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    summary: Summary
    texts: Mapping[str, FileText] = field(factory=dict)
    suppressed: tuple[Finding, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    """The severity from which findings fail a run; None where they never do."""
    baseline: Before | None = None
    since: Before | None = None
