"""The file of a baseline: JSON with a line for each finding, so that a review shows what came and went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from meshlint.documents import Span
from meshlint.engine.baseline.model import Baseline, Entry
from meshlint.engine.finding import Location
from meshlint.engine.rule import Severity
from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import evolve, regex

BASELINE_NAME = "meshlint-baseline.json"
FORMAT = "1"
_LARGEST = 64 * 1024 * 1024
_ID = regex(r'"id"\s*:\s*"([^"]*)"')
_HINT = "Write it anew: meshlint baseline"


def baseline_text(baseline: Baseline) -> str:
    """The file as text."""
    lines = [_line(_plain(entry)) for entry in sorted(baseline.entries)]
    head = {"version": FORMAT, "meshlint": baseline.version, "paths": list(baseline.paths)}
    fields = [f'"{key}": {_line(value)},' for key, value in head.items()]
    return (
        "\n".join(["{", *fields, '"findings": [', ",\n".join(lines), "]", "}"]).replace("\n\n", "\n") + "\n"
    )


def read_baseline(path: Path, shown: str) -> Baseline:
    """The baseline at `path`, told of as `shown`; raises `UsageError` where it is none."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
    except OSError as error:
        raise UsageError(Mistake(f"cannot be read: {error.strerror}", file=shown)) from error
    try:
        content = data.decode()
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UsageError(Mistake("This is no baseline: it is not JSON", _HINT, shown, line)) from error
    if not isinstance(value, dict) or value.get("version") != FORMAT:
        raise UsageError(Mistake(f'This is no baseline of version "{FORMAT}"', _HINT, shown))
    return Baseline(
        tuple(_entries(value.get("findings"), content, shown)),
        tuple(_texts(value.get("paths"))),
        str(value.get("meshlint", "")),
        shown,
    )


def _entries(value: Any, content: str, shown: str) -> Iterator[Entry]:
    if not isinstance(value, list):
        raise UsageError(Mistake('A baseline needs a list "findings"', _HINT, shown))
    lines = {name: number for number, line in enumerate(content.split("\n"), 1) for name in _ID.findall(line)}
    for number, data in enumerate(value):
        entry = _entry(data)
        if entry is None:
            raise UsageError(Mistake(f"Entry {number + 1} of the baseline is not understood", _HINT, shown))
        yield evolve(entry, place=Location(shown, Span.at(lines.get(entry.id, 1), 1)))


def _entry(data: Any) -> Entry | None:
    """The entry that `data` is, or None: people edit the file by hand."""
    if not isinstance(data, Mapping) or not all(isinstance(data.get(key), str) for key in ("rule", "id")):
        return None
    try:
        until = date.fromisoformat(data["until"]) if "until" in data else None
        severity = Severity[str(data.get("level", "warning")).upper()]
    except (ValueError, TypeError, KeyError):
        return None
    return Entry(
        data["rule"],
        str(data.get("object", "")),
        str(data.get("says", "")),
        data["id"],
        severity,
        str(data.get("why", "")),
        until,
    )


def _plain(entry: Entry) -> dict[str, str]:
    told = {
        "rule": entry.rule,
        "object": entry.object,
        "says": entry.says,
        "level": str(entry.severity),
        "id": entry.id,
        "why": entry.why,
        "until": entry.until.isoformat() if entry.until else "",
    }
    return {key: value for key, value in told.items() if value}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
