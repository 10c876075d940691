"""How are acceptances told? A table of where each is written, why, until when, and what it does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.engine.suppression.acceptance import Acceptance, State
from meshlint.reports.shared.columns import columns
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import printable

ACCEPTANCE_FORMATS = ("text", "markdown", "json")
VERSION = "1"
_HEADER = ("rule", "accepted in", "of", "findings", "until", "why")
_NO_REASON = "no reason is given"


def write_acceptances(
    accepted: Sequence[Acceptance], format_name: str, options: ReportOptions
) -> Iterator[str]:
    """The lines of the list in one of `ACCEPTANCE_FORMATS`."""
    if format_name == "json":
        told = [_plain(one) for one in accepted]
        yield json.dumps({"version": VERSION, "accepted": told}, indent=2, ensure_ascii=False)
        return
    if format_name == "markdown":
        yield from _markdown([_HEADER, *map(_row, accepted)])
    else:
        for lines in columns(_HEADER, [_row(one) for one in accepted], options.width, color=options.color):
            yield from lines
    yield from ("", _counted(accepted)) if accepted else ("Nothing is accepted.",)


def _row(one: Acceptance) -> tuple[str, ...]:
    place = f"{one.place.file}:{one.place.span.line}" if one.place.file else str(one.way)
    state = str(len(one.findings)) if one.state is State.IN_USE else str(one.state)
    return (one.word, place, one.about, state, str(one.until or ""), one.why or _NO_REASON)


def _counted(accepted: Sequence[Acceptance]) -> str:
    ways = Counter(str(one.way) for one in accepted)
    states = Counter(one.state for one in accepted)
    held = len({fingerprint for one in accepted for fingerprint in one.findings})
    parts = [f"{count} by {way}" for way, count in sorted(ways.items())]
    told = [
        f"{states[state]} {state}" for state in (State.EXPIRED, State.UNUSED, State.UNSEEN) if states[state]
    ]
    without = sum(not one.why for one in accepted)
    told += [f"{without} without a reason"] if without else []
    noun = "finding is" if held == 1 else "findings are"
    return f"{held} {noun} accepted ({', '.join(parts)})" + (f"; {', '.join(told)}" if told else "") + "."


def _markdown(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        cells = (
            printable(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in row
        )
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield "|" + "---|" * len(row)


def _cell(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _plain(one: Acceptance) -> dict[str, Any]:
    return {
        "by": str(one.way),
        "file": one.place.file,
        "line": one.place.span.line,
        "rules": one.word,
        "about": one.about,
        "why": one.why,
        "until": one.until.isoformat() if one.until else None,
        "state": str(one.state),
        "findings": sorted(one.findings),
    }
