"""Findings as diagnostics, by file."""

from __future__ import annotations

from lsprotocol import types

from meshlint.api.edits.workspace import Workspace
from meshlint.engine.finding import Finding, Location
from meshlint.engine.rule import Severity
from meshlint.lsp.places import location_of, range_of, uri_of

SOURCE = "meshlint"
_LEVELS = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostics_of(workspace: Workspace) -> dict[str, list[types.Diagnostic]]:
    """What is wrong in each file, by its URI; the further places of a flood have a diagnostic each."""
    found: dict[str, list[types.Diagnostic]] = {}
    for finding in workspace.outcome.findings:
        for location in (finding.location, *finding.others):
            uri = uri_of(workspace.root, location.file)
            found.setdefault(uri, []).append(_diagnostic(workspace, finding, location))
    return found


def _diagnostic(workspace: Workspace, finding: Finding, location: Location) -> types.Diagnostic:
    texts = workspace.outcome.texts
    hint = f"\n{finding.hint}" if finding.hint else ""
    page = page_of(workspace, finding.rule)
    return types.Diagnostic(
        range=range_of(location.span, texts.get(location.file)),
        message=f"{finding.message}{hint}",
        severity=_LEVELS[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(href=page) if page else None,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(location_of(workspace.root, one.location, texts), one.message)
            for one in finding.related
        ]
        or None,
    )


def page_of(workspace: Workspace, id: str) -> str:
    """The address of a rule's page; empty for one that has none."""
    rule = workspace.plan.rule(id)
    return rule.page if rule is not None else ""
