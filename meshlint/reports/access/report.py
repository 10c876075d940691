"""Who may call whom, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from meshlint.reports.access.answer import AccessAnswer, AdmittedRow, EdgeRow
from meshlint.reports.shared.columns import columns
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint, printable
from meshlint.security.access.decision import AccessDecision, Decider
from meshlint.security.transport.calls import Transport

ACCESS_FORMATS = ("text", "json")

_EDGES = ("FROM", "TO", "PORT", "TRANSPORT", "ACCESS", "WITH")
_ADMITTED = ("PORT", "WHO", "WITH", "BY")
_ROLES = {"allowed": "help", "denied": "error", "in part": "warning", "depends": "warning"}
_TRANSPORTS = {Transport.BROKEN.value: "error", Transport.PLAINTEXT.value: "warning"}
_TRANSPORT_COLUMN, _ACCESS_COLUMN = 3, 4


def write_access(
    answer: AccessAnswer, format_name: str, options: ReportOptions, *, why: bool = False
) -> Iterator[str]:
    """The lines of an answer in one of `ACCESS_FORMATS`; `why` tells people what decides each row."""
    if format_name == "json":
        from meshlint.reports.access.json import access_json

        return access_json(answer)
    return _text(answer, options, why=why)


def _text(answer: AccessAnswer, options: ReportOptions, *, why: bool) -> Iterator[str]:
    if answer.edges:
        yield from _edges(answer, options, why=why)
    else:
        yield _nothing(answer)
    if answer.admitted:
        yield ""
        yield paint("frame", printable(f"Whom the policies of {answer.to} let in"), color=options.color)
        rows = [_admitted(row) for row in answer.admitted]
        for lines in columns(_ADMITTED, rows, options.width, color=options.color):
            yield from lines
    for note in answer.notes:
        yield printable(note)


def _nothing(answer: AccessAnswer) -> str:
    if answer.source is not None:
        return printable(f"{answer.source} may call nothing that is in the manifests.")
    return "No call, route or policy in the manifests names who calls whom. Ask with --to or --from."


def _edges(answer: AccessAnswer, options: ReportOptions, *, why: bool) -> Iterator[str]:
    rows = [_edge(edge) for edge in answer.edges]
    table = columns(_EDGES, rows, options.width, color=options.color, role=_role)
    yield from next(table, [])
    for edge, lines in zip(answer.edges, table, strict=True):
        yield from lines
        if why:
            yield from _why(edge.decision, options)


def _edge(edge: EdgeRow) -> tuple[str, ...]:
    decision = edge.decision
    words = ""
    if decision.is_partial:
        words = "; ".join(decision.explanation.let_in)
    elif edge.word == "depends":
        words = f"depends on {', '.join(decision.depends_on)}"
    return (edge.client, edge.server, str(edge.port), decision.transport.value, edge.word, words)


def _role(column: int, text: str) -> str:
    if column == _ACCESS_COLUMN:
        return _ROLES.get(text, "")
    return _TRANSPORTS.get(text, "") if column == _TRANSPORT_COLUMN else ""


def _why(decision: AccessDecision, options: ReportOptions) -> Iterator[str]:
    yield from _indented(decision.reason, options)
    for decider in decision.deciding:
        yield from _indented(f"{_effect(decider)} {_placed(decider)}", options)
    transport = f"{decision.transport.value}: {decision.hop.reason}"
    if not decision.is_denied or decision.transport is not Transport.BROKEN:
        yield from _indented(transport, options)
    for need in decision.explanation.needs:
        yield from _indented(f"needs {need}", options)


def _effect(decider: Decider) -> str:
    return f"{decider.effect.value}:"


def _placed(decider: Decider) -> str:
    return f"{decider.label} ({decider.place})" if decider.place else decider.label


def _indented(text: str, options: ReportOptions) -> Iterator[str]:
    yield from textwrap.wrap(
        printable(text),
        max(options.width, 40),
        initial_indent="    ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _admitted(row: AdmittedRow) -> tuple[str, ...]:
    one = row.admission
    over = f" over {one.over}" if one.over else ""
    less = "".join(f", except {bar.what}" for bar in one.less)
    asks = " if the provider agrees" if one.asks else ""
    by = _placed(one.by) if one.by is not None else (one.note or "no policy asks for more")
    if (one.by is not None and one.where) or one.where:
        by = f"{by} at {one.where}"
    return (str(row.port), one.who, f"{one.what}{over}{less}{asks}", by)
