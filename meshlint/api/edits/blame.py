"""Which of the attempts that were tried together is to blame for what is wrong after them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from meshlint.api.edits.attempts import Attempt, Key, Place, State, said_of
from meshlint.engine.finding import Finding
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Blame:
    """What is wrong after a try: `charges` has the attempts that something speaks against.

    Each of them with the rules that tell something wrong; it is `astray` where that is in documents that it
    does not change. Of what is `unexplained` nobody is accused.
    """

    charges: Mapping[Attempt, frozenset[str]]
    astray: frozenset[Attempt] = frozenset()
    unexplained: bool = False

    def is_of(self, attempts: Sequence[Attempt]) -> bool:
        """Whether nothing is wrong but what some of these attempts do in the documents that they change."""
        return not self.unexplained and not self.astray and self.charges.keys() <= set(attempts)

    def suspects(self, attempts: Sequence[Attempt]) -> list[list[list[Attempt]]]:
        """The accused among `attempts`: those about an object together, and such groups that are alike.

        Alike is what the same rules find and what the same rules accuse of nothing but its own place.
        """
        groups: dict[str, list[Attempt]] = {}
        for one in attempts:
            if one in self.charges:
                groups.setdefault(str(one.finding.object), []).append(one)
        alike: dict[object, list[list[Attempt]]] = {}
        for name, group in groups.items():
            alike.setdefault(self._likeness(name, group), []).append(group)
        return [sorted(one, key=len) for one in alike.values()]

    def _likeness(self, name: str, group: Sequence[Attempt]) -> object:
        if not self.astray.isdisjoint(group):
            return name
        return frozenset(
            (tuple(sorted(found.rule for found in one.findings)), self.charges[one]) for one in group
        )


def blame(base: State, after: State, attempts: Sequence[Attempt]) -> Blame | None:
    """Who is to blame for what is said after attempts and should not be; None where nothing is wrong."""
    wanted = said_of(finding for attempt in attempts for finding in attempt.findings)
    # what was to be mended is told less often afterwards, and nothing is told more often
    right = {key: len(base.said.get(key, ())) - len(wanted.get(key, ())) for key in after.said}
    wrong = [key for key, told in after.said.items() if len(told) > right[key]]
    if not wrong:
        return None
    charges: dict[Attempt, set[str]] = {}
    astray: set[Attempt] = set()
    unexplained = False
    trial = _Trial(base, after, {one: base.places(one) for one in attempts}, wanted)
    for key in sorted(wrong):
        accused, is_own = trial.accused(key)
        unexplained = unexplained or not accused
        for one in accused:
            charges.setdefault(one, set()).add(key[0])
            if not is_own:
                astray.add(one)
    found = {one: frozenset(rules) for one, rules in charges.items()}
    return Blame(found, frozenset(astray), unexplained)


@frozen(eq=False, repr=False)
class _Trial:
    """Attempts that were tried together, each with the documents that it is about."""

    base: State
    after: State
    places: Mapping[Attempt, frozenset[Place]]
    wanted: Mapping[Key, Sequence[Finding]]

    def accused(self, key: Key) -> tuple[list[Attempt], bool]:
        """Those nearest to what is told of `key`, and whether that is in documents that they change."""
        for number, near in enumerate(self._nearness(key)):
            found = [one for one in self.places if near(one)]
            if found:
                return found, number < _OWN
        return [], False

    def _nearness(self, key: Key) -> Iterator[Callable[[Attempt], bool]]:
        """What an attempt has to do with what is told of `key`, the closest first."""
        told = self._too_many(key)
        here = {self.after.place(one.location) for one in told}
        beside = {self.after.place(other.location) for one in told for other in one.related}
        files = {file for file, _number in here}
        yield lambda one: key[1] in one.objects and not here.isdisjoint(self.places[one])
        yield lambda one: not here.isdisjoint(self.places[one])
        yield lambda one: key[1] in one.objects
        yield lambda one: not beside.isdisjoint(self.places[one])
        yield lambda one: any(file in files for file, _number in self.places[one])

    def _too_many(self, key: Key) -> Sequence[Finding]:
        """The findings of `key` in documents that have more of them than they should."""
        found = self.after.said[key]
        told = Counter(self.after.place(one.location) for one in found)
        right = Counter(self.base.place(one.location) for one in self.base.said.get(key, ()))
        right.subtract(self.base.place(one.location) for one in self.wanted.get(key, ()))
        return [one for one in found if told[place := self.after.place(one.location)] > right[place]] or found


_OWN = 2
"""How many kinds of nearness are about the documents that an attempt changes."""
