"""Copies of values: with other fields, and as plain mappings."""

from __future__ import annotations

from typing import Any

from meshlint.records.attribute import FIELDS, fields


def evolve(inst: Any, **changes: Any) -> Any:
    """A copy with other values of some fields, as `attrs.evolve` makes it."""
    cls = inst.__class__
    for one in fields(cls):
        if one.init and one.alias not in changes:
            changes[one.alias] = getattr(inst, one.name)
    return cls(**changes)


def asdict(inst: Any) -> dict[str, Any]:
    """The fields by name, values within values as mappings too, as `attrs.asdict` has it."""
    return {one.name: _plain(getattr(inst, one.name)) for one in fields(inst.__class__)}


def _plain(value: Any) -> Any:
    if hasattr(value.__class__, FIELDS):
        return asdict(value)
    if isinstance(value, tuple | list | set | frozenset):
        return value.__class__([_plain(one) for one in value])
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    return value
