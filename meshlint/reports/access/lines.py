"""What the tables of edges and of chains have in common: colours, and the lines on what decides."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable
from meshlint.security.access.decision import AccessDecision, Decider
from meshlint.security.transport.calls import Transport

_ROLES = {"allowed": "help", "denied": "error", "in part": "warning", "depends": "warning"}
_TRANSPORTS = {Transport.BROKEN.value: "error", Transport.PLAINTEXT.value: "warning"}
_TRANSPORT_COLUMN, _ACCESS_COLUMN = 3, 4


def access_role(column: int, text: str) -> str:
    """The role of a cell in a table of edges."""
    if column == _ACCESS_COLUMN:
        return _ROLES.get(text, "")
    return _TRANSPORTS.get(text, "") if column == _TRANSPORT_COLUMN else ""


def decided(decision: AccessDecision, options: ReportOptions) -> Iterator[str]:
    """Why a call is let in or not, how it travels, and what it would need."""
    yield from indented(decision.reason, options)
    for decider in decision.deciding:
        yield from indented(f"{decider.effect.value}: {placed(decider)}", options)
    transport = f"{decision.transport.value}: {decision.hop.reason}"
    if not decision.is_denied or decision.transport is not Transport.BROKEN:
        yield from indented(transport, options)
    for need in decision.explanation.needs:
        yield from indented(f"needs {need}", options)


def placed(decider: Decider) -> str:
    """A decider with its place."""
    return f"{decider.label} ({decider.place})" if decider.place else decider.label


def indented(text: str, options: ReportOptions) -> Iterator[str]:
    """A text below a row, as wide as the terminal."""
    yield from textwrap.wrap(
        printable(text),
        max(options.width, 40),
        initial_indent="    ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
