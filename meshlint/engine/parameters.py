"""Values that users give to the parameters of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.rule import Parameter, Rule
from meshlint.engine.usage import Mistake, Slip, UsageError, did_you_mean

PARAMETER_TYPES: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "integer": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "number": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "string": ("a text", lambda value: isinstance(value, str)),
    "strings": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    ),
    "mapping": ("a mapping", lambda value: isinstance(value, dict)),
}
"""What a parameter may be: its words for the reader, and whether a value is that."""


def parameter_values(
    catalogue: Catalogue, given: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The values in `given`, keyed by rule id; raises `UsageError` for all that fit no rule or no type."""
    mistakes = [Mistake(slip.message, slip.hint) for slip in parameter_slips(catalogue, given)]
    if mistakes:
        raise UsageError(*mistakes)
    rules = {word: catalogue.find(word) for word in given}
    return {rule.id: given[word] for word, rule in rules.items() if rule is not None}


def parameter_slips(catalogue: Catalogue, given: Mapping[str, Mapping[str, Any]]) -> Iterator[Slip]:
    """What in the section `rules` fits no rule, no parameter or no type."""
    for word, parameters in given.items():
        rule = catalogue.find(word)
        if rule is None:
            known = [name for rule in catalogue.rules for name in (rule.id, rule.name)]
            yield Slip(("rules", word), f'rules: "{word}" is no rule', did_you_mean(word, known))
        elif rule.source:
            hint = f"Set it there, in {rule.source}."
            yield Slip(("rules", word), f"rules: {rule} takes its values from its own file", hint)
        else:
            yield from _slips(rule, ("rules", word), parameters)


def _slips(rule: Rule, path: tuple[str, str], given: Mapping[str, Any]) -> Iterator[Slip]:
    known: dict[str, Parameter] = {parameter.name: parameter for parameter in rule.parameters}
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(name, known) or _listing(known)
            yield Slip((*path, name), f'rules: {rule} has no parameter "{name}"', hint)
            continue
        words, fits = PARAMETER_TYPES[known[name].type]
        if not fits(value):
            yield Slip((*path, name), f'rules: the parameter "{name}" of {rule} must be {words}')


def _listing(known: Mapping[str, Parameter]) -> str:
    return f"It has: {', '.join(known)}." if known else "It has none."
