"""Whether a value plainly keeps to its schema, which most do: tests put together once for each node.

A test is true only where `walk` finds nothing, and is asked first: it makes no lists and looks at nothing
that its node does not limit. False says no more than that the walk has to look.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.constraints import asked_of
from meshlint.resources.schema.shape.effective import effective
from meshlint.resources.schema.walk import (
    LONGEST_MATCHED,
    broken_constraints,
    broken_group,
    broken_limits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from meshlint.resources.schema.fault import Fault
    from meshlint.resources.schema.shape.groups import Group
    from meshlint.resources.schema.shape.node import Node

    Test = Callable[[Any], bool]


_MOST_KEPT: Final = 256
_ITEMS: Final = frozenset({"maxItems", "minItems"})


def is_sound(node: Node, value: Any) -> bool:
    """Whether `value` is plainly sound as `node` sees it."""
    return _tests_of(node)[type(value)](value)


class Tests(dict[type, "Test"]):
    """The tests of a node for values of each type, which are made when the first of them stands there."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def __missing__(self, kind: type) -> Test:
        """The test of values of a type that none had before."""
        made = self[kind] = _of_type(self._node, kind)
        return made


class _Open(Tests):
    """The tests of what nothing is said of."""

    def __init__(self) -> None:
        pass

    def __missing__(self, kind: type) -> Test:
        """Anything goes."""
        return _always


def _tests_of(node: Node) -> Tests:
    found: Tests | None = node.tests
    if found is None:
        found = node.tests = Tests(node)
    return found


def _of_type(node: Node, kind: type) -> Test:
    """The test of values of one type; of several parts only where the node limits them further."""
    if node.types and kind not in node.plain:
        return _never
    return _all([*_inner(node, kind), *filter(None, (_limited(node, kind), _constrained(node, kind)))])


def _inner(node: Node, kind: type) -> Iterator[Test]:
    if kind is list and node.item is not None:
        yield _list(node.item)
    elif kind is dict and not node.plainly_sound:
        is_map = not (node.properties or node.required) and isinstance(node.additional, dict)
        yield _map(node) if is_map else _object(node)
        yield from (_group(node, group) for group in node.groups)
        if node.names is not None:
            yield _list(node.names)


def _object(node: Node) -> Test:
    tests: dict[str, Tests] = {}
    required = node.required

    def test(value: dict[str, Any]) -> bool:
        for key, inner in value.items():
            known = tests.get(key)
            if known is None:
                known = _of_key(node, key, tests)
                if known is None:
                    return False
            if inner is not None:
                test_of_inner = known[type(inner)]
                if test_of_inner is not _always and not test_of_inner(inner):
                    return False
        return None not in map(value.get, required)

    return test


def _of_key(node: Node, key: str, tests: dict[str, Tests]) -> Tests | None:
    """The tests of what stands at a key, kept unless anybody may make such keys; None for an unknown key."""
    child = node.child(key)
    if child is None:
        unknown = node.closed and key not in node.properties and not key.startswith("$")
        return None if unknown else _OPEN
    found = _tests_of(child)
    if key in node.properties:
        tests[key] = found
    return found


def _group(node: Node, group: Group) -> Test:
    """A test that counts what is written, where no default is written beside it."""
    fields, most = frozenset(group.fields), group.most
    if group.least or most is None or not fields.isdisjoint(node.defaults):
        return lambda value: not broken_group(node, value, group, [])
    return lambda value: len(fields.intersection(value)) <= most


def _map(node: Node) -> Test:
    """The test of a mapping whose keys anybody makes, and whose values are all alike."""
    rest = node.child("")
    tests = _OPEN if rest is None else _tests_of(rest)

    def test(value: dict[str, Any]) -> bool:
        for inner in value.values():
            if inner is not None:
                test_of_inner = tests[type(inner)]
                if test_of_inner is not _always and not test_of_inner(inner):
                    return False
        return True

    return test


def _list(item: Node) -> Test:
    """The test of all items of a list, or of all keys of a mapping."""
    tests = _tests_of(item)

    def test(values: Iterable[Any]) -> bool:
        for value in values:
            test_of_item = tests[type(value)]
            if test_of_item is not _always and not test_of_item(value):
                return False
        return True

    return test


def _limited(node: Node, kind: type) -> Test | None:
    limits = node.limits
    if not limits:
        return None
    if kind is str:
        return _text(node)
    if kind is list and limits.keys() <= _ITEMS:
        least, most = limits.get("minItems", 0), limits.get("maxItems", inf)
        return lambda value: least <= len(value) <= most
    if kind is dict:
        # What is stored is no more than what is written, but for defaults.
        if limits.keys() == {"maxProperties"} and not node.defaults:
            most = limits["maxProperties"]
            return lambda value: len(value) <= most
        return lambda value: not broken_limits(node, effective(node, value))
    return _scalar(node, broken_limits) if kind is int else lambda value: not broken_limits(node, value)


def _scalar(node: Node, broken: Callable[[Node, Any], list[Fault]]) -> Test:
    """A test that keeps what has passed: the values of a field are few, however many objects have it."""
    sound = set[Any]()

    def test(value: Any) -> bool:
        if value in sound:
            return True
        if broken(node, value):
            return False
        if len(sound) < _MOST_KEPT:
            sound.add(value)
        return True

    return test


def _text(node: Node) -> Test:
    limits = node.limits
    if limits.keys() == {"enum"} or limits.keys() == {"const"}:
        allowed = frozenset(one for one in limits.get("enum", limits.values()) if type(one) is str)
        return allowed.__contains__
    if node.pattern is None or limits.keys() - {"pattern", "minLength", "maxLength"}:
        return _scalar(node, broken_limits)
    least, most = limits.get("minLength", 0), min(limits.get("maxLength", LONGEST_MATCHED), LONGEST_MATCHED)
    search = node.pattern.search
    return lambda value: least <= len(value) <= most and bool(search(value))


def _constrained(node: Node, kind: type) -> Test | None:
    if not (node.checks or node.cel or node.opaque):
        return None
    if kind is str:
        return _scalar(node, broken_constraints)
    asked = _asked(node) if kind is dict else frozenset()
    if not asked:
        return lambda value: not broken_constraints(node, value)
    return lambda value: asked.isdisjoint(value) or not broken_constraints(node, value)


def _asked(node: Node) -> frozenset[str]:
    """The fields of which one has to be written for any constraint to break; none where that is not known."""
    asked = () if node.cel or node.opaque else tuple(map(asked_of, node.checks))
    fields = frozenset[str]().union(*asked) if all(asked) else frozenset[str]()
    return fields if fields.isdisjoint(node.defaults) else frozenset()


def _all(parts: Sequence[Test]) -> Test:
    if len(parts) < 2:
        return parts[0] if parts else _always
    if len(parts) == 2:
        first, second = parts
        return lambda value: first(value) and second(value)
    return lambda value: all(part(value) for part in parts)


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


_OPEN: Final = _Open()
