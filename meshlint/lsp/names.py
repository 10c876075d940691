"""What the word at a place means: where it is defined, what else names it, and what to know of it."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.edits.workspace import Workspace
from meshlint.api.overviews.matrix import AccessQuestion, answered
from meshlint.documents import Field
from meshlint.engine.finding import Finding
from meshlint.engine.usage import UsageError
from meshlint.lsp.places import holds
from meshlint.mesh.graph.links import name_of
from meshlint.resources import Resource
from meshlint.values import frozen

_MOST = 12


@frozen
class Place:
    """A place in a file: its display path, line and column from 1."""

    file: str
    line: int
    column: int

    def is_in(self, field: Field) -> bool:
        """Whether a field stands here."""
        return field.file() == self.file and holds(field.span(), self.line, self.column)


def definitions(workspace: Workspace, place: Place) -> tuple[Field, ...]:
    """Where what is named here is written."""
    return tuple(field for link in workspace.links if place.is_in(link.at) for field in link.to)


def references(workspace: Workspace, place: Place, *, declared: bool) -> tuple[Field, ...]:
    """What names the object that is written, or named, here; with `declared`, the object's own name too."""
    meant = {_key(field): field for field in definitions(workspace, place)}
    if not meant:
        own = _object_at(workspace, place)
        meant = {} if own is None else {_key(name_of(own)): name_of(own)}
        subsets = [field for link in workspace.links for field in link.to if place.is_in(field)]
        meant.update({_key(field): field for field in subsets})
    naming = [link.at for link in workspace.links if any(_key(field) in meant for field in link.to)]
    return (*(meant.values() if declared else ()), *naming)


def hover(workspace: Workspace, place: Place) -> str | None:
    """Markdown on what stands here: findings, what a name leads to, who may call a workload."""
    parts = [*_findings(workspace, place), *_targets(workspace, place), *_callers(workspace, place)]
    return "\n\n---\n\n".join(parts) if parts else None


def _findings(workspace: Workspace, place: Place) -> Iterator[str]:
    for finding in findings_at(workspace, place):
        rule = workspace.plan.rule(finding.rule)
        if rule is not None:
            name = f"[{rule.id}]({rule.page})" if rule.page else rule.id
            yield f"**{name} {rule.name}** ({finding.severity})\n\n{rule.rationale or rule.summary}"


def findings_at(workspace: Workspace, place: Place) -> tuple[Finding, ...]:
    """The findings that stand here."""
    return tuple(
        finding
        for finding in workspace.outcome.findings
        if any(
            one.file == place.file and holds(one.span, place.line, place.column)
            for one in (finding.location, *finding.others)
        )
    )


def _targets(workspace: Workspace, place: Place) -> Iterator[str]:
    found = definitions(workspace, place)
    by_key = {_key(name_of(one)): one for one in workspace.project.resources.resources}
    lines = [f"- {_label(field, by_key)}" for field in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"- and {len(found) - _MOST} more")
    if lines:
        yield "Means\n\n" + "\n".join(lines)


def _label(field: Field, by_key: dict[tuple[str, int, int], Resource]) -> str:
    known = by_key.get(_key(field))
    text = str(known) if known is not None else f"`{field.value}`"
    return f"{text} ({field.file()}:{field.span().line})"


def _callers(workspace: Workspace, place: Place) -> Iterator[str]:
    """Who may call the workload or Service whose name stands here."""
    own = _object_at(workspace, place)
    if own is None:
        return
    try:
        answer = answered(workspace.project, AccessQuestion(to=f"{own.namespace}/{own.name}"))
    except UsageError:
        return
    rows = [
        f"| {edge.client} | {edge.port} | {edge.word} | {edge.decision.transport.value} |"
        for edge in answer.edges
    ]
    if rows:
        head = "| Caller | Port | Access | Transport |\n|---|---|---|---|\n"
        more = f"\n\nand {len(rows) - _MOST} more" if len(rows) > _MOST else ""
        yield f"Who may call {own}\n\n{head}" + "\n".join(rows[:_MOST]) + more


def _object_at(workspace: Workspace, place: Place) -> Resource | None:
    """The object whose name stands here."""
    for one in workspace.project.resources.resources:
        if one.document.file == place.file and place.is_in(name_of(one)):
            return one
    return None


def _key(field: Field) -> tuple[str, int, int]:
    span = field.span()
    return field.file(), span.line, span.column
