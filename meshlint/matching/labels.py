"""Label selectors as exact sets of label maps, as Kubernetes and Linkerd's policy controller read them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from meshlint.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class SelectorDialect(Enum):
    """Who reads a selector: the two disagree on expressions that the Kubernetes API would refuse or ignore.

    Linkerd's policy controller never matches an `In` or `NotIn` without `values`, nor an `Exists` or
    `DoesNotExist` that carries a `values` key, even an empty one (Linkerd: expression quirks of
    Server.podSelector). Kubernetes refuses the first, ignores the empty list of the second, and selects
    nothing by a selector it refuses.
    """

    KUBERNETES = "kubernetes"
    LINKERD = "linkerd"


@frozen
class Constraint:
    """What one label key must hold: a listed value (any other when `excluded`), or no such label."""

    values: frozenset[str]
    excluded: bool = False
    absent: bool = False

    def admits(self, value: str | None) -> bool:
        """Tell whether a label with this value, or a missing label (None), fits."""
        return self.absent if value is None else (value in self.values) != self.excluded

    def intersection(self, other: Constraint) -> Constraint:
        """Demand both at once."""
        absent = self.absent and other.absent
        if self.excluded and other.excluded:
            return Constraint(self.values | other.values, True, absent)
        if self.excluded:
            return Constraint(other.values - self.values, False, absent)
        kept = self.values - other.values if other.excluded else self.values & other.values
        return Constraint(kept, False, absent)

    def is_empty(self) -> bool:
        """Tell whether nothing fits, not even a missing label."""
        return not (self.absent or self.excluded or self.values)

    def is_any(self) -> bool:
        """Tell whether everything fits."""
        return self.absent and self.excluded and not self.values

    def is_subset(self, other: Constraint) -> bool:
        """Tell whether whatever fits here fits there too; the values of a label count as endless."""
        return self.intersection(other) == self

    def example(self) -> str | None:
        """Return a value that fits, or None when the label may only be absent."""
        if not self.excluded:
            return min(self.values, default=None)
        return next(text for text in _fresh_values() if text not in self.values)


_FREE = Constraint(frozenset(), excluded=True, absent=True)


@frozen(cache_hash=True)
class LabelSelector:
    """Which label maps are meant: one constraint for each key that matters, all of which must hold.

    Keys are sorted and keys that admit everything are dropped, so equal sets of label maps are equal values.
    """

    constraints: tuple[tuple[str, Constraint], ...] = ()

    @classmethod
    def everything(cls) -> LabelSelector:
        """Admit every label map, as an empty selector does."""
        return cls()

    @classmethod
    def nothing(cls) -> LabelSelector:
        """Admit no label map."""
        return cls((("", Constraint(frozenset())),))

    @classmethod
    def of(cls, labels: Mapping[str, str]) -> LabelSelector:
        """Demand each of these labels with just this value (matchLabels, or the selector of a Service)."""
        return cls(tuple([(key, Constraint(frozenset((labels[key],)))) for key in sorted(labels)]))

    @classmethod
    def build(cls, demands: Iterable[tuple[str, Constraint]]) -> LabelSelector:
        """Demand all of the constraints; several for one key are joined."""
        joined: dict[str, Constraint] = {}
        for key, demand in demands:
            joined[key] = joined[key].intersection(demand) if key in joined else demand
        if any(demand.is_empty() for demand in joined.values()):
            return cls.nothing()
        return cls(tuple(sorted((k, d) for k, d in joined.items() if not d.is_any())))

    @classmethod
    def read(cls, value: object, dialect: SelectorDialect = SelectorDialect.KUBERNETES) -> LabelSelector:
        """Read a LabelSelector value; None counts as empty, and what is malformed selects nothing.

        `selector_problems` tells what is malformed.
        """
        demands, problems = _read(value, dialect)
        return cls.nothing() if problems else cls.build(demands)

    def admits(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an object with these labels is selected."""
        get = labels.get
        return all(demand.admits(get(key)) for key, demand in self.constraints)

    def is_empty(self) -> bool:
        """Tell whether no label map can be selected."""
        return any(demand.is_empty() for _, demand in self.constraints)

    def is_everything(self) -> bool:
        """Tell whether every label map is selected."""
        return not self.constraints

    def intersection(self, other: LabelSelector) -> LabelSelector:
        """Demand what both selectors demand."""
        return LabelSelector.build((*self.constraints, *other.constraints))

    def overlaps(self, other: LabelSelector) -> bool:
        """Tell whether one label map could be selected by both."""
        return not self.intersection(other).is_empty()

    def is_subset(self, other: LabelSelector) -> bool:
        """Tell whether the other selector selects every label map that this one selects."""
        mine = dict(self.constraints)
        return self.is_empty() or all(mine.get(k, _FREE).is_subset(d) for k, d in other.constraints)

    def example(self) -> dict[str, str] | None:
        """Return a smallest label map that is selected; None when there is none."""
        if self.is_empty():
            return None
        needed = ((key, demand.example()) for key, demand in self.constraints if not demand.absent)
        return {key: value for key, value in needed if value is not None}

    def describe(self) -> str:
        """Write the selector as kubectl does: `app=web,tier in (a,b),!old`."""
        if self.is_empty():
            return "nothing"
        return ",".join(_describe(key, demand) for key, demand in self.constraints) or "everything"


