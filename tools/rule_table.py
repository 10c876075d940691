"""Expresses the CEL rules of the upstream definitions, and holds that there is none without a meaning.

A logical group of the definitions that is more than a choice of fields is treated like a rule.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.shape.groups import as_group
from meshlint.resources.schema.shape.structural import add
from meshlint.resources.schema.store.cel_rules import fingerprint, joined, meaning

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnknownRule(ValueError):
    """A definition holds a rule that the table does not express yet."""


def express(rules: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema keywords that say what `rules` say. UnknownRule when one is not in the table."""
    return joined([_meaning(rule["rule"]) for rule in rules])


def _meaning(text: str) -> dict[str, Any]:
    found = meaning(text)
    if found is None:
        raise UnknownRule(
            f"No meaning for rule {fingerprint(text)}; add it to schemas/cel_rules.json: {text}"
        )
    return found


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
