"""Fields of an object by a path that a user writes, such as `spec.http[].route[].destination.host`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.documents import Field
from meshlint.values import frozen, regex

ITEMS: Final = "[]"
"""Stands for each entry of a list."""
ANY: Final = "*"
"""Stands for each key of a mapping."""

_STEP = regex(r"""\.?(?:(\[\])|\["([^"\]]+)"\]|([^.\[\]"*]+|\*))""")
_MOST_STEPS = 32


@frozen(repr=False)
class Place:
    """Where a path leads: the field that holds its last step, and that step."""

    holder: Field
    step: str

    @property
    def field(self) -> Field:
        """What the path leads to, present or not."""
        return self.holder / self.step


def steps_of(path: str) -> tuple[str, ...] | None:
    """The steps of a path; None for what is none.

    A step with dots in it stands in brackets and quotes: `metadata.annotations["sidecar.istio.io/inject"]`.
    """
    steps, at = [], 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None or (at == 0 and found[0].startswith((".", "["))):
            return None
        steps.append(found[1] or found[2] or found[3])
        at = found.end()
    return tuple(steps) if 0 < len(steps) <= _MOST_STEPS else None


def places(root: Field, steps: tuple[str, ...]) -> Iterator[Place]:
    """Where the steps lead from `root`; what is absent on the way is where the rest would have to be.

    A list or mapping without entries has no places.
    """
    fields = [root]
    for step in steps[:-1]:
        fields = [inner for field in fields for inner in _inner(field, step)]
    last = steps[-1]
    for field in fields:
        if last == ITEMS:
            yield from (Place(field, str(number)) for number, _ in enumerate(field.items()))
        elif last == ANY:
            yield from (Place(field, one.name) for one in field.fields())
        else:
            yield Place(field, last)


def values(root: Field, steps: tuple[str, ...]) -> Iterator[Field]:
    """The fields at the steps that are written."""
    fields = [root]
    for step in steps:
        fields = [inner for field in fields for inner in _inner(field, step)]
    yield from (field for field in fields if field)


def _inner(field: Field, step: str) -> tuple[Field, ...]:
    if step == ITEMS:
        return field.items()
    return field.fields() if step == ANY else (field / step,)
