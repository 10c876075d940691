"""Values that users give to the parameters of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.rule import Parameter, Rule
from meshlint.engine.usage import Mistake, UsageError, did_you_mean

PARAMETER_TYPES: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "integer": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "number": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "string": ("a text", lambda value: isinstance(value, str)),
    "strings": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    ),
}
"""What a parameter may be: its words for the reader, and whether a value is that."""


def parameter_values(
    catalogue: Catalogue, given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The values in `given`, keyed by rule id; raises `UsageError` for all that fit no rule or no type."""
    mistakes: list[Mistake] = []
    values: dict[str, Mapping[str, Any]] = {}
    for word, parameters in given.items():
        rule = catalogue.find(word)
        if rule is None:
            known = [name for rule in catalogue.rules for name in (rule.id, rule.name)]
            mistakes.append(Mistake(f'rules: "{word}" is no rule', did_you_mean(word, known)))
        else:
            mistakes.extend(_mistakes(rule, parameters))
            values[rule.id] = parameters
    if mistakes:
        raise UsageError(*mistakes)
    return values


def _mistakes(rule: Rule, given: Mapping[str, Any]) -> Iterator[Mistake]:
    known: dict[str, Parameter] = {parameter.name: parameter for parameter in rule.parameters}
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(name, known) or _listing(known)
            yield Mistake(f'rules: {rule} has no parameter "{name}"', hint)
            continue
        words, fits = PARAMETER_TYPES[known[name].type]
        if not fits(value):
            yield Mistake(f'rules: the parameter "{name}" of {rule} must be {words}')


def _listing(known: Mapping[str, Parameter]) -> str:
    return f"It has: {', '.join(known)}." if known else "It has none."
