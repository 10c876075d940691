"""What each CEL rule of the upstream definitions means, in our own words.

`cel_rules.json` knows a rule by the start of the SHA-256 of its text (white space made single), so that no
text is carried here, and says what it means in JSON Schema keywords, `x-meshlint-check` among them. A logical
group of the definitions that is more than a choice of fields is treated likewise.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.shape.groups import as_group
from meshlint.resources.schema.shape.structural import add

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = Path(__file__).with_name("cel_rules.json")
CHECKS = "x-meshlint-check"
MERGED = ("union", "once")


class UnknownRule(ValueError):
    """A definition holds a rule that the table does not express yet."""


def express(rules: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema keywords that say what `rules` say. UnknownRule when one is not in the table."""
    meaning: dict[str, Any] = {}
    for rule in rules:
        _join(meaning, _meaning(rule["rule"]))
    return meaning


def fingerprint(text: str) -> str:
    """The name under which the table knows a rule."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _meaning(text: str) -> dict[str, Any]:
    name = fingerprint(text)
    if name not in _table():
        raise UnknownRule(f"No meaning for rule {name}; add it to {TABLE.name}: {text}")
    return _table()[name]


@cache
def _table() -> dict[str, dict[str, Any]]:
    rows = json.loads(TABLE.read_text())
    return {name: row["means"] for row in rows for name in row["rules"]}


def settle(schema: dict[str, Any]) -> None:
    """Express, in place and everywhere below, the logical groups that are more than a choice of fields."""
    for keyword in ("oneOf", "anyOf"):
        group = as_group({keyword: schema[keyword]}) if keyword in schema else None
        if keyword in schema and group is None:
            meaning = _meaning(json.dumps(schema.pop(keyword), sort_keys=True))
            add(schema, meaning)
        elif group and group.least == 0 and len(group.fields) == 1:
            del schema[keyword]
    for child in schema.get("properties", {}).values():
        settle(child)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            settle(schema[keyword])


def _join(meaning: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if key == CHECKS:
            for check in value:
                _join_check(meaning.setdefault(CHECKS, []), check)
        elif key == "propertyNames":
            meaning.setdefault(key, {}).update(value)
        elif key not in meaning:
            meaning[key] = value
        elif meaning[key] != value:
            meaning.setdefault("allOf", []).append({key: value})


def _frame(check: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in check.items() if key not in ("arms", "values")}


def _join_check(checks: list[dict[str, Any]], check: Mapping[str, Any]) -> None:
    """Add a check once; arms of one union, and values that stand once, become one check."""
    for known in checks:
        if check["check"] in MERGED and _frame(known) == _frame(check):
            if "arms" in known:
                known["arms"] = known["arms"] | check["arms"]
            elif check["values"][0] not in known["values"]:
                known["values"] = [*known["values"], *check["values"]]
            return
        if known == check:
            return
    checks.append(dict(check))
