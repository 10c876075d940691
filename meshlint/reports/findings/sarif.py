"""SARIF 2.1.0, as GitHub code scanning and other viewers read it.

Built with the classes of sarif-om, which cannot write themselves out; `_plain` does. What GitHub reads,
what it ignores and where its limits lie is in its documentation of SARIF support (github/docs).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any
from urllib.parse import quote

import attr
import sarif_om as om

from meshlint import HOME, __version__
from meshlint.engine.finding import Finding, Location
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Rule
from meshlint.reports.findings.sarif_rules import LEVELS, descriptor, placeholder
from meshlint.reports.shared.options import ReportOptions

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
MAX_LOCATIONS = 1_000
_LINKED = 10
_KEPT = frozenset({"level"})


def write(outcome: Outcome, options: ReportOptions) -> Iterator[str]:
    """The report as JSON on one line. Suppressed findings are left out: GitHub would show them as open.

    For the same reason those that a baseline holds back are, and those that are gone since a revision. What
    was there in that revision stays: without it GitHub would take it for mended.
    """
    told = _told(outcome)
    findings = [finding for finding, _state in told]
    rules = _rules(outcome.rules, findings)
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    left_out = len(outcome.findings) + len(outcome.since.held if outcome.since else ()) - len(told)
    run = om.Run(
        tool=om.Tool(driver=_driver(rules)),
        automation_details=om.RunAutomationDetails(id=_automation_id(options)),
        column_kind="unicodeCodePoints",
        invocations=[_invocation(left_out)],
        results=[_result(finding, state, indexes[finding.rule], outcome, options) for finding, state in told],
    )
    log = om.SarifLog(version="2.1.0", schema_uri=SCHEMA, runs=[run])
    yield json.dumps(_plain(log), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """`value` as what JSON can hold, without what equals the format's own defaults.

    A level always stays, because its default is the rule's level rather than the class's.
    """
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    fields = _fields(value.__class__)
    if not fields:
        return value
    plain = {}
    for name, key, default in fields:
        entry = getattr(value, name)
        if entry is not None and (name in _KEPT or entry != default):
            plain[key] = _plain(entry)
    return plain


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any], ...]:
    """Name, name in JSON and default of the fields of a class, without those whose default is made afresh."""
    if not attr.has(kind):
        return ()
    return tuple(
        (field.name, field.metadata["schema_property_name"], field.default)
        for field in attr.fields(kind)
        if not isinstance(field.default, attr.Factory)  # type: ignore[arg-type]
    )


def _told(outcome: Outcome) -> list[tuple[Finding, str | None]]:
    """The results and how each stands to what was there before; None where nothing is compared."""
    compares = outcome.since is not None or outcome.baseline is not None
    new = _worst(outcome.findings, MAX_RESULTS)
    held = _worst(outcome.since.held, MAX_RESULTS - len(new)) if outcome.since is not None else []
    told: list[tuple[Finding, str | None]] = [(finding, "new" if compares else None) for finding in new]
    return [*told, *((finding, "unchanged") for finding in held)]


def _worst(findings: tuple[Finding, ...], most: int) -> list[Finding]:
    """The findings in their order, only the worst of them where there are more than GitHub takes."""
    if len(findings) <= most:
        return list(findings)
    numbered = heapq.nsmallest(most, enumerate(findings), key=lambda pair: (-pair[1].severity, pair[0]))
    return [finding for _number, finding in sorted(numbered, key=lambda pair: pair[0])]


def _rules(rules: tuple[Rule, ...], findings: list[Finding]) -> list[om.ReportingDescriptor]:
    """The rules that found something, and only they: the pages of all would be a hundred times the findings.

    A viewer needs no others: GitHub closes an alert because its result is gone.
    """
    named = {finding.rule: finding for finding in findings}
    known = [descriptor(rule) for rule in rules if rule.id in named]
    running = {rule.id for rule in rules}
    return [*known, *(placeholder(finding) for id, finding in named.items() if id not in running)]


def _driver(rules: list[om.ReportingDescriptor]) -> om.ToolComponent:
    return om.ToolComponent(
        name="meshlint",
        version=__version__,
        semantic_version=__version__,
        information_uri=HOME,
        rules=rules,
    )


def _automation_id(options: ReportOptions) -> str:
    """Names the set of inputs; what would follow the last slash is the run, which GitHub fills in."""
    return f"meshlint/{options.category.strip('/')}/" if options.category.strip("/") else "meshlint/"


def _invocation(left_out: int) -> om.Invocation:
    text = f"{left_out} of the less severe findings are left out: GitHub takes {MAX_RESULTS} in a run."
    notes = [om.Notification(message=om.Message(text=text), level="warning")] if left_out else None
    return om.Invocation(execution_successful=True, tool_execution_notifications=notes)


def _result(
    finding: Finding, state: str | None, index: int, outcome: Outcome, options: ReportOptions
) -> om.Result:
    related = _related(finding, options)
    return om.Result(
        rule_id=finding.rule,
        rule_index=index,
        level=LEVELS[finding.severity],
        baseline_state=state,
        message=om.Message(text=_message(finding, related)),
        locations=[_primary(finding, outcome, options)],
        related_locations=related or None,
        partial_fingerprints={"primaryLocationLineHash": finding.fingerprint},
    )


def _message(finding: Finding, related: list[om.Location]) -> str:
    """The message, its hint, and a link to each related place: GitHub shows only those that are linked."""
    parts = [_unlinked(finding.message)]
    if finding.hint:
        parts.append(_unlinked(finding.hint))
    links = [f"- [{_link_text(place.message.text)}]({place.id})" for place in related[:_LINKED]]
    if len(related) > _LINKED:
        links.append(f"- and {len(related) - _LINKED} more places")
    if links:
        parts.append("\n".join(links))
    return "\n\n".join(parts)


def _unlinked(text: str) -> str:
    return text.replace("](", "] (")


def _link_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _primary(finding: Finding, outcome: Outcome, options: ReportOptions) -> om.Location:
    place = om.Location(physical_location=_physical(_first_line(finding.location, outcome), options))
    if finding.object is not None:
        named = finding.object
        full = "/".join(part for part in (named.kind, named.namespace, named.name) if part)
        place.logical_locations = [
            om.LogicalLocation(name=named.name, fully_qualified_name=full, kind="object")
        ]
    return place


def _first_line(location: Location, outcome: Outcome) -> Location:
    """The part of a place on its first line: a pull request shows an alert only if all its lines changed."""
    span, text = location.span, outcome.texts.get(location.file)
    if span.end_line == span.line or text is None or span.line > len(text.lines):
        return location
    length = len(text.lines[span.line - 1]) + 1 - span.column
    return attr.evolve(location, span=type(span).at(span.line, span.column, max(1, length)))


def _related(finding: Finding, options: ReportOptions) -> list[om.Location]:
    told = ((related.location, related.message) for related in finding.related)
    same = (
        (place, f"The same at {options.repository_path(place.file)}:{place.span.line}")
        for place in finding.others
    )
    places = list(chain(told, same))[: MAX_LOCATIONS - 1]
    return [
        om.Location(
            id=number,
            physical_location=_physical(place, options),
            message=om.Message(text=text or str(place)),
        )
        for number, (place, text) in enumerate(places, start=1)
    ]


def _physical(location: Location, options: ReportOptions) -> om.PhysicalLocation:
    span = location.span
    line, column = max(1, span.line), max(1, span.column)
    end_line = max(line, span.end_line)
    end_column = max(column + 1 if end_line == line else 1, span.end_column)
    return om.PhysicalLocation(
        artifact_location=om.ArtifactLocation(uri=_uri(options.repository_path(location.file))),
        region=om.Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column),
    )


def _uri(path: str) -> str:
    """A relative reference, or a file URI for a path from the root of the machine."""
    quoted = quote(path.encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if path.startswith("/") else quoted
