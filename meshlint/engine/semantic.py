"""Names for places that outlive a change of file, line and order."""

from __future__ import annotations

import json
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.documents import Field
from meshlint.resources.resource import ObjectId

_NAMING_KEYS = ("name", "host", "destination", "key", "port", "number", "from", "to", "type")
_LONGEST_LABEL = 120
_written = json.JSONEncoder(ensure_ascii=False).encode


def semantic_path(hit: Hit) -> tuple[str, ...]:
    """Where a hit is, from its object's root; a list entry is `[name]`, or `[index]` if nothing names it."""
    if not isinstance(hit.at, Field):
        return ()
    path, root = hit.at.path, hit.resource.field if hit.resource is not None else None
    above = root.path if root is not None and hit.at.document is root.document else ()
    if root is None or path[: len(above)] != root.path:
        return tuple(_steps(hit.at.document.value, path))
    return tuple(_steps(root.value, path[len(above) :]))


def fingerprint(rule: str, hit: Hit, path: tuple[str, ...] | None = None) -> str:
    """A hash of what is wrong with which field of which object, the same wherever the object is written.

    `path` is the semantic path of the hit, where that is known.
    """
    value = _normal(hit.at.value) if isinstance(hit.at, Field) and not hit.on_key else ""
    words = hit.message if hit.resource is None else value
    parts = (rule, *_object_words(hit), *(semantic_path(hit) if path is None else path), words, hit.about)
    return digest(*parts)


def digest(*parts: str) -> str:
    """A hash of texts, each kept apart from the next."""
    import hashlib  # it loads a library of ciphers, and many a run finds nothing

    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _object_words(hit: Hit) -> tuple[str, ...]:
    if hit.resource is None:
        return ()
    name: ObjectId = hit.resource.id
    return (name.group, name.kind, name.namespace, name.name)


def _steps(value: Any, path: tuple[str | int, ...]) -> list[str]:
    steps: list[str] = []
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            steps.append(f"[{_label(value) or step}]")
        else:
            value = value.get(step) if isinstance(value, dict) else None
            steps.append(step)
    return steps


def _label(entry: Any) -> str:
    """What names an entry of a list: itself, or the first of its fields that does."""
    if not isinstance(entry, dict):
        return _normal(entry).strip('"')[:_LONGEST_LABEL]
    for key in _NAMING_KEYS:
        label = _naming_value(entry.get(key))
        if label:
            subset = entry.get("subset")
            return f"{label}/{subset}" if key == "host" and isinstance(subset, str) else label
    return ""


def _naming_value(value: Any) -> str:
    if isinstance(value, dict):
        return _label(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)[:_LONGEST_LABEL]
    return ""


def _normal(value: Any) -> str:
    """A scalar or a list of scalars; nothing for more than that, because any edit in it would show."""
    if isinstance(value, list):
        if any(isinstance(item, dict | list) for item in value):
            return ""
        return json.dumps(sorted(json.dumps(item) for item in value))
    return "" if value is None or isinstance(value, dict) else _written(value)
