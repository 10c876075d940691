"""Chains of calls, for people."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.reports.access.answer import AccessAnswer, ChainRow, HopRow
from meshlint.reports.access.lines import access_role, decided, indented
from meshlint.reports.shared.columns import columns
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable
from meshlint.security.access.decision import Effect

_HEADER = ("CHAIN", "FROM", "TO", "PORT", "TRANSPORT", "ACCESS", "DECIDED BY")
_OUTSIDE = "outside"
_UNSEEN = "the pods of the gateway are not in the manifests, so nothing is known that keeps anybody out"


def chain_lines(answer: AccessAnswer, options: ReportOptions, *, why: bool) -> Iterator[str]:
    """A row for each call of each chain; `why` tells what shows it and what decides it."""
    chains = answer.chains or ()
    if not chains:
        start = answer.source or _OUTSIDE
        yield printable(f"No chain of calls leads from {start} to {answer.to}.")
        return
    hops = [hop for chain in chains for hop in chain.hops]
    rows = [row for number, chain in enumerate(chains, 1) for row in _rows(number, chain)]
    table = columns(_HEADER, rows, options.width, color=options.color, role=_role)
    yield from next(table, [])
    for hop, lines in zip(hops, table, strict=True):
        yield from lines
        if why:
            yield from _why(hop, options)


def _rows(number: int, chain: ChainRow) -> Iterator[tuple[str, ...]]:
    for place, hop in enumerate(chain.hops):
        first = f"{number} {chain.word}" if place == 0 else ""
        transport = "" if hop.decision is None else hop.decision.transport.value
        port = "" if hop.port is None else str(hop.port)
        yield first, hop.client, hop.server, port, transport, hop.word, _decided_by(hop)


def _role(column: int, text: str) -> str:
    return access_role(column - 1, text)


def _decided_by(hop: HopRow) -> str:
    """What lets a call in, in few words."""
    if hop.decision is None:
        return "a gateway"
    if not hop.decision.is_allowed and not hop.decision.is_partial:
        return f"depends on {', '.join(hop.decision.depends_on)}"
    labels = [one.label for one in hop.decision.deciding if one.effect is Effect.ALLOWS]
    return ", ".join(labels) or hop.decision.reason


def _why(hop: HopRow, options: ReportOptions) -> Iterator[str]:
    if hop.by:
        yield from indented(f"named by {hop.by}{_place(hop)}", options)
    if hop.decision is None:
        yield from indented(_UNSEEN, options)
    else:
        yield from decided(hop.decision, options)


def _place(hop: HopRow) -> str:
    if hop.at is None:
        return ""
    span = hop.at.span()
    return f" ({hop.at.document.file}:{span.line}:{span.column})"
