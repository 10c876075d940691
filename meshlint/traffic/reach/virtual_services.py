"""Which routes of a VirtualService are never reached, because earlier ones take all of their requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from meshlint.documents import Field
from meshlint.matching import StringSet, known
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import kept
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Route
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.traffic.conditions.condition import FREE, Condition
from meshlint.traffic.conditions.lines import Line, sections
from meshlint.values import frozen

_MOST_COMPARISONS = 20_000
_MOST_PIECES = 64
_COST_OF_PATTERNS = 10
"""What comparing with a pattern takes, as a multiple of what plain paths take."""

Box = tuple[StringSet, ...]


@frozen(eq=False, repr=False)
class Unreachable:
    """A route of which every match is taken by earlier routes; `by` are the lines that take them."""

    virtual_service: VirtualService
    route: Field
    by: tuple[Line, ...]


@frozen(eq=False, repr=False)
class Redundant:
    """A match that earlier lines take whole, in a route that other matches still reach."""

    virtual_service: VirtualService
    line: Line
    by: tuple[Line, ...]


@frozen(eq=False, repr=False)
class Reach:
    """What is never reached in a VirtualService; `is_whole` unless some matches were too many to compare, and
    `is_decided` unless some were too complex.
    """

    routes: tuple[Unreachable, ...]
    matches: tuple[Redundant, ...]
    is_whole: bool = True
    is_decided: bool = True


_NOTHING = Reach((), ())


def _has_several(virtual_service: VirtualService) -> bool:
    """Whether some section has several lines, of which one may take what another is for."""
    parts: tuple[tuple[HttpRoute | L4Route, ...], ...]
    parts = (virtual_service.http, virtual_service.tls, virtual_service.tcp)
    return any(len(part) > 1 or any(len(route.match) > 1 for route in part) for part in parts)


@kept
def reach_of(_: Mesh, virtual_service: VirtualService) -> Reach:
    """What is never reached in a VirtualService of a mesh."""
    return reach(virtual_service)


def reach(virtual_service: VirtualService) -> Reach:
    """What is never reached in a VirtualService, each section by itself."""
    if not _has_several(virtual_service):
        return _NOTHING
    routes: list[Unreachable] = []
    matches: list[Redundant] = []
    is_whole = is_decided = True
    for lines in sections(virtual_service):
        found = covered(lines)
        is_whole = is_whole and found.is_whole
        is_decided = is_decided and not (found.is_whole and found.undecided)
        for position, taken in found.lines.items():
            own = [line for line in lines if line.position == position]
            outside = [by for by in taken.values() if all(line.position < position for line in by)]
            if len(outside) == len(own):
                takers = tuple(dict.fromkeys(line for by in taken.values() for line in by))
                routes.append(Unreachable(virtual_service, own[0].route, takers))
            else:
                matches.extend(Redundant(virtual_service, line, by) for line, by in taken.items())
    return Reach(tuple(routes), tuple(matches), is_whole, is_decided)


@frozen(eq=False, repr=False)
class Covered:
    """The lines that earlier ones take whole, by the position of their route, each with its takers.

    `undecided` are the positions of lines for which some comparison was too complex, or one too many.
    """

    lines: dict[int, dict[Line, tuple[Line, ...]]]
    is_whole: bool
    undecided: frozenset[int]


def covered(lines: Sequence[Line]) -> Covered:
    """What earlier lines take whole, as far as a number of comparisons shows it."""
    earlier = _Earlier()
    found: dict[int, dict[Line, tuple[Line, ...]]] = {}
    for line in lines:
        takers = earlier.takers(line)
        if takers:
            found.setdefault(line.position, {})[line] = takers
        elif not line.condition.is_impossible:
            earlier.add(line)
    return Covered(found, not earlier.is_spent, frozenset(earlier.undecided) - found.keys())


class _Earlier:
    """The lines so far, found by the literal start of their paths."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Line]] = {}
        self._others: list[Line] = []
        self._budget = _MOST_COMPARISONS
        self.is_spent = False
        """Whether some comparison was not made."""
        self.undecided: set[int] = set()

    def add(self, line: Line) -> None:
        (self._others if line.key is None else self._by_key.setdefault(line.key, [])).append(line)

    def takers(self, line: Line) -> tuple[Line, ...]:
        """The earlier lines that together take all of `line`; none if they do not or it is not known."""
        candidates = [one for one in self._candidates(line) if one.scope.covers(line.scope)]
        for one in candidates:
            whole = known(partial(line.condition.is_subset, one.condition))
            if whole:
                return (one,)
            if whole is None:
                self.undecided.add(line.position)
        if self.is_spent:
            self.undecided.add(line.position)
        some = [one for one in candidates if _takes_headers(one.condition, line.condition)]
        return _together(line.condition, some) if len(some) > 1 else ()

    def _candidates(self, line: Line) -> Iterator[Line]:
        """The lines whose paths may hold all of this line's, the first ones first."""
        if line.key is None:
            near = [one for group in self._by_key.values() for one in group]
        else:
            starts = (line.key[:end] for end in range(len(line.key) + 1))
            near = [one for start in starts for one in self._by_key.get(start, ())]
        for one in sorted((*near, *self._others), key=lambda one: one.position):
            if self._budget <= 0:
                self.is_spent = True
                return
            plain = one.key is not None and line.key is not None
            self._budget -= 1 if plain else _COST_OF_PATTERNS
            yield one


def _takes_headers(wide: Condition, narrow: Condition) -> bool:
    """Whether only texts such as the method can keep requests of the narrow condition from the wide one."""

    def decide() -> bool:
        return (
            not wide.is_impossible
            and narrow.server_name.is_subset(wide.server_name)
            and (wide.destinations is None or narrow.destinations == wide.destinations)
            and narrow.path.is_subset(wide.path)
            and all(narrow.headers.get(name, FREE).is_subset(one) for name, one in wide.headers.items())
            and narrow.query.keys() >= wide.query.keys()
            and all(narrow.query[name].is_subset(one) for name, one in wide.query.items())
        )

    return known(decide) is True


def _together(condition: Condition, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that use up a condition between them, told apart by method, authority and scheme."""
    left: list[Box] = [(condition.method, condition.authority, condition.scheme)]
    used: list[Line] = []
    for line in lines:
        rest = known(partial(_rest, left, line.condition))
        if rest is None or len(rest) > _MOST_PIECES:
            return ()
        if len(rest) != len(left) or rest != left:
            used.append(line)
        left = rest
        if not left:
            return tuple(used)
    return ()


def _rest(boxes: Sequence[Box], wide: Condition) -> list[Box]:
    other = (wide.method, wide.authority, wide.scheme)
    return [piece for box in boxes for piece in _without(box, other)]


def _without(box: Box, wide: Box) -> Iterator[Box]:
    """The parts of a box that another one leaves over."""
    kept = list(box)
    for place, (mine, theirs) in enumerate(zip(box, wide, strict=True)):
        rest = mine - theirs
        if not rest.is_empty():
            yield (*kept[:place], rest, *box[place + 1 :])
        kept[place] = mine & theirs
        if kept[place].is_empty():
            return
