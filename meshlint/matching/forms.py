"""How a string set is written down: plain affixes, patterns, and combinations of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from meshlint.values import frozen

from . import affixes
from .affixes import Affixes
from .patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@frozen
class Not:
    """Every text that the part does not hold."""

    part: Form


@frozen
class Meet:
    """What all the parts hold."""

    parts: frozenset[Form]


@frozen
class Union:
    """What any of the parts holds."""

    parts: frozenset[Form]


Form: TypeAlias = "Affixes | Pattern | Not | Meet | Union"


def matcher(form: Form) -> Callable[[str], bool]:
    """Return the fastest test of membership."""
    match form:
        case Affixes():
            return affixes.matcher(form)
        case Pattern():
            return form.shortcut or form.admits
        case Not(part):
            inside = matcher(part)
            return lambda text: not inside(text)
        case Meet(parts):
            return _both([matcher(part) for part in _cheapest_first(parts)])
        case Union(parts):
            return _either([matcher(part) for part in _cheapest_first(parts)])


def describe(form: Form) -> str:
    """Name the form in plain words, the same for every order in which it was built."""
    match form:
        case Affixes():
            return affixes.describe(form)
        case Pattern():
            return form.describe()
        case Not(part):
            return f"all but {_bracketed(part)}"
        case Meet(parts):
            held = sorted(_bracketed(part) for part in parts if not isinstance(part, Not))
            barred = sorted(_bracketed(part.part) for part in parts if isinstance(part, Not))
            return " but not ".join((" and ".join(held), *barred))
        case Union(parts):
            return " or ".join(sorted(_bracketed(part) for part in parts))


def _bracketed(form: Form) -> str:
    words = describe(form)
    return f"({words})" if " or " in words or isinstance(form, Meet | Not) else words


def _both(tests: list[Callable[[str], bool]]) -> Callable[[str], bool]:
    if len(tests) != 2:
        return lambda text: all(test(text) for test in tests)
    first, second = tests
    return lambda text: first(text) and second(text)


def _either(tests: list[Callable[[str], bool]]) -> Callable[[str], bool]:
    if len(tests) != 2:
        return lambda text: any(test(text) for test in tests)
    first, second = tests
    return lambda text: first(text) or second(text)


def _cheapest_first(parts: Iterable[Form]) -> list[Form]:
    return sorted(parts, key=lambda part: "" if isinstance(part, Affixes) else describe(part))
