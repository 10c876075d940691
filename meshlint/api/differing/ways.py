"""Which requests end elsewhere on one side than on the other, or are handled otherwise on their way?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod

from meshlint.api.answers.routing.request import RouteRequest
from meshlint.api.answers.routing.way import followed, route
from meshlint.api.differing import asked_at_ports as asked_for
from meshlint.api.differing.asked_by_routes import ADDRESS, demands_on
from meshlint.api.differing.causes import Causes
from meshlint.api.differing.parts import Asked, Box, Cell, Part, boxes, cells, in_words, parts_of, values_of
from meshlint.api.differing.questions import Asking, Question, questions
from meshlint.api.differing.reach_of_ways import WayReach
from meshlint.api.differing.sending import headers_of, kind_of, target_of
from meshlint.engine.usage import UsageError
from meshlint.matching import TooComplex
from meshlint.mesh import Mesh
from meshlint.reports.differences.answer import Ways
from meshlint.reports.route.answer import Destination, InForce, Outcome, RouteAnswer
from meshlint.values import evolve, frozen

_MOST_CELLS = 1024
_MOST_EDGES = 400
"""Up to so many pairs of a workload and a host every workload is asked; beyond, those that files name."""
_ROUNDS = 3
_DEPENDS = "perhaps, for it depends: "

Answers = tuple[RouteAnswer | None, RouteAnswer | None]
Told = tuple[tuple[str, ...], tuple[str, ...]]
"""Where a request goes, and what is in force on its way, in words."""


@frozen(repr=False)
class ComparedWays:
    """What was found: the ways that differ, how many were asked for, and what could not be compared."""

    ways: tuple[Ways, ...]
    asked: int
    notes: tuple[str, ...]


def compared_ways(before: Mesh, after: Mesh, reach: WayReach, causes: Causes) -> ComparedWays:
    """The ways on which the two sides differ, among those that a change may concern."""
    sides = (Asking(before), Asking(after))
    comparison = Comparison((before, after), causes)
    alike: dict[object, list[Ways]] = {}
    notes: list[str] = []
    asked = 0
    for question in questions(sides, reach, _MOST_EDGES):
        try:
            found, count = comparison.of(question)
        except TooComplex:
            notes.append(
                f"{question.host}:{question.port} has too many kinds of requests to compare them all"
            )
            continue
        asked += count
        for one in found:
            alike.setdefault((one.host, one.port, one.requests, one.before, one.after), []).append(one)
    joined = (
        evolve(held[0], senders=tuple(dict.fromkeys(one.senders[0] for one in held)))
        for held in alike.values()
    )
    return ComparedWays(tuple(joined), asked, tuple(dict.fromkeys(notes)))


Differing = dict[tuple[Told, Told], list[Cell]]
"""The kinds of requests that end differently, by what became and becomes of them."""


@frozen(eq=False, repr=False)
class Comparison:
    """Asks both sides about the requests of one question, one for each kind that their routes tell apart."""

    meshes: tuple[Mesh, Mesh]
    causes: Causes

    def of(self, question: Question) -> tuple[list[Ways], int]:
        """What differs for the requests of one question, and how many of them were asked about."""
        parts, found, answers = self.differences(question)
        made = [
            self._ways(question, parts, change, boxes(held), answers[change])
            for change, held in found.items()
        ]
        return made, prod(len(part.choices) for part in parts)

    def differences(self, question: Question) -> tuple[tuple[Part, ...], Differing, dict[object, Answers]]:
        """The parts that are told apart, what differs of them, and for each difference two answers."""
        parts, kinds = self._parted(question)
        found: Differing = {}
        answers: dict[object, Answers] = {}
        for cell in kinds:
            old, new = (_answer(mesh, question, parts, cell) for mesh in self.meshes)
            change = (told(old), told(new))
            if change[0] != change[1] and not _is_nothing_new(old, new):
                found.setdefault(change, []).append(cell)
                answers.setdefault(change, (old, new))
        return parts, found, answers

    def _parted(self, question: Question) -> tuple[tuple[Part, ...], list[Cell]]:
        """The kinds of requests that either side tells apart, also further along their ways."""
        demands = list(self._demands(question, (), ()))
        for _ in range(_ROUNDS):
            parts = parts_of(Asked.of(demands), kind_of)
            found = list(cells(parts, _MOST_CELLS))
            more = [demand for cell in found for demand in self._demands(question, parts, cell)]
            if {one[:2] for one in more} <= {one[:2] for one in demands}:
                return parts, found
            demands.extend(more)
        raise TooComplex

    def _demands(self, question: Question, parts: Sequence[Part], cell: Cell) -> Iterator[asked_for.Demand]:
        for mesh in self.meshes:
            try:
                _, _, found = followed(mesh, _request(question, parts, cell))
            except UsageError:
                continue
            yield from demands_on(found)

    def _ways(
        self,
        question: Question,
        parts: Sequence[Part],
        change: tuple[Told, Told],
        held: Iterable[Box],
        answers: Answers,
    ) -> Ways:
        requests = tuple(in_words(parts, box) for box in held)
        before, after = _differing(*change)
        return Ways(
            (question.sender,),
            question.written,
            question.port,
            () if "" in requests else requests,
            before,
            after,
            _reaches(answers[0]) and not _reaches(answers[1]),
            self.causes.of_ways(*answers),
        )


def _request(question: Question, parts: Sequence[Part], cell: Cell) -> RouteRequest:
    values = values_of(parts, cell)
    host = values.get(asked_for.HOST)
    headers = tuple(headers_of(values).items())
    return RouteRequest(
        client=question.sender,
        host=question.host,
        port=question.port,
        path=target_of(values) or "/",
        method=values.get(asked_for.METHOD) or "GET",
        headers=headers if host is None else (("host", host), *headers),
        sni=values.get(asked_for.SNI),
        address=values.get(ADDRESS),
    )


def _answer(mesh: Mesh, question: Question, parts: Sequence[Part], cell: Cell) -> RouteAnswer | None:
    """The way of a request; None where nobody can send it."""
    try:
        return route(mesh, _request(question, parts, cell))
    except UsageError:
        return None


def _reaches(answer: RouteAnswer | None) -> bool:
    return answer is not None and answer.reaches


def _is_nothing_new(before: RouteAnswer | None, after: RouteAnswer | None) -> bool:
    """Whether a gateway is there on one side alone, and no rule answers the request at it."""
    there = [one for one in (before, after) if one is not None]
    return len(there) < 2 and not any(one.reaches or one.rule is not None for one in there)


def told(answer: RouteAnswer | None) -> Told:
    """What becomes of a request, in words; None where nobody can send it, which only gateways come to."""
    if answer is None:
        return ("nothing (no such gateway)",), ()
    undecided = tuple(f"{_DEPENDS}{one}" for one in answer.undecided)
    return (*_ends(answer), *undecided), tuple(sorted(map(_effect, answer.in_force)))


def _ends(answer: RouteAnswer) -> Iterator[str]:
    """Where a request ends, each place with its share."""
    if answer.outcome is Outcome.FORWARDED:
        yield from sorted(map(_destination, answer.destinations))
    elif answer.outcome is Outcome.ANSWERED:
        yield f"status {answer.status} ({answer.reason})"
    elif answer.outcome is Outcome.LOST:
        yield f"nothing ({answer.reason})"
    else:
        yield "past the routes of the mesh, to whatever the name stands for"


def _destination(one: Destination) -> str:
    port = "" if one.port is None else f":{one.port}"
    subset = "" if one.subset is None else f" subset {one.subset}"
    fails = "" if one.status is None else f", which fails with {one.status} ({one.problem})"
    onward = "" if one.onward is None else f", then {'; '.join(_ends(one.onward))}"
    return f"{_share(one.share)}{one.host}{port}{subset}{fails}{onward}"


def _share(share: Fraction) -> str:
    return "" if share == 1 else f"{float(share * 100):.4g} % to "


def _effect(one: InForce) -> str:
    return f"{one.kind} {one.text}"


def _differing(before: Told, after: Told) -> Told:
    """The words that tell the difference: those of the destinations if these differ, and of other effects.

    What both sides depend on is no difference, and often names the sender: it is told by "perhaps" alone.
    """
    shared = {word for word in before[0] if word.startswith(_DEPENDS) and word in after[0]}
    sides = []
    for one, other in ((before, after), (after, before)):
        ends = [word for word in one[0] if word not in shared] if one[0] != other[0] else []
        effects = (word for word in one[1] if word not in other[1])
        sides.append((*(_perhaps(word) if shared else word for word in ends), *effects))
    return sides[0], sides[1]


def _perhaps(word: str) -> str:
    return word if word.startswith(_DEPENDS) else f"perhaps {word}"
