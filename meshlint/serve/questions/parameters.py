"""The parameters of each question: how they are read from a body or a query, and how they are described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from meshlint.serve.faults import Fault
from meshlint.values import frozen

_LONGEST = 4096
_MOST = 1000
_HIGHEST = 10**12


class Kind(Enum):
    """What a value must be. Several words may be a list, or one text with commas between them."""

    TEXT = "text"
    WORDS = "words"
    TEXTS = "texts"
    NUMBER = "number"
    AMOUNT = "amount"
    FLAG = "flag"
    OBJECT = "object"
    AMOUNTS = "amounts"


@frozen
class Parameter:
    """One thing that can be said with a question. `least` and `most` bound a number."""

    name: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = _HIGHEST
    required: bool = False


def read_parameters(given: Mapping[str, Any], known: Iterable[Parameter]) -> dict[str, Any]:
    """The values by name; raises `Fault` for names that nobody knows and values of another kind."""
    by_name = {one.name: one for one in known}
    unknown = sorted(set(map(str, given)) - set(by_name))
    if unknown:
        raise Fault(400, f"unknown parameter; known are: {', '.join(sorted(by_name))}")
    missing = [one.name for one in by_name.values() if one.required and given.get(one.name) is None]
    if missing:
        raise Fault(400, f"missing: {', '.join(missing)}")
    return {name: _value(by_name[name], value) for name, value in given.items() if value is not None}


def _value(parameter: Parameter, value: Any) -> Any:
    read = _READERS[parameter.kind]
    try:
        found = read(parameter, value)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        raise Fault(400, f'"{parameter.name}" must be {_WORDS[parameter.kind]}') from error
    if parameter.choices and any(one not in parameter.choices for one in _each(found)):
        raise Fault(400, f'"{parameter.name}" must be one of: {", ".join(parameter.choices)}')
    return found


def _each(found: Any) -> tuple[Any, ...]:
    return found if isinstance(found, tuple) else (found,)


def _text(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value:
        raise ValueError(parameter.name)
    value.encode("utf-8")
    return value


def _texts(parameter: Parameter, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if len(listed) > _MOST:
        raise ValueError(parameter.name)
    return tuple(_text(parameter, one) for one in listed)


def _words(parameter: Parameter, value: Any) -> tuple[str, ...]:
    texts = _texts(parameter, value)
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def _number(parameter: Parameter, value: Any) -> int:
    number = int(_text(parameter, value)) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(parameter.name)
    if not parameter.least <= number <= parameter.most:
        raise ValueError(parameter.name)
    return number


def _amount(parameter: Parameter, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(parameter.name)
    text = str(value)
    if len(text) > 40 or "e" in text.lower():
        text = str(float(text)) if len(text) <= 40 else ""
    amount = Fraction(text)
    if not 0 <= amount <= _HIGHEST:
        raise ValueError(parameter.name)
    return amount


def _amounts(parameter: Parameter, value: Any) -> dict[str, Fraction]:
    if not isinstance(value, dict) or len(value) > _MOST:
        raise ValueError(parameter.name)
    return {_text(parameter, name): _amount(parameter, amount) for name, amount in value.items()}


def _flag(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "1", ""):
        return True
    if value in ("false", "0"):
        return False
    raise ValueError(parameter.name)


def _object(parameter: Parameter, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > _MOST:
        raise ValueError(parameter.name)
    return value


_READERS = {
    Kind.TEXT: _text,
    Kind.WORDS: _words,
    Kind.TEXTS: _texts,
    Kind.NUMBER: _number,
    Kind.AMOUNT: _amount,
    Kind.FLAG: _flag,
    Kind.OBJECT: _object,
    Kind.AMOUNTS: _amounts,
}
_WORDS = {
    Kind.TEXT: "a text",
    Kind.WORDS: "a list of words",
    Kind.TEXTS: "a text or a list of texts",
    Kind.NUMBER: "a whole number within its bounds",
    Kind.AMOUNT: f"a number from 0 to {_HIGHEST}",
    Kind.FLAG: "true or false",
    Kind.OBJECT: "an object",
    Kind.AMOUNTS: "an object of numbers by name",
}
