"""Whether a value plainly keeps to its schema, which most do: tests put together once for each node.

A test is true only where `walk` finds nothing, and is asked first: it makes no lists and looks at nothing
that its node does not limit. False says no more than that the walk has to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.shape.effective import effective
from meshlint.resources.schema.walk import (
    LONGEST_MATCHED,
    broken_constraints,
    broken_group,
    broken_limits,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshlint.resources.schema.shape.node import Node

    Test = Callable[[Any], bool]


_MOST_KEPT: Final = 256


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
    parts = [part for part in (_inner(node, kind), _limited(node, kind), _constrained(node)) if part]
    if not parts:
        return _always
    return parts[0] if len(parts) == 1 else _all(tuple(parts))


def _inner(node: Node, kind: type) -> Test | None:
    if kind is dict:
        return None if node.plainly_sound else _object(node)
    return _list(node.item) if kind is list and node.item is not None else None


def _object(node: Node) -> Test:
    tests: dict[str, Tests] = {}
    required, names, groups = node.required, node.names, node.groups

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
        for name in required:
            if value.get(name) is None:
                return False
        if names is not None and any(broken_limits(names, key) for key in value):
            return False
        return not groups or not any(broken_group(node, value, group, []) for group in groups)

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


def _list(item: Node) -> Test:
    tests = _tests_of(item)
    return lambda value: all(tests[type(inner)](inner) for inner in value)


def _limited(node: Node, kind: type) -> Test | None:
    if not node.limits:
        return None
    if kind is str:
        return _text(node)
    if kind is dict:
        return lambda value: not broken_limits(node, effective(node, value))
    return _scalar(node) if kind is int else lambda value: not broken_limits(node, value)


def _scalar(node: Node) -> Test:
    """A test that keeps what has passed: the values of a field are few, however many objects have it."""
    sound = set[Any]()

    def test(value: Any) -> bool:
        if value in sound:
            return True
        if broken_limits(node, value):
            return False
        if len(sound) < _MOST_KEPT:
            sound.add(value)
        return True

    return test


def _text(node: Node) -> Test:
    limits = node.limits
    if set(limits) == {"enum"}:
        allowed = frozenset(one for one in limits["enum"] if type(one) is str)
        return allowed.__contains__
    if node.pattern is None or set(limits) - {"pattern", "minLength", "maxLength"}:
        return _scalar(node)
    least, most = limits.get("minLength", 0), min(limits.get("maxLength", LONGEST_MATCHED), LONGEST_MATCHED)
    search = node.pattern.search
    return lambda value: least <= len(value) <= most and bool(search(value))


def _constrained(node: Node) -> Test | None:
    if not (node.checks or node.cel or node.opaque):
        return None
    return lambda value: not broken_constraints(node, value)


def _all(parts: tuple[Test, ...]) -> Test:
    if len(parts) == 2:
        first, second = parts
        return lambda value: first(value) and second(value)
    return lambda value: all(part(value) for part in parts)


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


_OPEN: Final = _Open()
