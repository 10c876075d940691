"""Makes a schema smaller: a part that stands in it more than once moves to `$defs`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

WORTHWHILE = 160


def shrink(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, its repeated object and array parts named once under `$defs`."""
    counts: Counter[str] = Counter()
    _count(schema, counts)
    shared = {text for text, count in counts.items() if count > 1 and len(text) > WORTHWHILE}
    names = {text: f"s{number}" for number, text in enumerate(sorted(shared, key=lambda t: (-len(t), t)))}
    root = {key: _replace(value, names, key) for key, value in schema.items()}
    if names:
        root["$defs"] = {name: _inner(json.loads(text), names) for text, name in names.items()}
    return root


def _text(node: Any) -> str:
    return json.dumps(node, sort_keys=True, separators=(",", ":"))


def _subschemas(node: dict[str, Any]) -> list[dict[str, Any]]:
    children = list(node.get("properties", {}).values())
    children += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    return children


def _count(node: dict[str, Any], counts: Counter[str]) -> None:
    for child in _subschemas(node):
        counts[_text(child)] += 1
        if counts[_text(child)] == 1:
            _count(child, counts)


def _inner(node: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {key: _replace(value, names, key) for key, value in node.items()}


def _replace(value: Any, names: dict[str, str], key: str) -> Any:
    if key == "properties":
        return {name: _refer(part, names) for name, part in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return _refer(value, names)
    return value


def _refer(node: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    name = names.get(_text(node))
    return {"$ref": f"#/$defs/{name}"} if name else _inner(node, names)
