from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.matching import PortSet, port_number

# Numbers at the ends of the range and a few neighbours, where an interval set goes wrong first.
numbers = st.one_of(st.integers(0, 9), st.integers(65526, 65535))
PROBES = [*range(10), 4000, *range(65526, 65536)]
sets = st.lists(st.tuples(numbers, numbers), max_size=4).map(PortSet.ranges)


@given(sets, sets)
def test_operations_agree_with_membership(left: PortSet, right: PortSet) -> None:
    for port in PROBES:
        mine, theirs = left.admits(port), right.admits(port)
        assert (left | right).admits(port) is (mine or theirs)
        assert (left & right).admits(port) is (mine and theirs)
        assert (left - right).admits(port) is (mine and not theirs)
        assert (~left).admits(port) is not mine


@given(sets, sets)
def test_questions_agree_with_each_other(left: PortSet, right: PortSet) -> None:
    assert left.is_subset(right) is (left - right).is_empty()
    assert left.overlaps(right) is not (left & right).is_empty()
    example = left.example()
    assert (example is None) is left.is_empty()
    assert example is None or left.admits(example)


@given(st.permutations([(1, 3), (4, 6), (80, 80), (5, 90)]))
def test_order_does_not_matter(pairs: list[tuple[int, int]]) -> None:
    assert PortSet.ranges(pairs) == PortSet.ranges([(1, 90)])


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("80", 80),
        (80, 80),
        ("0", 0),
        ("65535", 65535),
        ("65536", None),
        ("08080", 8080),
        ("000065535", 65535),
        ("000", 0),
        (-1, None),
        ("+80", None),
        ("", None),
    ],
)
def test_ports_are_read(value: object, port: int | None) -> None:
    assert port_number(value) == port


@pytest.mark.parametrize("value", [None, True, 80.0, [80], {"number": 80}, "http", "8*", "٨٠", "80 "])
def test_what_is_no_port_is_none(value: object) -> None:
    assert port_number(value) is None


def test_sets_are_described() -> None:
    assert PortSet.of(80, 8000, 8001, 70000).describe() == "80, 8000-8001"
    assert PortSet.any().describe() == "any port"
    assert (~PortSet.any()).describe() == "no port"
