"""Rules run in several processes: what forks find comes back in few words, and means the same objects here.

A fork has every object and document at the place where this process has it, so these go by their numbers,
and a field as its document and its path. What cannot be told so is found once more, here.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from io import BytesIO
from typing import Any

from meshlint.documents import Document, Field, Path, Text
from meshlint.engine.rule import Rule
from meshlint.engine.run import Found, Left
from meshlint.processes import Tasks, shared_out
from meshlint.resources import Resource, ResourceSet
from meshlint.values import frozen

_NUMBERED = frozenset({Document, Resource, Rule})


class _Unknown(Exception):
    """An object that has no number."""


@frozen(eq=False, slots=False, repr=False)
class Known:
    """What both sides have, by number."""

    documents: Sequence[Document]
    resources: Sequence[Resource]
    rules: Sequence[Rule]

    @cached_property
    def numbers(self) -> Mapping[int, tuple[int, int]]:
        """The number of each, by its identity."""
        kinds: tuple[Sequence[object], ...] = (self.documents, self.resources, self.rules)
        return {id(one): (kind, number) for kind, held in enumerate(kinds) for number, one in enumerate(held)}


def known_of(resources: ResourceSet, rules: Sequence[Rule]) -> Known:
    """What is known of a set, and of the rules that it is held against."""
    held = {id(one.document): one.document for one in resources.resources}
    held.update((id(one), one) for one in resources.foreign)
    return Known(tuple(held.values()), resources.resources, rules)


def found_by_all(
    rules: Sequence[Rule], found: Callable[[Rule], Found], known: Known, left: Left | None, jobs: int
) -> Iterator[Found]:
    """What each of `rules` found, in their order, while so many processes share them out."""
    held: dict[int, Found] = {}

    def here(tasks: Tasks) -> None:
        held.update((number, found(rules[number])) for number in tasks)

    def there(tasks: Tasks) -> bytes:
        answers = [(number, _packed(found(rules[number]), known)) for number in tasks]
        return pickle.dumps((answers, tuple(left.words()) if left is not None else ()))

    for told in shared_out(len(rules), jobs, here, there):
        answers, leavings = pickle.loads(told)
        held.update((number, _unpacked(answer, known)) for number, answer in answers if answer is not None)
        if left is not None:
            _leave(left, leavings)
    return (held[number] if number in held else found(rule) for number, rule in enumerate(rules))


def _leave(left: Left, words: Iterable[str]) -> None:
    for one in words:
        left.leave(one)


def _packed(found: Found, known: Known) -> bytes | None:
    """What was found as bytes; None where some of it is known to this process alone."""
    if not found:
        return b""
    held = BytesIO()
    try:
        _Packer(held, known.numbers).dump(found)
    except (_Unknown, pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return None
    return held.getvalue()


def _unpacked(data: bytes, known: Known) -> Found:
    found: Found = _Unpacker(BytesIO(data), known).load() if data else ()
    return found


class _Packer(pickle.Pickler):
    """Writes what was found, and numbers in place of what both sides have."""

    def __init__(self, held: BytesIO, numbers: Mapping[int, tuple[int, int]]) -> None:
        super().__init__(held, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, value: Any) -> tuple[int, int] | None:
        """The number of what is known to both sides."""
        if type(value) not in _NUMBERED:
            return None
        number = self._numbers.get(id(value))
        if number is None:
            raise _Unknown
        return number

    def reducer_override(self, value: Any) -> Any:
        """How fields and texts are told."""
        if type(value) is Text:
            return str, (str.__str__(value),)
        if type(value) is not Field:
            return NotImplemented
        document, path = value.document, value.path
        if _at(document, path) is value.value:
            return _field, (document, path)
        return Field, (document, path, value.value)


class _Unpacker(pickle.Unpickler):
    """Reads what a fork has found."""

    def __init__(self, held: BytesIO, known: Known) -> None:
        super().__init__(held)
        self._known: tuple[Sequence[Any], ...] = (known.documents, known.resources, known.rules)

    def persistent_load(self, number: tuple[int, int]) -> Any:
        """What stands for a number."""
        kind, place = number
        return self._known[kind][place]


def _field(document: Document, path: Path) -> Field:
    return Field(document, path, _at(document, path))


def _at(document: Document, path: Path) -> Any:
    """The value at a path; None where nothing is written."""
    value = document.value
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
