"""Values that a user's rule gives to the check that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any, Final

from meshlint.checks.custom.builtin import EXPRESSION, BuiltIn, Taken
from meshlint.checks.custom.paths import steps_of
from meshlint.engine.parameters import PARAMETER_TYPES
from meshlint.engine.usage import Slip, did_you_mean

_MOST_PATTERNS: Final = 500
_LONGEST: Final = 500


def value_slips(check: BuiltIn, given: Mapping[str, Any], expression: str | None) -> Iterator[Slip]:
    """What in the section `with` of a rule, and in its expression, the check cannot take."""
    takes = {one.name: one for one in check.takes if one.name != EXPRESSION}
    for name, value in given.items():
        if name not in takes:
            hint = did_you_mean(name, takes) or f"It takes: {', '.join(takes)}."
            yield Slip(("with", name), f'The check {check.name} takes no "{name}"', hint)
        else:
            yield from _value_slips(takes[name], value)
    for taken in takes.values():
        if taken.default is None and taken.name not in given:
            yield Slip(
                ("with",) if given else (), f'The check {check.name} needs "{taken.name}"', taken.words
            )
    if expression is not None:
        yield from _expression_slips(expression)


def _value_slips(taken: Taken, value: Any) -> Iterator[Slip]:
    path = ("with", taken.name)
    words, fits = PARAMETER_TYPES[taken.type]
    if not fits(value):
        yield Slip(path, f'"{taken.name}" must be {words}', _hint_of(value))
    elif taken.among and value not in taken.among:
        hint = did_you_mean(value, taken.among) or f"Known are: {', '.join(taken.among)}."
        yield Slip(path, f'"{taken.name}" cannot be "{value}"', hint)
    elif taken.name == "field" and value and steps_of(value) is None:
        yield Slip(path, f'"{value}" is no path', "Write it as spec.http[].timeout.")
    elif isinstance(value, list) and (
        len(value) > _MOST_PATTERNS or any(len(one) > _LONGEST for one in value)
    ):
        yield Slip(path, f'"{taken.name}" holds more than {_MOST_PATTERNS} texts of {_LONGEST} characters')
    elif taken.type == "strings" and taken.default is None and not value:
        yield Slip(path, f'"{taken.name}" must not be empty', taken.words)


def _hint_of(value: Any) -> str:
    is_bare = isinstance(value, list) and all(isinstance(one, str | int | float | bool) for one in value)
    return "Put numbers and true or false in quotes." if is_bare else ""


def _expression_slips(text: str) -> Iterator[Slip]:
    if find_spec("celpy") is None:
        yield Slip(("expression",), "Expressions need the extra cel", "Install meshlint[cel].")
        return
    from meshlint.checks.custom import cel
    from meshlint.checks.custom.expression import VARIABLES
    from meshlint.checks.custom.questions import NAMES

    try:
        cel.expression(text, VARIABLES, NAMES)
    except cel.NoExpression as error:
        yield Slip(("expression",), f"The expression makes no sense: {error}")
