"""What an editor can do about a finding at a place."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from meshlint.api.edits.workspace import Workspace
from meshlint.engine.finding import Finding
from meshlint.lsp.diagnostics import SOURCE
from meshlint.lsp.fixing import fixes
from meshlint.lsp.places import range_of, uri_of

_WHY = "say why"


def actions(
    workspace: Workspace, path: str, diagnostics: list[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """For each diagnostic of ours, to mend it, and to accept it in a comment at the end of its line."""
    text = workspace.outcome.texts.get(path)
    if text is None:
        return
    for one in diagnostics:
        line = one.range.start.line
        if one.source == SOURCE and line < len(text.lines):
            yield from fixes(workspace, _told_by(workspace, path, one), one)
            yield _acceptance(workspace, path, one, text.lines[line])


def _told_by(workspace: Workspace, path: str, one: types.Diagnostic) -> Iterator[Finding]:
    """The findings behind a diagnostic: those of its rule at its place. A flood has one fix for each of them,
    so what is found is not grouped.
    """
    text = workspace.outcome.texts.get(path)
    for finding in workspace.each:
        place = finding.location
        if (finding.rule, place.file) == (one.code, path) and range_of(place.span, text) == one.range:
            yield finding


def _acceptance(workspace: Workspace, path: str, one: types.Diagnostic, written: str) -> types.CodeAction:
    end = types.Position(one.range.start.line, len(written.encode("utf-16-le")) // 2)
    edit = types.TextEdit(types.Range(end, end), f"  # meshlint: ignore[{one.code}] {_WHY}")
    return types.CodeAction(
        title=f"Accept {one.code} here",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[one],
        edit=types.WorkspaceEdit(changes={uri_of(workspace.root, path): [edit]}),
    )
