"""Find what a selector admits, or which selectors admit an object, without comparing all with all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .labels import LabelSelector

Item = TypeVar("Item")
Labels = Mapping[str, str]


class LabelIndex(Generic[Item]):
    """Many labelled items, asked which of them a selector admits.

    Answers keep the order in which the items were given. A selector that demands some label costs time in
    proportion to the items that carry its rarest demand; one that only forbids labels costs a scan. Items are
    filed by the keys that are asked for, of which there are far fewer than they carry.
    """

    def __init__(self, labelled: Iterable[tuple[Labels, Item]]) -> None:
        self._entries = list(labelled)
        self._filed: dict[str, dict[str, list[int]]] = {}
        self._answers: dict[object, tuple[Item, ...]] = {}

    def select(self, selector: LabelSelector) -> tuple[Item, ...]:
        """Return the items that the selector admits: the same tuple whenever the same is asked."""
        answer = self._answers.get(selector)
        if answer is None:
            answer = self._answers[selector] = self._selected(selector)
        return answer

    def carrying(self, labels: Labels) -> tuple[Item, ...]:
        """Return the items that carry all of these labels: the same tuple whenever the same is asked."""
        asked = tuple(sorted(labels.items()))
        answer = self._answers.get(asked)
        if answer is None:
            answer = self._answers[asked] = self._with_all(labels)
        return answer

    def _selected(self, selector: LabelSelector) -> tuple[Item, ...]:
        if selector.is_everything():
            return tuple(item for _, item in self._entries)
        entries = (self._entries[position] for position in self._candidates(selector))
        return tuple(item for labels, item in entries if selector.admits(labels))

    def _with_all(self, labels: Labels) -> tuple[Item, ...]:
        if not labels:
            return tuple(item for _, item in self._entries)
        postings = (self._by_value(key).get(value, []) for key, value in labels.items())
        entries = (self._entries[position] for position in min(postings, key=len))
        return tuple(item for held, item in entries if _carries(held, labels))

    def _by_value(self, key: str) -> dict[str, list[int]]:
        """The items that have a label, by its value."""
        found = self._filed.get(key)
        if found is None:
            found = self._filed[key] = {}
            for position, (labels, _) in enumerate(self._entries):
                if key in labels:
                    found.setdefault(labels[key], []).append(position)
        return found

    def _candidates(self, selector: LabelSelector) -> Iterable[int]:
        best: list[list[int]] | None = None
        for key, demand in selector.constraints:
            if demand.absent:
                continue
            filed = self._by_value(key)
            values = filed if demand.excluded else demand.values
            postings = [filed.get(value, []) for value in values]
            if best is None or sum(map(len, postings)) < sum(map(len, best)):
                best = postings
        if best is None:
            return range(len(self._entries))
        return best[0] if len(best) == 1 else sorted({position for posting in best for position in posting})


class SelectorIndex(Generic[Item]):
    """Many items with selectors, or with the labels that they demand, asked which select an object.

    Answers keep the order in which the items were given. Each selector is filed under the rarest label it
    demands, so a question costs time in proportion to the selectors filed under the object's labels. Those of
    equal selectors are asked as one.
    """

    def __init__(self, selecting: Iterable[tuple[LabelSelector | Labels, Item]]) -> None:
        self._items: list[Item] = []
        alike: dict[object, tuple[LabelSelector | Labels, list[int]]] = {}
        for place, (selector, item) in enumerate(selecting):
            key = frozenset(selector.items()) if isinstance(selector, Mapping) else selector
            alike.setdefault(key, (selector, []))[1].append(place)
            self._items.append(item)
        self._entries = list(alike.values())
        self._filed: dict[tuple[str, str], list[int]] = {}
        self._unfiled: list[int] = []
        demanded = Counter(
            (key, value)
            for selector, _ in self._entries
            for key, values in _demanded(selector)
            for value in values
        )
        for position, (selector, _) in enumerate(self._entries):
            choices = ([(key, value) for value in values] for key, values in _demanded(selector))
            rarest = min(choices, key=lambda pairs: sum(demanded[pair] for pair in pairs), default=None)
            for filed in [self._unfiled] if rarest is None else self._files(rarest):
                filed.append(position)
        self._answers: dict[tuple[int, ...], tuple[Item, ...]] = {}

    def selecting(self, labels: Labels) -> tuple[Item, ...]:
        """Return the items whose selector admits these labels: the same tuple whenever it holds the same."""
        found = [*self._unfiled]
        for pair in labels.items():
            found += self._filed.get(pair, ())
        if not found:
            return ()
        entries = self._entries
        admitting = tuple([one for one in sorted({*found}) if _admits(entries[one][0], labels)])
        answer = self._answers.get(admitting)
        if answer is None:
            places = sorted([place for one in admitting for place in entries[one][1]])
            answer = self._answers[admitting] = tuple([self._items[place] for place in places])
        return answer

    def _files(self, pairs: list[tuple[str, str]]) -> list[list[int]]:
        return [self._filed.setdefault(pair, []) for pair in pairs]


def _demanded(selector: LabelSelector | Labels) -> list[tuple[str, list[str]]]:
    if isinstance(selector, Mapping):
        return [(key, [selector[key]]) for key in sorted(selector)]
    return [
        (key, sorted(demand.values))
        for key, demand in selector.constraints
        if not (demand.absent or demand.excluded)
    ]


def _admits(selector: LabelSelector | Labels, labels: Labels) -> bool:
    return _carries(labels, selector) if isinstance(selector, Mapping) else selector.admits(labels)


def _carries(labels: Labels, demanded: Labels) -> bool:
    return demanded.items() <= labels.items()
