"""Lists of rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import asdict

from meshlint.engine.rule import TEXTS, Rule
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.style import paint

LIST_FORMATS = ("text", "json", "markdown")
_BEFORE_TEXTS = ("id", "name", "summary", "severity", "check")
_BETWEEN_TEXTS = ("profile", "confidence", "meshes", "replaces")
"""Fields of a rule in the order in which they are shown."""


def write_rules(rules: Iterable[Rule], format_name: str, options: ReportOptions) -> Iterator[str]:
    """The lines of the list in one of `LIST_FORMATS`."""
    rules = list(rules)
    if format_name == "json":
        yield json.dumps([rule_data(rule) for rule in rules], indent=2, ensure_ascii=False)
    elif format_name == "markdown":
        yield from _markdown(rules)
    else:
        yield from _table(rules, options)


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as what JSON can hold."""
    why, what, references = TEXTS
    names = (*_BEFORE_TEXTS, why, what, *_BETWEEN_TEXTS, references)
    shown = {name: getattr(rule, name) for name in names}
    others = asdict(rule, filter=lambda field, _: field.name != "texts" and field.name not in shown)
    return {**shown, **others, "severity": str(rule.severity), "family": rule.family}


def _table(rules: list[Rule], options: ReportOptions) -> Iterator[str]:
    widths = [
        max((len(str(cell)) for cell in column), default=0)
        for column in zip(*map(_cells, rules), strict=True)
    ]
    for rule in rules:
        id, name, severity, profile = (
            cell.ljust(width) for cell, width in zip(_cells(rule), widths, strict=True)
        )
        shown = paint(str(rule.severity), severity, color=options.color)
        strong = paint("strong", id, color=options.color)
        yield f"{strong}  {name}  {shown}  {profile}  {rule.summary}".rstrip()


def _cells(rule: Rule) -> tuple[str, str, str, str]:
    return rule.id, rule.name, str(rule.severity), str(rule.profile)


def _markdown(rules: list[Rule]) -> Iterator[str]:
    yield "| rule | name | severity | profile | meshes | what it finds |"
    yield "|---|---|---|---|---|---|"
    for rule in rules:
        meshes = ", ".join(rule.meshes)
        cells = (rule.id, f"`{rule.name}`", str(rule.severity), str(rule.profile), meshes, rule.summary)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
