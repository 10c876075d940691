"""Sets of clients: by what they prove of themselves and by the address they come from, exactly.

Linkerd tells clients apart by whether they have TLS, and with it an identity: that of a pod, which is a name
like those of DNS, or that of a machine, a SPIFFE URI. A policy admits some of them from some addresses
(Linkerd: the proxy's server policy).
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.matching import AddressSet, StringSet, known
from meshlint.matching.threefold import every, some
from meshlint.values import field, frozen


@frozen(repr=False)
class Caller:
    """A client as a proxy sees it; its address may be one of several.

    `identity` is None where it proves none; `tls` tells whether the proxies spoke TLS at all.
    """

    identity: str | None = None
    tls: bool = False
    addresses: AddressSet = field(factory=AddressSet.any)

    @classmethod
    def named(cls, identity: str, address: str | None = None) -> Caller:
        """A client in the mesh, from one address or from anywhere."""
        return cls(identity, True, _addresses(address))

    @classmethod
    def plain(cls, address: str | None = None) -> Caller:
        """A client without TLS."""
        return cls(None, False, _addresses(address))


@frozen(repr=False)
class Identities:
    """Which clients are meant by what they prove: an exact set, closed under the set operations.

    `named` holds identities that are names, `machines` those that are SPIFFE URIs: a wildcard, and the
    policies that ask for any identity, mean the names alone (Linkerd: the proxy's server policy).
    """

    plain: bool = False
    anonymous: bool = False
    named: StringSet = field(factory=StringSet.nothing)
    machines: StringSet = field(factory=StringSet.nothing)

    @classmethod
    def anyone(cls) -> Identities:
        """Hold every client."""
        return cls(True, True, StringSet.nonempty(), StringSet.nonempty())

    @classmethod
    def with_tls(cls) -> Identities:
        """Hold every client with TLS."""
        return cls(False, True, StringSet.nonempty(), StringSet.nonempty())

    @classmethod
    def authenticated(cls) -> Identities:
        """Hold every client with an identity that is a name."""
        return cls(False, False, StringSet.nonempty())

    @classmethod
    def just(cls, identity: str) -> Identities:
        """Hold the clients of this one identity."""
        only = StringSet.exact(identity)
        return cls(machines=only) if is_machine(identity) else cls(named=only)

    @classmethod
    def union_of(cls, sets: Iterable[Identities]) -> Identities:
        """Hold what any of the sets holds."""
        held = tuple(sets)
        return cls(
            any(one.plain for one in held),
            any(one.anonymous for one in held),
            StringSet.union_of(one.named for one in held),
            StringSet.union_of(one.machines for one in held),
        )

    def admits(self, caller: Caller) -> bool:
        """Tell whether the client is a member."""
        if caller.identity is not None:
            held = self.machines if is_machine(caller.identity) else self.named
            return held.admits(caller.identity)
        return self.anonymous if caller.tls else self.plain

    def intersection(self, other: Identities) -> Identities:
        """Hold what both sets hold."""
        return Identities(
            self.plain and other.plain,
            self.anonymous and other.anonymous,
            self.named.intersection(other.named),
            self.machines.intersection(other.machines),
        )

    def difference(self, other: Identities) -> Identities:
        """Hold what this set holds and the other does not."""
        return Identities(
            self.plain and not other.plain,
            self.anonymous and not other.anonymous,
            self.named.difference(other.named),
            self.machines.difference(other.machines),
        )

    def is_empty(self) -> bool:
        """Tell whether no client is held."""
        return not (self.plain or self.anonymous) and self.named.is_empty() and self.machines.is_empty()

    def is_subset(self, other: Identities) -> bool:
        """Tell whether the other set holds every client of this one."""
        kinds = self.plain <= other.plain and self.anonymous <= other.anonymous
        return kinds and self.named.is_subset(other.named) and self.machines.is_subset(other.machines)

    def describe(self) -> str:
        """Name the set for a message, to follow "admits"."""
        if self.plain:
            return "anyone"
        if self.anonymous:
            return "anyone with TLS"
        parts = []
        if StringSet.nonempty().is_subset(self.named):
            parts.append("anyone in the mesh")
        elif not self.named.is_empty():
            parts.append(self.named.describe())
        if not self.machines.is_empty():
            parts.append(self.machines.describe())
        return " or ".join(parts) or "nobody"


@frozen(repr=False)
class Box:
    """Clients of some identities from some addresses."""

    identities: Identities
    addresses: AddressSet

    def admits(self, caller: Caller) -> bool | None:
        """Tell whether the client is a member; None where that depends on its address."""
        return every((self.identities.admits(caller), _from(caller.addresses, self.addresses)))

    def is_empty(self) -> bool:
        """Tell whether no client is held."""
        return self.addresses.is_empty() or self.identities.is_empty()

    def without(self, other: Box) -> tuple[Box, ...]:
        """Hold, in parts, what this box holds and the other does not."""
        both = self.identities.intersection(other.identities)
        parts = (
            Box(self.identities.difference(other.identities), self.addresses),
            Box(both, self.addresses.difference(other.addresses)),
        )
        return tuple(part for part in parts if not part.is_empty())

    def is_subset(self, other: Box) -> bool:
        """Tell whether the other box holds every client of this one."""
        return self.addresses.is_subset(other.addresses) and self.identities.is_subset(other.identities)

    def describe(self) -> str:
        """Name the box for a message."""
        who = self.identities.describe()
        return who if self.addresses.is_any() else f"{who} from {self.addresses.describe()}"


@frozen(repr=False)
class Clients:
    """A set of clients: those in any of the boxes."""

    boxes: tuple[Box, ...] = ()

    @classmethod
    def of(cls, identities: Identities, addresses: AddressSet | None = None) -> Clients:
        """Hold clients of these identities from these addresses, by default from any."""
        box = Box(identities, AddressSet.any() if addresses is None else addresses)
        return cls() if box.is_empty() else cls((box,))

    @classmethod
    def union_of(cls, sets: Iterable[Clients]) -> Clients:
        """Hold what any of the sets holds."""
        kept: list[Box] = []
        for box in (box for one in sets for box in one.boxes):
            if not any(box.is_subset(other) for other in kept):
                kept = [other for other in kept if not other.is_subset(box)] + [box]
        return cls(tuple(kept))

    def admits(self, caller: Caller) -> bool | None:
        """Tell whether the client is a member; None where that depends on its address."""
        return some(box.admits(caller) for box in self.boxes)

    def is_empty(self) -> bool:
        """Tell whether no client is held."""
        return not self.boxes

    def is_anyone(self) -> bool:
        """Tell whether every client from every address is held."""
        return Clients.of(Identities.anyone()).is_subset(self) is True

    def is_subset(self, other: Clients) -> bool | None:
        """Tell whether the other set holds every client of this one; None where it is too complex to say."""
        if all(any(box.is_subset(theirs) for theirs in other.boxes) for box in self.boxes):
            return True
        return known(lambda: not self._without(other))

    def _without(self, other: Clients) -> tuple[Box, ...]:
        left = self.boxes
        for theirs in other.boxes:
            left = tuple(part for box in left for part in box.without(theirs))
        return left

    def describe(self) -> str:
        """Name the set for a message, to follow "admits"."""
        return ", and ".join(box.describe() for box in self.boxes) or "nobody"


def is_machine(identity: str) -> bool:
    """Whether an identity is a SPIFFE URI, which only machines outside of the cluster have."""
    return identity.startswith("spiffe://")


def _addresses(address: str | None) -> AddressSet:
    return AddressSet.any() if address is None else AddressSet.of(address)


def _from(possible: AddressSet, wanted: AddressSet) -> bool | None:
    if possible.is_subset(wanted):
        return True
    return None if possible.overlaps(wanted) else False
