"""Find what a selector admits, or which selectors admit an object, without comparing all with all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .labels import LabelSelector

Item = TypeVar("Item")


class LabelIndex(Generic[Item]):
    """Many labelled items, asked which of them a selector admits.

    Answers keep the order in which the items were given. A selector that demands some label costs time in
    proportion to the items that carry its rarest demand; one that only forbids labels costs a scan.
    """

    def __init__(self, labelled: Iterable[tuple[Mapping[str, str], Item]]) -> None:
        self._entries = list(labelled)
        self._by_pair: dict[tuple[str, str], list[int]] = {}
        self._by_key: dict[str, list[int]] = {}
        for position, (labels, _) in enumerate(self._entries):
            for pair in labels.items():
                self._by_pair.setdefault(pair, []).append(position)
                self._by_key.setdefault(pair[0], []).append(position)
        self._answers: dict[LabelSelector, tuple[Item, ...]] = {}

    def select(self, selector: LabelSelector) -> tuple[Item, ...]:
        """Return the items that the selector admits: the same tuple whenever the same is asked."""
        answer = self._answers.get(selector)
        if answer is None:
            answer = self._answers[selector] = self._selected(selector)
        return answer

    def _selected(self, selector: LabelSelector) -> tuple[Item, ...]:
        if selector.is_everything():
            return tuple(item for _, item in self._entries)
        entries = (self._entries[position] for position in self._candidates(selector))
        return tuple(item for labels, item in entries if selector.admits(labels))

    def _candidates(self, selector: LabelSelector) -> Iterable[int]:
        best: list[list[int]] | None = None
        for key, demand in selector.constraints:
            if demand.absent:
                continue
            if demand.excluded:
                postings = [self._by_key.get(key, [])]
            else:
                postings = [self._by_pair.get((key, value), []) for value in demand.values]
            if best is None or sum(map(len, postings)) < sum(map(len, best)):
                best = postings
        if best is None:
            return range(len(self._entries))
        return best[0] if len(best) == 1 else sorted({position for posting in best for position in posting})


class SelectorIndex(Generic[Item]):
    """Many items with selectors, asked which of them select an object with given labels.

    Answers keep the order in which the items were given. Each selector is filed under the rarest label it
    demands, so a question costs time in proportion to the selectors filed under the object's labels.
    """

    def __init__(self, selecting: Iterable[tuple[LabelSelector, Item]]) -> None:
        self._entries = list(selecting)
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
        self._answers: dict[frozenset[tuple[str, str]], tuple[Item, ...]] = {}

    def selecting(self, labels: Mapping[str, str]) -> tuple[Item, ...]:
        """Return the items whose selector admits these labels: the same tuple whenever the same is asked."""
        key = frozenset(labels.items())
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._admitting(labels)
        return answer

    def _admitting(self, labels: Mapping[str, str]) -> tuple[Item, ...]:
        found = set(self._unfiled)
        for pair in labels.items():
            found.update(self._filed.get(pair, ()))
        entries = (self._entries[position] for position in sorted(found))
        return tuple(item for selector, item in entries if selector.admits(labels))

    def _files(self, pairs: list[tuple[str, str]]) -> list[list[int]]:
        return [self._filed.setdefault(pair, []) for pair in pairs]


def _demanded(selector: LabelSelector) -> list[tuple[str, list[str]]]:
    return [
        (key, sorted(demand.values))
        for key, demand in selector.constraints
        if not (demand.absent or demand.excluded)
    ]
