"""Where each box stands: a column for each step of the calls, a band for each namespace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from meshlint.reports.findings.picture.layers import layers
from meshlint.reports.shared.drawing import Drawing, Thing
from meshlint.values import frozen

WIDTH, HEIGHT = 190, 44
"""Of a box, in pixels."""
_ACROSS, _DOWN, _MARGIN, _HEAD = 84, 14, 16, 34
_LEAST_COLUMNS = 4
_MOST_COLUMNS = 12


@frozen
class Box:
    """A thing, and its left upper corner in pixels."""

    thing: Thing
    x: int
    y: int


@frozen
class Band:
    """A namespace, from its upper edge down."""

    name: str
    y: int
    height: int


@frozen
class Placed:
    """All boxes and bands, and the size of the whole."""

    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    width: int
    height: int


def placed(drawing: Drawing) -> Placed:
    """The places of all things: callers to the left of what they call, those of a namespace in one band."""
    tied = {end for arrow in drawing.arrows for end in (arrow.source, arrow.target)}
    names = [thing.id for thing in drawing.things]
    columns = layers(names, ((arrow.source, arrow.target) for arrow in drawing.arrows))
    last = min(max(columns.values(), default=0), _MOST_COLUMNS - 1)
    count = max(last + 1, _LEAST_COLUMNS)
    boxes: list[Box] = []
    bands: list[Band] = []
    y = _MARGIN
    for namespace, held in groupby(drawing.things, key=lambda thing: thing.namespace):
        things = list(held)
        grid = _grid(things, {one: min(columns[one], last) for one in tied}, count)
        top = y + (_HEAD if namespace else _MARGIN)
        boxes.extend(Box(thing, _left(column), top + row * (HEIGHT + _DOWN)) for thing, column, row in grid)
        rows = max(row for _, _, row in grid) + 1
        height = top - y + rows * (HEIGHT + _DOWN) - _DOWN + _MARGIN
        bands.append(Band(namespace, y, height))
        y += height + _DOWN
    return Placed(tuple(boxes), tuple(bands), _left(count) - _ACROSS + 2 * _MARGIN, y + _MARGIN - _DOWN)


def _left(column: int) -> int:
    return 2 * _MARGIN + column * (WIDTH + _ACROSS)


def _grid(things: Sequence[Thing], columns: dict[str, int], count: int) -> list[tuple[Thing, int, int]]:
    """Column and row of each thing; those that hang on nothing fill rows of their own, below."""
    rows = [0] * count
    found: list[tuple[Thing, int, int]] = []
    for thing in things:
        if thing.id in columns:
            column = columns[thing.id]
            found.append((thing, column, rows[column]))
            rows[column] += 1
    first = max(rows)
    alone = [thing for thing in things if thing.id not in columns]
    found += [(thing, number % count, first + number // count) for number, thing in enumerate(alone)]
    return found
