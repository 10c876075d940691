"""Which rules match nothing, or nothing that another rule does not match, by their sets of values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from meshlint.matching import AddressSet, PortSet, StringSet, known
from meshlint.matching.istio_strings import RequestPrincipal
from meshlint.security.istio.admitted import Admitted, TokenSet
from meshlint.security.istio.attributes import Attribute
from meshlint.security.istio.translate import Atom, Translated

Demands = tuple[Atom, ...]
"""Atoms that all have to hold."""

_MANY = frozenset({"header", "claim", "metadata"})
"""Attributes that may have several values at once, of which any one satisfies a demand."""
_MOST_WAYS = 64


def ways(rule: Translated) -> tuple[Demands, ...] | None:
    """What satisfies a rule: some source, some operation and all conditions. None if there are too many."""
    sources, operations = rule.sources or ((),), rule.operations or ((),)
    if len(sources) * len(operations) > _MOST_WAYS:
        return None
    return tuple((*one, *other, *rule.conditions) for one, other in product(sources, operations))


def is_unsatisfiable(rule: Translated) -> bool:
    """Whether surely no request satisfies `rule`, because what it demands contradicts itself."""
    found = ways(rule)
    return found is not None and all(_contradicts(demands) for demands in found)


def is_covered(narrow: Translated, wide: Translated) -> bool:
    """Whether `wide` surely matches every request that `narrow` matches."""
    ways_in, ways_out = ways(narrow), ways(wide)
    if ways_in is None or ways_out is None:
        return False
    return all(any(_implies(one, other) for other in ways_out) for one in ways_in)


def _contradicts(demands: Demands) -> bool:
    by_attribute: dict[Attribute, list[Atom]] = {}
    for atom in demands:
        by_attribute.setdefault(atom.attribute, []).append(atom)
    return any(_clash(attribute, held) for attribute, held in by_attribute.items())


def _clash(attribute: Attribute, atoms: list[Atom]) -> bool:
    wanted = [atom.admitted for atom in atoms if not atom.negated]
    barred = [atom.admitted for atom in atoms if atom.negated]
    if any(_covers(one, other) for other in wanted for one in barred):
        return True
    if attribute[0] in _MANY:
        return False
    return any(_disjoint(one, other) for place, one in enumerate(wanted) for other in wanted[place + 1 :])


def _implies(inner: Demands, outer: Demands) -> bool:
    return all(any(_atom_implies(one, wanted) for one in inner) for wanted in outer)


def _atom_implies(one: Atom, wanted: Atom) -> bool:
    if one.attribute != wanted.attribute:
        return False
    if not wanted.negated:
        return not one.negated and _covers(wanted.admitted, one.admitted)
    if one.negated:
        return _covers(one.admitted, wanted.admitted)
    return one.attribute[0] not in _MANY and _disjoint(one.admitted, wanted.admitted)


def _covers(outer: Admitted, inner: Admitted) -> bool:
    """Whether `outer` surely admits all that `inner` admits."""
    if isinstance(outer, StringSet) and isinstance(inner, StringSet):
        return known(lambda: inner.is_subset(outer)) is True
    if isinstance(outer, AddressSet) and isinstance(inner, AddressSet):
        return inner.is_subset(outer)
    if isinstance(outer, PortSet) and isinstance(inner, PortSet):
        return inner.is_subset(outer)
    if isinstance(outer, TokenSet) and isinstance(inner, TokenSet):
        return all(any(_is_within(one, other) for other in outer.principals) for one in inner.principals)
    return False


def _is_within(one: RequestPrincipal, other: RequestPrincipal) -> bool:
    return known(lambda: one.is_subset(other)) is True


def _disjoint(one: Admitted, other: Admitted) -> bool:
    """Whether surely no value is in both."""
    if isinstance(one, StringSet) and isinstance(other, StringSet):
        return known(lambda: one.overlaps(other)) is False
    if isinstance(one, AddressSet) and isinstance(other, AddressSet):
        return not one.overlaps(other)
    return isinstance(one, PortSet) and isinstance(other, PortSet) and not one.overlaps(other)


def concerns_port(rule: Translated, port: int) -> bool:
    """Whether a rule, by what it says of ports, is about connections to `port`."""

    def fits(atoms: Demands) -> bool:
        return all(
            not isinstance(atom.admitted, PortSet) or atom.admitted.admits(port) != atom.negated
            for atom in atoms
        )

    return (not rule.operations or any(map(fits, rule.operations))) and fits(rule.conditions)


def is_covered_together(narrow: Translated, wide: Sequence[Translated]) -> bool:
    """Whether some of the rules in `wide` surely matches each request that `narrow` matches."""
    inner = ways(narrow)
    outer = [demands for rule in wide for demands in ways(rule) or ()]
    return inner is not None and all(any(_implies(one, other) for other in outer) for one in inner)
