"""What a guard lets in, kept as sets of values rather than asked for one request.

Whatever a request leaves open stays in the sets as what is demanded of it; what it gives is decided. With
nothing given, the sets describe the policies whole; with everything given, they are empty or hold it.
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.matching import StringSet
from meshlint.matching.threefold import every, opposite, some
from meshlint.security.istio.attributes import IDENTITY, Facts, seen_path
from meshlint.security.istio.comparing import Demands
from meshlint.security.istio.decision import Match
from meshlint.security.istio.guard import Guard, Judge
from meshlint.security.istio.request import Request
from meshlint.security.istio.translate import Atom
from meshlint.security.transport.chain import Chain
from meshlint.values import evolve, frozen

OPEN = Request(
    left_open=frozenset(
        {
            *("identity", "source_ip", "remote_ip", "destination_ip", "sni", "host", "method", "path"),
            *("destination_port", "headers", "claims", "metadata"),
        }
    )
)
"""A request of which nothing is given."""


@frozen(repr=False)
class Identities:
    """Which callers are meant by their identity; `absent` are those without one."""

    absent: bool
    named: StringSet

    @classmethod
    def anyone(cls) -> Identities:
        """Hold every caller."""
        return cls(True, StringSet.nonempty())

    @classmethod
    def nobody(cls) -> Identities:
        """Hold no caller."""
        return cls(False, StringSet.nothing())

    def admits(self, identity: str | None) -> bool:
        """Tell whether the caller is a member."""
        return self.absent if identity is None else self.named.admits(identity)

    def union(self, other: Identities) -> Identities:
        """Hold what either set holds."""
        return Identities(self.absent or other.absent, self.named | other.named)

    def intersection(self, other: Identities) -> Identities:
        """Hold what both sets hold."""
        return Identities(self.absent and other.absent, self.named & other.named)

    def difference(self, other: Identities) -> Identities:
        """Hold what this set holds and the other does not."""
        return Identities(self.absent and not other.absent, self.named - other.named)


@frozen(eq=False, repr=False)
class Region:
    """The requests that a rule matches: some source, some operation and all conditions.

    A clause without an entry asks for nothing. `match` is None where no policy asks for anything.
    """

    match: Match | None
    sources: tuple[Demands, ...] = ()
    operations: tuple[Demands, ...] = ()
    conditions: Demands = ()

    def admits(self, facts: Facts) -> bool | None:
        """Whether a request is a member; None where what it leaves open decides."""
        clauses = (
            some(_all(demands, facts) for demands in clause)
            for clause in (self.sources, self.operations)
            if clause
        )
        return every((*clauses, _all(self.conditions, facts)))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.sources or self.operations or self.conditions)

    @property
    def asks_identity_alone(self) -> bool:
        """Whether nothing but the caller's identity decides."""
        atoms = [atom for demands in (*self.sources, *self.operations, self.conditions) for atom in demands]
        return all(atom.attribute == IDENTITY for atom in atoms)

    @property
    def identities(self) -> Identities:
        """The identities that some member has."""
        found = Identities.anyone()
        for clause in (self.sources, self.operations):
            if clause:
                parts = [_identities(demands) for demands in clause]
                either = parts[0]
                for part in parts[1:]:
                    either = either.union(part)
                found = found.intersection(either)
        return found.intersection(_identities(self.conditions))


@frozen(eq=False, repr=False)
class Opening:
    """The requests that one rule lets in: those it matches, less those that a DENY rule matches.

    For those that `asked` matches as well an external provider has to allow it.
    """

    region: Region
    barred: tuple[Region, ...] = ()
    asked: tuple[Region, ...] = ()

    def admits(self, facts: Facts) -> bool | None:
        """Whether a request is let in by this rule; None where what is left open, or a provider, decides."""
        barred = some(region.admits(facts) for region in self.barred)
        asked = some(region.admits(facts) for region in self.asked)
        return every((self.region.admits(facts), opposite(barred), None if asked is not False else True))


