"""What part of all requests is let in, and what a denied one would need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.security.access import phrases
from meshlint.security.istio import Guard, Request
from meshlint.security.istio.attributes import PORT, Facts
from meshlint.security.istio.comparing import Demands
from meshlint.security.istio.decision import Match
from meshlint.security.istio.guard import Judge
from meshlint.security.istio.openings import Region, atom_holds, openings
from meshlint.security.istio.translate import Atom
from meshlint.values import frozen

_MOST_RULES = 3


@frozen(repr=False)
class Need:
    """What a request would have to be, and for which rule; `of` is empty for what no rule asks."""

    what: str
    of: str = ""

    def __str__(self) -> str:
        """What, and by whom it is asked."""
        return f"{self.what} ({self.of})" if self.of else self.what


def let_in(guards: Iterable[Guard], request: Request) -> tuple[str, ...]:
    """The requests that are let in of those like `request`, in words."""
    found = (_opening(one.region, one.barred) for guard in guards for one in openings(guard, request).all)
    return tuple(dict.fromkeys(found))


def needs(guards: Iterable[Guard], request: Request) -> tuple[Need, ...]:
    """What `request` lacks to be let in: the DENY rules it must not match, and what the nearest rules ask."""
    found = [need for guard in guards for need in (*_denials(guard, request), *_nearest(guard, request))]
    return tuple(dict.fromkeys(found))


def _opening(region: Region, barred: Iterable[Region]) -> str:
    less = ", ".join(phrases.whole(one) for one in barred)
    words = phrases.whole(region)
    return f"{words} except {less}" if less else words


def _denials(guard: Guard, request: Request) -> Iterator[Need]:
    for match in guard.matches(request, "DENY"):
        judge = next(one for one in guard.judges["DENY"] if one.match.at.path == match.at.path)
        yield Need(_other_than(phrases.whole(_region(judge))), _label(match))


def _other_than(words: str) -> str:
    """What helps against a DENY rule; one that is about no part of a request leaves nothing to change."""
    if words == phrases.ANYTHING:
        return "that rule to go: here it denies every connection, whatever it carries"
    return f"to be other than {words}"


def _nearest(guard: Guard, request: Request) -> Iterator[Need]:
    if not guard.allowing:
        return
    facts = Facts(request, guard.settings.path_normalization)
    judged = [(_lacking(judge, facts), judge) for judge in guard.judges.get("ALLOW", ())]
    judged.sort(key=lambda one: len(one[0]))
    for lacking, judge in judged[:_MOST_RULES]:
        if not lacking:
            return
        yield Need(" and ".join(_demand(atom, request) for atom in lacking), _label(judge.match))


def _demand(atom: Atom, request: Request) -> str:
    """What a field asks for; policies go by the port of the container, which callers do not write."""
    words = phrases.demand(atom)
    if atom.attribute != PORT or request.destination_port is None:
        return words
    return f"{words}, while the call comes to the container's port {request.destination_port}"


def _lacking(judge: Judge, facts: Facts) -> Demands:
    """What surely fails of a rule: the fewest of each clause."""
    rule = judge.translated
    parts = [_failing(rule.conditions, facts)]
    for clause in (rule.sources, rule.operations):
        if clause:
            parts.append(min((_failing(demands, facts) for demands in clause), key=len))
    return tuple(atom for part in parts for atom in part)


def _failing(demands: Demands, facts: Facts) -> Demands:
    return tuple(atom for atom in demands if atom_holds(atom, facts) is False)


def _region(judge: Judge) -> Region:
    rule = judge.translated
    return Region(judge.match, rule.sources, rule.operations, rule.conditions)


def _label(match: Match) -> str:
    return f"{match.policy.resource}, rule {match.index + 1}"
