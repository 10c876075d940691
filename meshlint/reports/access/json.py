"""Who may call whom, for programs: the shape is `schemas/access.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from meshlint import __version__
from meshlint.reports.access.answer import AccessAnswer, AdmittedRow, EdgeRow
from meshlint.security.access.decision import AccessDecision, Decider

VERSION = "1"


def access_json(answer: AccessAnswer) -> Iterator[str]:
    """The lines of the report."""
    yield json.dumps(access_data(answer), indent=2, ensure_ascii=False)


def access_data(answer: AccessAnswer) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "version": VERSION,
        "tool": {"name": "meshlint", "version": __version__},
        "to": answer.to,
        "from": answer.source,
        "verdict": None if answer.verdict is None else answer.verdict.value,
        "edges": [_edge(edge) for edge in answer.edges],
        "admitted": [_admitted(row) for row in answer.admitted],
        "notes": list(answer.notes),
    }


def _edge(edge: EdgeRow) -> dict[str, Any]:
    decision = edge.decision
    return {
        "client": edge.client,
        "server": edge.server,
        "port": edge.port,
        "access": edge.word,
        **_decision(decision),
        "workloads": [_part(part) for part in decision.parts],
    }


def _part(decision: AccessDecision) -> dict[str, Any]:
    server = decision.server
    return {"workload": f"{server.namespace}/{server.name}", "port": decision.port, **_decision(decision)}


def _decision(decision: AccessDecision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "depends_on": list(decision.depends_on),
        "transport": decision.transport.value,
        "transport_reason": decision.hop.reason,
        "transport_objects": [str(one) for one in decision.hop.deciding],
        "identity": decision.identity,
        "dataplane": None if decision.dataplane is None else decision.dataplane.value,
        "deciding": [_decider(one) for one in decision.deciding],
        "let_in": list(decision.explanation.let_in),
        "needs": list(decision.explanation.needs),
    }


def _decider(one: Decider) -> dict[str, Any]:
    return {
        "effect": one.effect.value,
        "name": one.name,
        "rule": None if one.rule is None else one.rule + 1,
        "file": one.file,
        "line": one.line,
        "column": one.column,
    }


def _admitted(row: AdmittedRow) -> dict[str, Any]:
    one = row.admission
    return {
        "server": row.server,
        "port": row.port,
        "who": one.who,
        "with": one.what,
        "over": one.over or None,
        "by": None if one.by is None else _decider(one.by),
        "except": [{"what": bar.what, "by": _decider(bar.decider)} for bar in one.less],
        "asks": [_decider(asked) for asked in one.asks],
        "at": one.where or None,
        "note": one.note or None,
    }
