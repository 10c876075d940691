"""Checks on a whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.constraints.reading import REFUSED, items, mappings
from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.words.writing import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping


def distinct(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """No two items agree on all of `keys`.

    `if_set`: only items that set this key count. `only`: only items whose key has one of these values.
    `blank`: an empty or zero value is as good as none.
    """
    seen: dict[tuple[str, ...], int] = {}
    for index, item in mappings(value):
        if not _counts(item, params):
            continue
        names = [_identity(item, key, params) for key in params["keys"]]
        first = seen.setdefault(tuple(map(repr, names)), index)
        if first != index:
            shown = [quoted(name) for name in names if name is not None]
            what = " and ".join(params["keys"][:3]) if len(shown) > 1 else params["keys"][0]
            message = f"Two items have the same {what} {', '.join(shown)}, {REFUSED}"
            return Broken(message, (index,), suggestion="Remove or rename one of them.", related=((first,),))
    return None


def _counts(item: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    if "if_set" in params and params["if_set"] not in item:
        return False
    return all(item.get(key) in values for key, values in params.get("only", {}).items())


def _identity(item: Mapping[str, Any], key: str, params: Mapping[str, Any]) -> Any:
    value = item.get(key)
    return None if params.get("blank") and not value else value


def aligned(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Items that agree on `same` set the same ones of the keys `by`, for else either might count."""
    seen: dict[tuple[str, ...], tuple[int, tuple[bool, ...]]] = {}
    for index, item in mappings(value):
        identity = tuple(repr(item.get(key) or None) for key in params["same"])
        shape = tuple(bool(item.get(key)) for key in params["by"])
        first, wanted = seen.setdefault(identity, (index, shape))
        if shape != wanted:
            key = next(k for k, mine, its in zip(params["by"], shape, wanted, strict=True) if mine != its)
            message = (
                f"Two references to one object must both set {quoted(key)} or both leave it out, {REFUSED}"
            )
            return Broken(message, (index,), related=((first,),))
    return None


def once(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Each of `values` stands at most once under the key `by`."""
    seen: dict[str, int] = {}
    for index, item in mappings(value):
        kind = item.get(params["by"])
        if isinstance(kind, str) and kind in params["values"]:
            first = seen.setdefault(kind, index)
            if first != index:
                message = f"{quoted(kind)} stands twice in one list, {REFUSED}"
                return Broken(message, (index,), suggestion="Join them into one.", related=((first,),))
    return None


def apart(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """The `values` of the key `by` do not stand in one list together."""
    seen: dict[str, int] = {}
    for index, item in mappings(value):
        kind = item.get(params["by"])
        if isinstance(kind, str) and kind in params["values"]:
            seen.setdefault(kind, index)
    if len(seen) < len(params["values"]):
        return None
    *_, first, second = sorted(seen.values())
    message = f"{listed(params['values'], 'and')} stand in one list and exclude each other, {REFUSED}"
    return Broken(message, (second,), suggestion="Keep one of them.", related=((first,),))


def total(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """The lists at `field` of all items have at most `most` items together."""
    field, most = params["field"], params["most"]
    counted = sum(len(items(item, field)) for _, item in mappings(value))
    if counted <= most:
        return None
    return Broken(f"There are {counted} {field} in all, over the {most} that one object may hold, {REFUSED}")


def wildcard_alone(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A list that holds `*` holds nothing else."""
    del params
    if "*" not in items(value) or len(value) == 1:
        return None
    place = (value.index("*"),)
    return Broken(f'"*" stands beside other values and must stand alone, {REFUSED}', place)
