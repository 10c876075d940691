from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.matching import AddressSet, address_problem, has_host_bits, without_zone

# A small corner of each family keeps overlaps likely and lets a brute force enumerate every member.
V4_BASE, V6_BASE = int(ipaddress.IPv4Address("10.0.0.0")), int(ipaddress.IPv6Address("fd00::"))
CORNER = [str(ipaddress.IPv4Address(V4_BASE + n)) for n in range(32)]
CORNER += [str(ipaddress.IPv6Address(V6_BASE + n)) for n in range(32)]
EDGES = ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:10.0.0.1"]

blocks = st.one_of(
    st.builds(
        lambda n, p: f"{ipaddress.IPv4Address(V4_BASE + n)}/{p}", st.integers(0, 31), st.integers(24, 32)
    ),
    st.builds(
        lambda n, p: f"{ipaddress.IPv6Address(V6_BASE + n)}/{p}", st.integers(0, 31), st.integers(120, 128)
    ),
    st.sampled_from([*CORNER, "0.0.0.0/0", "::/0"]),
)
texts = st.lists(blocks, max_size=4)
sets = st.recursive(
    texts.map(lambda found: AddressSet.of(*found)),
    lambda inner: st.one_of(
        inner.map(AddressSet.complement),
        st.tuples(inner, inner).map(lambda two: two[0] - two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
    ),
    max_leaves=4,
)


@given(texts)
def test_membership_agrees_with_ipaddress(found: list[str]) -> None:
    held = AddressSet.of(*found)
    networks = [ipaddress.ip_network(text, strict=False) for text in found]
    for address in [*CORNER, *EDGES]:
        parsed = ipaddress.ip_address(address)
        expected = any(parsed.version == net.version and parsed in net for net in networks)
        assert held.admits(address) is expected


@given(sets, sets)
def test_operations_agree_with_membership(left: AddressSet, right: AddressSet) -> None:
    for address in [*CORNER, *EDGES]:
        mine, theirs = left.admits(address), right.admits(address)
        assert (left | right).admits(address) is (mine or theirs)
        assert (left & right).admits(address) is (mine and theirs)
        assert (left - right).admits(address) is (mine and not theirs)
        assert (~left).admits(address) is not mine


@given(sets, sets)
def test_questions_agree_with_each_other(left: AddressSet, right: AddressSet) -> None:
    assert left.is_subset(right) is (left - right).is_empty()
    assert left.overlaps(right) is not (left & right).is_empty()
    assert ~(left | right) == ~left & ~right
    example = left.example()
    assert (example is None) is left.is_empty()
    assert example is None or left.admits(example)


@given(sets)
def test_the_blocks_make_up_the_set_again(held: AddressSet) -> None:
    assert AddressSet.of(*held.blocks()) == held


def test_host_bits_are_masked_and_told() -> None:
    assert AddressSet.of("10.1.2.3/8") == AddressSet.of("10.0.0.0/8")
    assert has_host_bits("10.1.2.3/8")
    assert has_host_bits("fd00::1/64")
    assert not has_host_bits("10.0.0.0/8")
    assert not has_host_bits("10.1.2.3")
    assert not has_host_bits("nonsense")


def test_excluded_blocks_are_left_out() -> None:
    held = AddressSet.network("10.0.0.0/8", ["10.1.0.0/16"])
    assert held.admits("10.2.0.1")
    assert not held.admits("10.1.0.1")
    assert AddressSet.network("10.1.0.0/16", ["10.0.0.0/8"]).is_empty()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.0/255.0.0.0",
        "010.0.0.1",
        "fe80::1%eth0",
        "::/129",
        "10.0.0.0/",
        "a/8",
    ],
)
def test_malformed_addresses_are_told(text: str) -> None:
    assert address_problem(text)
    assert AddressSet.of(text).is_empty()


@pytest.mark.parametrize("value", [None, 10, ["10.0.0.1"], {"cidr": "10.0.0.0/8"}, 1.5, True])
def test_values_of_other_types_are_told(value: object) -> None:
    assert address_problem(value) == "is not a string"


@given(st.text(alphabet="0123456789./:%abf", max_size=20))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert (address_problem(text) is None) is not AddressSet.of(text).is_empty()


def test_sets_are_described() -> None:
    assert AddressSet.of("10.0.0.0/8", "fd00::1").describe() == "10.0.0.0/8, fd00::1/128"
    assert AddressSet.any().describe() == "any address"
    assert AddressSet().describe() == "no address"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("fd00::5%eth0", "fd00::5"),
        ("fd00::5%", "fd00::5%"),
        ("fd00::5%eth0/64", "fd00::5%eth0/64"),
        ("10.0.0.1%eth0", "10.0.0.1%eth0"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_the_zone_of_an_address_is_left_out(written: str, left: str) -> None:
    assert without_zone(written) == left
