"""Classes of views: frozen values that cost little to define.

A run loads a hundred of them and fills a few. attrs writes and compiles methods for each, which start-up pays
for; here all classes share theirs, until many views of one are wanted. A view is compared by identity, and
made in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import repeat
from operator import call
from typing import Any, TypeVar, dataclass_transform

from meshlint.initialisers import REQUIRED, initialiser

Class = TypeVar("Class", bound=type)
Setter = Callable[[object, Any], None]
_FIELDS = "__view_fields__"
_LEFT_OUT = frozenset({"__dict__", "__weakref__"})
_FEW = 16
"""How many views of a class are made before it pays to compile its `__init__`."""


@dataclass_transform(frozen_default=True, eq_default=False)
def view(cls: Class) -> Class:
    """Make a class with annotated fields a view: with slots, an `__init__` for its fields and those of its
    bases, and nothing that can be set or deleted later.
    """
    written = cls.__annotations__
    own = [name for name, type_of in written.items() if "ClassVar" not in str(type_of)]
    inherited: Mapping[str, Any] = getattr(cls, _FIELDS, {})
    fields = {**inherited, **{name: cls.__dict__.get(name, REQUIRED) for name in own}}
    setters: list[Setter] = []
    shared = {
        "__slots__": tuple(own),
        "__init__": _first_init(cls.__qualname__, fields, setters),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        _FIELDS: fields,
    }
    kept = {key: value for key, value in cls.__dict__.items() if key not in own and key not in _LEFT_OUT}
    made = type(cls)(cls.__name__, cls.__bases__, {**kept, **shared})
    setters.extend(getattr(made, name).__set__ for name in fields)
    return made


def _first_init(name: str, fields: Mapping[str, Any], setters: list[Setter]) -> Callable[..., None]:
    count = len(fields)
    left = _FEW

    def __init__(self: object, *values: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            _compile(type(self), fields, setters)
        if named:
            first = dict(zip(fields, values, strict=False))
            filled = {**fields, **first, **named}
            once = len(first) == len(values) and first.keys().isdisjoint(named)
            if once and len(filled) == count and REQUIRED not in filled.values():
                any(map(call, setters, repeat(self), filled.values()))
                return
        if named or len(values) != count:
            values = _all_values(name, fields, values, named)
        any(map(call, setters, repeat(self), values))

    return __init__


def _compile(cls: type, fields: Mapping[str, Any], setters: list[Setter]) -> None:
    """Give a class an `__init__` of its own, which takes half of the time."""
    given = {f"_given_{number}": name for number, name in enumerate(fields)}
    room = {f"_set_{number}": setter for number, setter in enumerate(setters)}
    lines = [f"_set_{number}(self, {one})" for number, one in enumerate(given)]
    defaults = dict(zip(given, fields.values(), strict=True))
    cls.__init__ = initialiser(cls, defaults, lines, room, given)  # type: ignore[misc]


def _all_values(
    name: str, fields: Mapping[str, Any], values: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The value of every field, given by place or by name, or its default."""
    given = {**dict(zip(fields, values, strict=False)), **named}
    wrong = [*named.keys() - fields.keys(), *(key for key in list(fields)[: len(values)] if key in named)]
    if len(values) > len(fields) or wrong:
        raise TypeError(f"{name}() takes {', '.join(fields)}, each once")
    filled = {key: given.get(key, default) for key, default in fields.items()}
    missing = [key for key, value in filled.items() if value is REQUIRED]
    if missing:
        raise TypeError(f"{name}() lacks {', '.join(missing)}")
    return tuple(filled.values())


def _refuse(_self: object, _name: str, _value: Any = None) -> None:
    from attrs.exceptions import FrozenInstanceError

    raise FrozenInstanceError


def field_names(cls: type) -> tuple[str, ...]:
    """The names of the fields of a class of views, those of its bases first; none for any other class."""
    return tuple(getattr(cls, _FIELDS, ()))
