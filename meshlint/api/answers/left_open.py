"""Answers that rest on what the files leave to be filled in: they depend on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from meshlint.engine.usage import UsageError
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.documents import Document
    from meshlint.mesh import Mesh
    from meshlint.reports.access.answer import EdgeRow
    from meshlint.resources import ResourceSet
    from meshlint.resources.filling import Gap
    from meshlint.security.access import AccessDecision

Answer = TypeVar("Answer")
_OTHERS: Final = 3
_IN_USE: Final = 2
_MOST: Final = 40
_OBJECTS: Final = 4000
_FEW: Final = 2


class Closed(Protocol):
    """What there is once all is filled in."""

    @property
    def mesh(self) -> Mesh:
        """Its mesh."""
        ...


class Open(Protocol):
    """A set of files that may leave something to be filled in."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is left to be filled in."""
        ...

    @property
    def documents(self) -> Sequence[Document]:
        """The documents with the gaps, and all others."""
        ...

    @property
    def resources(self) -> ResourceSet:
        """The objects in them."""
        ...

    def filled(self, choice: Callable[[Gap], Any] | None) -> Closed:
        """The same with `choice` in the gaps."""
        ...


def answers(
    project: Open, ask: Callable[[Mesh], Answer], words: Iterable[tuple[str, str]] = ()
) -> Iterator[Answer]:
    """What `ask` says of the mesh with one value after the other in the places that are open.

    `words` are values that may matter, each with its namespace, those that are likeliest to first. Where a
    question makes no sense any more, because a name in it is open too, it counts for nothing.
    """
    from meshlint.resources.filling import Target, first_choice, in_use, other_choice, wanted

    choices = [first_choice, *(other_choice(turn) for turn in range(1, _OTHERS))]
    common = in_use(project.documents, project.gaps)
    choices += [common(turn) for turn in range(_IN_USE)]
    choices += [wanted(Target(word, namespace)) for word, namespace in dict.fromkeys(words) if word]
    most = min(_MOST, _OBJECTS // max(1, len(project.resources.resources)))
    for choice in islice(choices, most) if project.gaps else ():
        try:
            yield ask(project.filled(choice).mesh)
        except UsageError:
            continue


def open_texts(project: Open) -> str:
    """What is open, in words: the first few texts with a gap."""
    found = list(dict.fromkeys(gap.blank.text for gap in project.gaps))
    more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
    return f"what is filled in for {', '.join(found[:_FEW])}{more}"


def unsure(decision: AccessDecision, project: Open) -> AccessDecision:
    """The decision as one that an open value may turn round."""
    from meshlint.security.access.decision import Verdict

    open_one = open_texts(project)
    reason = f"{open_one} decides"
    return evolve(
        decision, verdict=Verdict.DEPENDS, reason=reason, depends_on=(*decision.depends_on, open_one)
    )


def evidence(decisions: Iterable[AccessDecision], asked: Iterable[str | None]) -> Iterator[tuple[str, str]]:
    """What may stand in policies and matters for `decisions`: who calls, from where, and what is asked."""
    said = [word for word in asked if word]
    for decision in decisions:
        places = [one.namespace for one in (decision.client, decision.server) if one is not None]
        words = [decision.identity or "", (decision.identity or "").removeprefix("spiffe://"), *places, *said]
        yield from ((word, place) for place in places for word in words)


def with_open_edges(
    project: Open,
    edges: tuple[EdgeRow, ...],
    asked: Iterable[str | None],
    ask: Callable[[Mesh], Iterable[EdgeRow]],
) -> tuple[EdgeRow, ...]:
    """The rows, those that come out otherwise with some value depending on it."""
    if not project.gaps:
        return edges
    told = {_name(edge): edge.decision.verdict for edge in edges}
    words = evidence([edge.decision for edge in edges], asked)
    differing: set[tuple[str, str, int]] = set()
    for other in answers(project, ask, words):
        differing |= {_name(one) for one in other if told.get(_name(one)) not in (None, one.decision.verdict)}
    return tuple(
        evolve(edge, decision=unsure(edge.decision, project)) if _name(edge) in differing else edge
        for edge in edges
    )


def _name(edge: EdgeRow) -> tuple[str, str, int]:
    return edge.client, edge.server, edge.port