@frozen(eq=False, repr=False)
class Openings:
    """All that a guard lets in of the requests that are alike in what they give."""

    guard: Guard
    all: tuple[Opening, ...]

    def admits(self, request: Request) -> bool | None:
        """Whether a request that gives the same, and more, is let in."""
        if refuses(self.guard, request):
            return False
        facts = Facts(request, self.guard.settings.path_normalization)
        return some(one.admits(facts) for one in self.all)

    @property
    def identities(self) -> Identities:
        """The identities that are let in, with some request of the kind.

        Exact where only the identity was left open; otherwise each has a request that no rule of identities
        alone denies.
        """
        found = Identities.nobody()
        for opening in self.all:
            here = opening.region.identities
            for region in opening.barred:
                if region.asks_identity_alone:
                    here = here.difference(region.identities)
            found = found.union(here)
        return found


def openings(guard: Guard, request: Request = OPEN) -> Openings:
    """What `guard` lets in of the requests that are like `request` in what it gives."""
    if refuses(guard, request):
        return Openings(guard, ())
    facts = Facts(request, guard.settings.path_normalization)
    barred = _regions(guard.judges.get("DENY", ()), facts)
    asked = _regions(guard.judges.get("CUSTOM", ()), facts)
    if not guard.may_ask or request.provider_allows is False:
        barred, asked = (*barred, *asked), ()
    if request.provider_allows:
        asked = ()
    allowed = _regions(guard.judges.get("ALLOW", ()), facts) if guard.allowing else (Region(None),)
    if any(region.is_everything for region in barred):
        return Openings(guard, ())
    return Openings(guard, tuple(Opening(region, barred, asked) for region in allowed))


def refuses(guard: Guard, request: Request) -> bool:
    """Whether the proxy refuses the path before any policy is asked."""
    if guard.chain is not Chain.HTTP or request.path is None:
        return False
    return seen_path(request.path, guard.settings.path_normalization) is None


def _regions(judges: Iterable[Judge], facts: Facts) -> tuple[Region, ...]:
    found = (_region(judge, facts) for judge in judges)
    return tuple(region for region in found if region is not None)


def _region(judge: Judge, facts: Facts) -> Region | None:
    """What is left to ask of a rule; None if nothing can satisfy it any more."""
    rule = judge.translated
    conditions = _left(rule.conditions, facts)
    sources, operations = _clause(rule.sources, facts), _clause(rule.operations, facts)
    if conditions is None or sources is None or operations is None:
        return None
    return Region(judge.match, sources, operations, conditions)


def _clause(ways: tuple[Demands, ...], facts: Facts) -> tuple[Demands, ...] | None:
    if not ways:
        return ()
    left = [found for found in (_left(demands, facts) for demands in ways) if found is not None]
    if not left:
        return None
    return () if () in left else tuple(left)


def _left(demands: Demands, facts: Facts) -> Demands | None:
    answers = [(atom, atom_holds(atom, facts)) for atom in demands]
    if any(answer is False for _, answer in answers):
        return None
    return tuple(atom for atom, answer in answers if answer is None)


def _all(demands: Demands, facts: Facts) -> bool | None:
    return every(atom_holds(atom, facts) for atom in demands)


def atom_holds(atom: Atom, facts: Facts) -> bool | None:
    """Whether what a rule demands holds; None where the attribute is left open."""
    values = facts[atom.attribute]
    if values is None:
        return None
    return any(map(atom.admitted.admits, values)) != atom.negated


def _identities(demands: Demands) -> Identities:
    found = Identities.anyone()
    for atom in demands:
        if atom.attribute == IDENTITY and isinstance(atom.admitted, StringSet):
            held = Identities(False, atom.admitted)
            found = found.difference(held) if atom.negated else found.intersection(held)
    return found


def without_overlap(opening: Opening) -> Opening:
    """The same opening without the DENY rules that surely match none of its requests."""
    kept = tuple(region for region in opening.barred if _may_meet(opening.region, region))
    return evolve(opening, barred=kept)


def _may_meet(one: Region, other: Region) -> bool:
    from meshlint.matching import known

    both = one.identities.intersection(other.identities)
    return both.absent or known(both.named.is_empty) is not True
