"""What a schema is in one release, told as what has to be changed in that of another."""

from __future__ import annotations

from typing import Any

from meshlint.resources.schema.store.changes import DROP, INTO, PUT


def changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The patch that makes `new` of `old`, as `store.changes.changed` applies it."""
    patch: dict[str, Any] = {}
    dropped = sorted(key for key in old if key not in new)
    both = [key for key in new if key in old and old[key] != new[key]]
    deep = [key for key in both if isinstance(old[key], dict) and isinstance(new[key], dict)]
    put = {key: new[key] for key in new if key not in old or (key in both and key not in deep)}
    if dropped:
        patch[DROP] = dropped
    if put:
        patch[PUT] = put
    if deep:
        patch[INTO] = {key: changes(old[key], new[key]) for key in deep}
    return patch
