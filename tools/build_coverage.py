"""Writes `docs/coverage.md`: which rule covers what other tools and our own list of defects name.

The rows stand in `docs/coverage/*.yaml`, one file for each area: an id with its level and a few words, and
either the rules that cover it or the reason why none does. A rule that says in `replaces` that it covers a
code is added by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from meshlint.engine.catalogue import load_catalogue

PROJECT = Path(__file__).resolve().parent.parent
AREAS = PROJECT / "docs" / "coverage"
PAGE = PROJECT / "docs" / "coverage.md"
LEVELS = ("error", "warning", "info")
_INTRODUCTION = """# Coverage

What other tools report, and what our own list of defects holds, by the rule that finds it. Where there is no
rule, the reason is given: `undecidable` needs a running cluster or other knowledge that no manifest has,
`wrong` is held for mistaken, and `open` is decidable and not done yet.

This page is made by `python -m tools.build_coverage` from `docs/coverage/*.yaml` and the rules.
"""


@frozen
class Row:
    """One id: what it is about, and the rules that find it or the reason why none does."""

    id: str
    level: str
    about: str
    rules: tuple[str, ...]
    reason: str

    @property
    def state(self) -> str:
        """`covered`, or the first word of the reason."""
        return "covered" if self.rules else self.reason.partition(":")[0]


@frozen
class Area:
    """The rows of one file."""

    title: str
    rows: tuple[Row, ...]


def main() -> int:
    """Write the page, or say on stderr which rows are wrong."""
    areas = read_areas()
    wrong = list(mistakes(areas))
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        PAGE.write_text(page(areas), encoding="utf-8")
    return 1 if wrong else 0


def read_areas() -> tuple[Area, ...]:
    """The areas, in the order of their files."""
    replaced: dict[str, list[str]] = {}
    for rule in load_catalogue().rules:
        for code in rule.replaces:
            replaced.setdefault(code, []).append(rule.id)
    return tuple(_area(yaml.safe_load(file.read_text()), replaced) for file in sorted(AREAS.glob("*.yaml")))


def mistakes(areas: Iterable[Area]) -> Iterator[str]:
    """What is wrong with the rows, one line for each thing."""
    known = {rule.id for rule in load_catalogue().rules}
    for area in areas:
        for row in area.rows:
            yield from (f"{row.id}: there is no rule {rule}" for rule in row.rules if rule not in known)
            if row.level not in LEVELS:
                yield f"{row.id}: {row.level!r} is no level"
            if not row.rules and row.state not in ("undecidable", "wrong", "open"):
                yield f"{row.id}: neither a rule nor a reason"


def page(areas: Iterable[Area]) -> str:
    """The text of the page."""
    return "\n".join([_INTRODUCTION, *(_section(area) for area in areas)])


def _area(data: Mapping[str, Any], replaced: Mapping[str, list[str]]) -> Area:
    return Area(data["title"], tuple(_row(key, row, replaced) for key, row in data["rows"].items()))


def _row(key: str, row: Mapping[str, Any], replaced: Mapping[str, list[str]]) -> Row:
    rules = sorted({*row.get("rules", ()), *replaced.get(key, ())})
    return Row(key, row["level"], row["about"], tuple(rules), row.get("reason", ""))


def _section(area: Area) -> str:
    lines = [f"## {area.title}", "", _totals(area), "", "| id | level | about | rules |", "|---|---|---|---|"]
    for row in area.rows:
        lines.append(f"| {row.id} | {row.level} | {row.about} | {', '.join(row.rules) or row.reason} |")
    return "\n".join([*lines, ""])


def _totals(area: Area) -> str:
    parts = []
    for level in LEVELS:
        rows = [row for row in area.rows if row.level == level and row.state in ("covered", "open")]
        if rows:
            covered = sum(row.state == "covered" for row in rows)
            parts.append(f"{covered} of {len(rows)} of level {level}")
    return f"Covered of what manifests can decide: {', '.join(parts)}."


if __name__ == "__main__":
    sys.exit(main())
