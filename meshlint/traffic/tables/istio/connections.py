"""The tls and tcp sections of VirtualServices as entries: chains of filters of which a proxy takes one.

A proxy does not try chains in order. It takes the one that is most specific in the address that is connected
to, then in the server name; order decides only between chains for the same connections, of which the first
one is made and the others are left out (Istio: tls and tcp; Envoy: filter chain match).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from meshlint.matching import AddressSet, host_specificity
from meshlint.mesh import Mesh
from meshlint.resources.istio.l4_route import L4Match, L4Route
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.istio import EVERYTHING, connection_condition
from meshlint.traffic.tables.entries import Entry
from meshlint.traffic.tables.istio.routes import forward
from meshlint.values import frozen

Applies = Callable[[VirtualService, L4Match], bool]
_EVERY_NAME = "*"


@frozen(eq=False, repr=False)
class Chain:
    """An entry with what it is for: one server name (or wildcard) and one block of addresses, if any."""

    entry: Entry
    owner: VirtualService
    name: str = _EVERY_NAME
    subnet: str | None = None

    def takes(self, other: Chain) -> bool:
        """Whether the other one is not made because of this one."""
        whole = self.subnet is None and self.name == _EVERY_NAME
        return whole or (self.name, self.subnet) == (other.name, other.subnet)

    @property
    def specificity(self) -> tuple[int, tuple[bool, int]]:
        """A sort key that puts the chain that is taken in front."""
        length = -1 if self.subnet is None else _length(self.subnet)
        return -length, host_specificity(self.name)


@frozen(eq=False, repr=False)
class Chains:
    """The chains that are made, the most specific first, and those left out as they are for the same."""

    made: tuple[Chain, ...]
    left_out: tuple[Chain, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in the order in which they are taken."""
        return tuple(chain.entry for chain in self.made)


def tls_chains(mesh: Mesh, found: Iterable[VirtualService], applies: Applies) -> Chains:
    """The chains of the `tls` sections of VirtualServices, the first of which comes first.

    A match is left out whole if an earlier one has any of its server names for the same addresses: a proxy
    refuses two chains for one name.
    """
    made: list[Chain] = []
    left_out: list[Chain] = []
    taken: set[tuple[str, str | None]] = set()
    for owner in found:
        for route in owner.tls:
            for match in route.match:
                if applies(owner, match):
                    chains = list(_of_match(mesh, owner, route, match))
                    keys = {(chain.name, chain.subnet) for chain in chains}
                    (left_out if keys & taken else made).extend(chains)
                    taken |= keys
    return Chains(_sorted(made), tuple(left_out))


def tcp_chains(
    mesh: Mesh, found: Iterable[VirtualService], applies: Applies, *, on_gateway: bool = False
) -> Chains:
    """The chains of the `tcp` sections, up to the first that is for all addresses; what follows is left out.

    On a gateway every route is for all: addresses are not looked at (Istio: gateways).
    """
    made: list[Chain] = []
    left_out: list[Chain] = []
    ended = False
    for owner in found:
        for route in owner.tcp:
            chains = list(_of_tcp_route(mesh, owner, route, applies, on_gateway))
            (left_out if ended else made).extend(chains)
            ended = ended or any(chain.subnet is None for chain in chains)
    return Chains(_sorted(made), tuple(left_out))


def takes_all(chains: Chains) -> bool:
    """Whether a chain is for every connection, so that the host's own endpoints get none."""
    return any(chain.subnet is None and chain.name == _EVERY_NAME for chain in chains.made)


def _of_match(mesh: Mesh, owner: VirtualService, route: L4Route, match: L4Match) -> Iterator[Chain]:
    names = tuple(dict.fromkeys(name.lower() for name in match.sni_hosts)) or (_EVERY_NAME,)
    for name, subnet in product(names, _subnets(match)):
        only = () if subnet is None else (subnet,)
        condition = connection_condition(match, () if name == _EVERY_NAME else (name,), only)
        yield Chain(_entry(mesh, owner, route, match, condition), owner, name, subnet)


def _of_tcp_route(
    mesh: Mesh, owner: VirtualService, route: L4Route, applies: Applies, on_gateway: bool
) -> Iterator[Chain]:
    """The chains of one route; a match for all addresses takes the place of the others."""
    if not route.match:
        yield Chain(_entry(mesh, owner, route, None, EVERYTHING), owner)
        return
    matches = [match for match in route.match if applies(owner, match)]
    whole = next((match for match in matches if on_gateway or not match.destination_subnets), None)
    if whole is not None:
        yield Chain(_entry(mesh, owner, route, whole, EVERYTHING), owner)
        return
    for match in matches:
        for subnet in match.destination_subnets:
            condition = connection_condition(match, (), (subnet,))
            yield Chain(_entry(mesh, owner, route, match, condition), owner, _EVERY_NAME, subnet)


def _entry(
    mesh: Mesh, owner: VirtualService, route: L4Route, match: L4Match | None, condition: Condition
) -> Entry:
    action = forward(mesh, owner, route.field / "route", route.route)
    place = None if match is None else match.field
    return Entry(owner.resource, route.field, place, condition, action, route)


def _subnets(match: L4Match) -> tuple[str | None, ...]:
    return tuple(dict.fromkeys(str(text) for text in match.destination_subnets)) or (None,)


def _sorted(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    return tuple(sorted(chains, key=lambda chain: chain.specificity))


def _length(subnet: str) -> int:
    """The length of a block's prefix; one that cannot be read holds nothing and comes last."""
    if not AddressSet.of(subnet).blocks():
        return -1
    length = subnet.partition("/")[2]
    return int(length) if length else (128 if ":" in subnet else 32)
