"""Walks a value along its schema and finds what breaks it.

One mistake gives one fault: below a value of the wrong type nothing is said; a misspelt required field is
unknown and not also missing; constraints are asked only where everything within is sound. A null is what the
API server takes it for: absent, unless the field may be null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshlint.documents.placeholders import is_unknown
from meshlint.resources.schema.constraints import broken
from meshlint.resources.schema.fault import Fault
from meshlint.resources.schema.forms.formats import FORMATS
from meshlint.resources.schema.record import holds
from meshlint.resources.schema.shape.effective import effective
from meshlint.resources.schema.shape.limits import LIMITS, within
from meshlint.resources.schema.violation import Reason
from meshlint.resources.schema.words.names import likeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshlint.resources.schema.fault import Broken
    from meshlint.resources.schema.shape.groups import Group
    from meshlint.resources.schema.shape.node import Node

MOST_FAULTS: Final = 200
LONGEST_MATCHED: Final = 4096
NOTHING: Final[tuple[Fault, ...]] = ()


def walk(node: Node, value: Any) -> list[Fault]:
    """The faults of `value` as `node` sees it, in the order in which they are written."""
    return list(_visit(node, value))[:MOST_FAULTS]


def _visit(node: Node, value: Any) -> list[Fault] | tuple[Fault, ...]:
    kind = type(value)
    if kind not in node.plain and node.types and not _fits(node, value):
        return NOTHING if is_unknown(value) else [Fault(Reason.WRONG_TYPE, detail={"value": value})]
    if kind is dict:
        faults = _object(node, value)
    elif kind is list:
        faults = _list(node, value)
    else:
        faults = []
    if node.limits and not faults:
        found = broken_limits(node, effective(node, value) if kind is dict else value)
        faults += [] if found and is_unknown(value) else found
    if not faults and (node.checks or node.cel or node.opaque):
        faults += broken_constraints(node, value)
    return faults


def _fits(node: Node, value: Any) -> bool:
    """Whether a value that is not plainly of the right type still is: 80.0 is a whole number."""
    if isinstance(value, float) and "integer" in node.types:
        return value.is_integer()
    return False


def _object(node: Node, value: dict[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    unknown: list[str] = []
    known = node.children
    for key, inner in value.items():
        child = known.get(key) or node.child(key)
        if child is None:
            if node.closed and key not in node.properties and not key.startswith("$"):
                unknown.append(key)
        elif inner is not None and not (child.plainly_sound and type(inner) in child.plain):
            found = _visit(child, inner)
            if found:
                faults += [fault.under(key) for fault in found]
    names = node.names
    if names is not None:
        faults += [_of_key(fault, key) for key in value for fault in broken_limits(names, key)]
    if not unknown and not node.groups and all(value.get(name) is not None for name in node.required):
        return faults
    return faults + _names(node, value, unknown)


def _of_key(fault: Fault, key: str) -> Fault:
    return Fault(fault.reason, (key,), on_key=True, detail=fault.detail | {"key": key})


def _names(node: Node, value: dict[str, Any], unknown: list[str]) -> list[Fault]:
    faults = [
        Fault(Reason.UNKNOWN_FIELD, (key,), on_key=True, detail={"value": value[key]}) for key in unknown
    ]
    missing = [name for name in node.required if not _is_set(node, value, name)]
    meant = _renamed(node, value, unknown, missing)
    absent = [name for name in missing if name not in meant]
    if absent:
        faults.append(_missing(value, absent))
    elif not unknown or not meant:
        faults += next(
            (found for group in node.groups if (found := broken_group(node, value, group, unknown))), []
        )
    return faults


def _missing(value: dict[str, Any], absent: list[str]) -> Fault:
    if len(absent) == 1 and absent[0] in value:
        return Fault(Reason.MISSING_FIELD, (absent[0],), on_key=True, detail={"names": absent, "empty": True})
    return Fault(Reason.MISSING_FIELD, on_key=True, detail={"names": absent})


def _renamed(node: Node, value: dict[str, Any], unknown: list[str], missing: list[str]) -> set[str]:
    """The missing names that an unknown key was probably meant to be."""
    near = {name for name in missing for key in unknown if likeness(key, name) > 0}
    if not near and len(unknown) == 1 and len(missing) == 1:
        child = node.child(missing[0])
        if child is None or type(value[unknown[0]]) in child.plain:
            near.add(missing[0])
    return near


def _is_set(node: Node, value: Mapping[str, Any], name: str) -> bool:
    if value.get(name) is not None or name in node.defaults:
        return True
    child = node.child(name)
    return name in value and (child is None or child.nullable)


def broken_group(node: Node, value: dict[str, Any], group: Group, unknown: list[str]) -> list[Fault]:
    """Whether too many or too few fields of a group are set; `unknown` keys may be misspelt ones."""
    present = [name for name in group.fields if _is_set(node, value, name)]
    if group.most is not None and len(present) > group.most:
        first, second = present[0], present[group.most]
        detail = {"names": present, "allowed": group.fields}
        return [Fault(Reason.EXCLUSIVE, (first,), on_key=True, detail=detail, related=((second,),))]
    if len(present) < group.least:
        if any(likeness(key, name) > 0 for key in unknown for name in group.fields):
            return []
        return [Fault(Reason.NONE_OF_GROUP, on_key=True, detail={"allowed": group.fields})]
    return []


def _list(node: Node, value: list[Any]) -> list[Fault]:
    item = node.item
    if item is None:
        return []
    faults: list[Fault] = []
    for index, inner in enumerate(value):
        found = _visit(item, inner)
        if found:
            faults += [fault.under(index) for fault in found]
    return faults


def broken_limits(node: Node, value: Any) -> list[Fault]:
    """The first limit of a node that a value without faults within does not keep to."""
    limits = node.limits
    allowed = limits.get("enum", [limits["const"]] if "const" in limits else None)
    if allowed is not None and not any(value == one and type(value) is type(one) for one in allowed):
        return [Fault(Reason.BAD_ENUM, detail={"value": value, "allowed": allowed})]
    for name, limit in limits.items():
        if name in LIMITS and not within(name, limit, value):
            return [Fault(Reason.BOUNDS, detail={"value": value, "limit": name, "bound": limit})]
    if (
        node.pattern
        and isinstance(value, str)
        and len(value) <= LONGEST_MATCHED
        and not node.pattern.search(value)
    ):
        return [Fault(Reason.PATTERN, detail={"value": value, "pattern": limits["pattern"]})]
    if "format" in limits and limits["format"] in FORMATS and not FORMATS[limits["format"]](value):
        return [Fault(Reason.FORMAT, detail={"value": value, "format": limits["format"]})]
    return []


def broken_constraints(node: Node, value: Any) -> list[Fault]:
    """The first constraint on this node that does not hold for the value as the cluster stores it."""
    stored = effective(node, value)
    found = next(_broken(node, stored), None)
    return [found] if found and not holds_placeholder(value) else []


def holds_placeholder(value: Any) -> bool:
    """Whether some text in `value` is filled in by another tool."""
    if isinstance(value, dict):
        return any(holds_placeholder(inner) for inner in value.values())
    if isinstance(value, list):
        return any(holds_placeholder(inner) for inner in value)
    return is_unknown(value)


def _broken(node: Node, stored: Any) -> Iterator[Fault]:
    for part in node.opaque:
        if not holds(part, stored):
            yield Fault(Reason.CONSTRAINT, detail={"message": "", "opaque": part})
    for check in node.checks:
        if found := broken(check, stored):
            yield _fault(found)
    if node.cel:
        from meshlint.resources.schema.cel import broken_rule

        for rule in node.cel:
            if found := broken_rule(rule, stored, node.schema):
                yield _fault(found)


def _fault(found: Broken) -> Fault:
    detail = {"message": found.message, "suggestion": found.suggestion}
    return Fault(Reason.CONSTRAINT, found.path, found.on_key, detail, found.related)