def selector_problems(
    value: object, dialect: SelectorDialect = SelectorDialect.KUBERNETES
) -> tuple[str, ...]:
    """Say in plain words why a LabelSelector value is malformed and selects nothing; empty when sound."""
    return tuple(_read(value, dialect)[1])


def _read(value: object, dialect: SelectorDialect) -> tuple[list[tuple[str, Constraint]], list[str]]:
    if value is None:
        return [], []
    if not isinstance(value, Mapping):
        return [], ["the selector is not a mapping"]
    demands: list[tuple[str, Constraint]] = []
    problems: list[str] = []
    for found in (
        *_read_labels(value.get("matchLabels")),
        *_read_list(value.get("matchExpressions"), dialect),
    ):
        if isinstance(found, str):
            problems.append(found)
        else:
            demands.append(found)
    return demands, problems


def _read_labels(labels: object) -> Iterator[tuple[str, Constraint] | str]:
    if labels is None:
        return
    if not isinstance(labels, Mapping):
        yield "`matchLabels` is not a mapping"
        return
    for key, value in labels.items():
        text = "" if value is None else value
        if isinstance(key, str) and isinstance(text, str):
            yield key, Constraint(frozenset((text,)))
        else:
            yield f"`matchLabels` holds {key!r}: {value!r}, which are not both strings"


def _read_list(expressions: object, dialect: SelectorDialect) -> Iterator[tuple[str, Constraint] | str]:
    if expressions is None:
        return
    if not isinstance(expressions, list | tuple):
        yield "`matchExpressions` is not a list"
        return
    for expression in expressions:
        yield _read_expression(expression, dialect)


def _read_expression(expression: object, dialect: SelectorDialect) -> tuple[str, Constraint] | str:
    if not isinstance(expression, Mapping) or not isinstance(expression.get("key"), str):
        return "an entry of `matchExpressions` has no `key`"
    key, operator = expression["key"], expression.get("operator")
    values = expression.get("values")
    listed = () if values is None else values
    if not isinstance(listed, list | tuple) or not all(isinstance(text, str) for text in listed):
        return f"the `values` for key {key!r} are not a list of strings"
    if operator in ("In", "NotIn"):
        if not listed:
            return f"operator {operator} for key {key!r} has no `values`"
        return key, Constraint(frozenset(listed), excluded=operator == "NotIn", absent=operator == "NotIn")
    if operator in ("Exists", "DoesNotExist"):
        if listed or (dialect is SelectorDialect.LINKERD and values is not None):
            return f"operator {operator} for key {key!r} must not have `values`"
        return key, Constraint(frozenset(), excluded=operator == "Exists", absent=operator == "DoesNotExist")
    return f"operator {operator!r} for key {key!r} is none of In, NotIn, Exists, DoesNotExist"


def _describe(key: str, demand: Constraint) -> str:
    listed = ",".join(sorted(demand.values))
    if demand.excluded:
        other = f"{key} notin ({listed})"
        return other if demand.absent else ",".join(filter(None, (key, listed and other)))
    if not listed:
        return f"!{key}"
    plain = f"{key}={listed}" if len(demand.values) == 1 else f"{key} in ({listed})"
    return f"({plain} or !{key})" if demand.absent else plain


def _fresh_values() -> Iterator[str]:
    yield "any"
    number = 0
    while True:
        yield f"any-{(number := number + 1)}"
