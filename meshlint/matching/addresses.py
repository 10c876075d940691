"""Exact sets of IPv4 and IPv6 addresses, and what is wrong with an address or CIDR as it is written."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from meshlint.values import frozen, regex

from . import intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intervals import Intervals

_V4_BITS, _V6_BITS = 32, 128
_V4_ALL: Intervals = ((0, 2**_V4_BITS - 1),)
_V6_ALL: Intervals = ((0, 2**_V6_BITS - 1),)
_PREFIX_LENGTH = regex(r"0|[1-9][0-9]{0,2}")


@frozen
class Block:
    """One address or CIDR as written: the address, its width in bits, and the prefix length."""

    address: int
    bits: int
    length: int

    @property
    def first(self) -> int:
        """The lowest address of the block: the written one with the host bits cleared."""
        return self.address >> (self.bits - self.length) << (self.bits - self.length)

    @property
    def last(self) -> int:
        """The highest address of the block."""
        return self.first | ((1 << (self.bits - self.length)) - 1)

    def network(self) -> str:
        """Write the block with its host bits cleared, as a proxy reads it."""
        return f"{_text(self.first, self.bits)}/{self.length}"


def read_block(text: object) -> Block | str:
    """Read an address or CIDR, or say in plain words why it is none.

    A bare address is a block of one. Zones, netmasks in place of a length, and leading zeros are refused, as
    by Go's parser, on which both meshes' control planes rest.
    """
    if not isinstance(text, str):
        return "is not a string"
    address, slash, length = text.partition("/")
    parsed = _read_address(address)
    if parsed is None:
        return (
            "is not an IP address" if not slash else "is not a CIDR: the part before `/` is not an IP address"
        )
    value, bits = parsed
    if not slash:
        return Block(value, bits, bits)
    if not _PREFIX_LENGTH.fullmatch(length) or int(length) > bits:
        return f"is not a CIDR: the part after `/` is not a number from 0 to {bits}"
    return Block(value, bits, int(length))


def address_problem(text: object) -> str | None:
    """Say in plain words why the text is neither an IP address nor a CIDR; None when it is one."""
    block = read_block(text)
    return block if isinstance(block, str) else None


def without_zone(text: str) -> str:
    """An address without its zone, `fe80::1` for `fe80::1%eth0`; any other text as it is.

    Istio's control plane reads the zone of a single address and leaves it out; a CIDR has none (Go:
    netip.ParseAddr, netip.PrefixFrom).
    """
    address, mark, zone = text.partition("%")
    return address if mark and zone and ":" in address and "/" not in text else text


def has_host_bits(text: object) -> bool:
    """Tell whether a CIDR has bits set behind its length; proxies mask them: `10.1.2.3/8` is `10.0.0.0/8`."""
    block = read_block(text)
    return isinstance(block, Block) and block.first != block.address


@frozen
class AddressSet:
    """Which IP addresses are meant: exact over both families, closed under the set operations.

    An IPv4 address and its IPv6-mapped form (`::ffff:10.0.0.1`) are two different members.
    """

    v4: Intervals = intervals.EMPTY
    v6: Intervals = intervals.EMPTY

    @classmethod
    def of(cls, *texts: str) -> AddressSet:
        """Hold the addresses of these blocks; what is no block adds nothing (ask `address_problem`)."""
        blocks = [block for block in map(read_block, texts) if isinstance(block, Block)]
        return cls(
            intervals.normalise((b.first, b.last) for b in blocks if b.bits == _V4_BITS),
            intervals.normalise((b.first, b.last) for b in blocks if b.bits == _V6_BITS),
        )

    @classmethod
    def network(cls, cidr: str, excluded: Iterable[str] = ()) -> AddressSet:
        """Hold a block without the excluded blocks (`cidr` and `except` of Linkerd and NetworkPolicy)."""
        return cls.of(cidr).difference(cls.of(*excluded))

    @classmethod
    def union_of(cls, sets: Iterable[AddressSet]) -> AddressSet:
        """Hold what any of the sets holds; nothing without sets. Joining them one by one takes far longer."""
        held = tuple(sets)
        return cls(
            intervals.normalise(pair for one in held for pair in one.v4),
            intervals.normalise(pair for one in held for pair in one.v6),
        )

    @classmethod
    def any(cls) -> AddressSet:
        """Hold every address of both families."""
        return cls(_V4_ALL, _V6_ALL)

    def admits(self, address: str) -> bool:
        """Tell whether the address is a member; text that is no single address is in no set."""
        parsed = _read_address(address)
        if parsed is None:
            return False
        value, bits = parsed
        return intervals.contains(self.v4 if bits == _V4_BITS else self.v6, value)

    def union(self, other: AddressSet) -> AddressSet:
        """Hold what either set holds."""
        return AddressSet(intervals.union(self.v4, other.v4), intervals.union(self.v6, other.v6))

    def intersection(self, other: AddressSet) -> AddressSet:
        """Hold what both sets hold."""
        return AddressSet(
            intervals.intersection(self.v4, other.v4), intervals.intersection(self.v6, other.v6)
        )

    def difference(self, other: AddressSet) -> AddressSet:
        """Hold what this set holds and the other does not."""
        return AddressSet(intervals.difference(self.v4, other.v4), intervals.difference(self.v6, other.v6))

    def complement(self) -> AddressSet:
        """Hold every address of both families that this set does not hold."""
        return AddressSet.any().difference(self)

    __or__ = union
    __and__ = intersection
    __sub__ = difference
    __invert__ = complement

    def is_empty(self) -> bool:
        """Tell whether no address is held."""
        return not (self.v4 or self.v6)

    def is_any(self) -> bool:
        """Tell whether every address of both families is held."""
        return self == AddressSet.any()

    def is_subset(self, other: AddressSet) -> bool:
        """Tell whether the other set holds every address of this one."""
        return intervals.is_subset(self.v4, other.v4) and intervals.is_subset(self.v6, other.v6)

    def overlaps(self, other: AddressSet) -> bool:
        """Tell whether some address is in both sets."""
        return not self.intersection(other).is_empty()

    def example(self) -> str | None:
        """Return the lowest address held, IPv4 before IPv6; None when empty."""
        if self.v4:
            return _text(self.v4[0][0], _V4_BITS)
        return _text(self.v6[0][0], _V6_BITS) if self.v6 else None

    def describe(self) -> str:
        """Name the set for a message: its blocks in CIDR notation, `any address`, or `no address`."""
        if self.is_any():
            return "any address"
        return ", ".join(self.blocks()) or "no address"

    def blocks(self) -> tuple[str, ...]:
        """Return the fewest CIDR blocks that make up the set, IPv4 first, in ascending order."""
        return (*_blocks(self.v4, _V4_BITS), *_blocks(self.v6, _V6_BITS))


def _read_address(text: object) -> tuple[int, int] | None:
    if not isinstance(text, str):
        return None
    try:
        if ":" in text:
            return None if "%" in text else (int(IPv6Address(text)), _V6_BITS)
        return int(IPv4Address(text)), _V4_BITS
    except AddressValueError:
        return None


def _blocks(held: Intervals, bits: int) -> Iterable[str]:
    for low, high in held:
        start = low
        while start <= high:
            fitting = bits if start == 0 else (start & -start).bit_length() - 1
            width = min(fitting, (high - start + 1).bit_length() - 1)
            yield f"{_text(start, bits)}/{bits - width}"
            start += 1 << width


def _text(value: int, bits: int) -> str:
    return str(IPv4Address(value) if bits == _V4_BITS else IPv6Address(value))
