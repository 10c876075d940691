"""What the CEL rules of definitions mean, in our own words.

`schemas/cel_rules.json` knows a rule by the start of the SHA-256 of its text (white space made single), so
that no text is carried here, and says what it means in JSON Schema keywords, `x-meshlint-check` among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from meshlint.resources.schema.shape.structural import keep_rules
from meshlint.resources.schema.store.catalogue import read_json

CHECKS = "x-meshlint-check"
MERGED = ("union", "once")


def known_rules(rules: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema keywords that say what `rules` say; those that the table does not know stay CEL."""
    known = [found for rule in rules if (found := meaning(rule["rule"])) is not None]
    strange = [rule for rule in rules if meaning(rule["rule"]) is None]
    return joined(known) | keep_rules(strange)


def joined(meanings: list[dict[str, Any]]) -> dict[str, Any]:
    """Several meanings as one."""
    result: dict[str, Any] = {}
    for one in meanings:
        _join(result, one)
    return result


def meaning(text: str) -> dict[str, Any] | None:
    """What a rule means; None when the table does not know it."""
    return _table().get(fingerprint(text))


def fingerprint(text: str) -> str:
    """The name under which the table knows a rule."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return {name: row["means"] for row in read_json("cel_rules.json") for name in row["rules"]}


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
