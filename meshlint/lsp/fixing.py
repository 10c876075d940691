"""Fixes of findings, as edits of an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lsprotocol import types

from meshlint.api.edits.workspace import Workspace
from meshlint.checks.mending import Fix
from meshlint.documents import FileText
from meshlint.engine.finding import Finding
from meshlint.fixes import Change
from meshlint.lsp.places import position_at, uri_of


def fixes(
    workspace: Workspace, findings: Iterable[Finding], one: types.Diagnostic
) -> Iterator[types.CodeAction]:
    """What mends the findings that a diagnostic tells of, each fix once; nothing that cannot be done exactly.

    A fix that decides nothing is what the editor may do by itself; of another one the title says so.
    """
    told: set[tuple[Change, ...]] = set()
    for finding in findings:
        changes = workspace.changes_of(finding)
        if finding.fix is not None and changes and changes not in told:
            told.add(changes)
            yield _action(workspace, finding.fix, changes, one)


def _action(
    workspace: Workspace, fix: Fix, changes: tuple[Change, ...], one: types.Diagnostic
) -> types.CodeAction:
    title = fix.title[:1].upper() + fix.title[1:]
    return types.CodeAction(
        title=title if fix.safe else f"{title} (this decides something)",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[one],
        is_preferred=fix.safe or None,
        edit=types.WorkspaceEdit(changes=_edits(workspace, changes)),
    )


def _edits(workspace: Workspace, changes: Iterable[Change]) -> Mapping[str, list[types.TextEdit]]:
    texts = workspace.project.texts
    found: dict[str, list[types.TextEdit]] = {}
    for change in changes:
        place = _range(texts[change.file], change)
        found.setdefault(uri_of(workspace.root, change.file), []).append(types.TextEdit(place, change.text))
    return found


def _range(text: FileText, change: Change) -> types.Range:
    return types.Range(position_at(text.content, change.start), position_at(text.content, change.end))
