"""Classes of views: frozen values that cost little to define.

A run loads a hundred of them and fills a few. attrs writes and compiles methods for each, which start-up pays
for; here all classes share theirs, and one of which many objects are made gets an `__init__` of its own. A
view is compared by identity, and made in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import repeat
from operator import call
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)
Setter = Callable[[object, Any], None]
_FIELDS = "__view_fields__"
_FEW = 100
"""How many objects of a class are made before it gets an `__init__` of its own."""
_LEFT_OUT = frozenset({"__dict__", "__weakref__"})


@dataclass_transform(frozen_default=True, eq_default=False)
def view(cls: Class) -> Class:
    """Make a class with annotated fields a view: with slots, an `__init__` for its fields and those of its
    bases, and nothing that can be set or deleted later.
    """
    written = cls.__annotations__
    own = [name for name, type_of in written.items() if "ClassVar" not in str(type_of)]
    inherited: Mapping[str, Any] = getattr(cls, _FIELDS, {})
    fields = {**inherited, **{name: cls.__dict__.get(name, _REQUIRED) for name in own}}
    setters: list[Setter] = []
    shared = {
        "__slots__": tuple(own),
        "__init__": _initialiser(cls.__qualname__, fields, setters),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        _FIELDS: fields,
    }
    kept = {key: value for key, value in cls.__dict__.items() if key not in own and key not in _LEFT_OUT}
    made = type(cls)(cls.__name__, cls.__bases__, {**kept, **shared})
    setters.extend(getattr(made, name).__set__ for name in fields)
    return made


def _own(class_name: str, fields: Mapping[str, Any], setters: list[Setter]) -> Callable[..., None]:
    """An `__init__` for these fields alone: it takes long to make, and fills objects three times as fast."""
    known: dict[str, Any] = {f"set_{name}": setter for name, setter in zip(fields, setters, strict=True)}
    known |= {f"default_{name}": default for name, default in fields.items() if default is not _REQUIRED}
    head = ["self", *(f"{name}=default_{name}" if f"default_{name}" in known else name for name in fields)]
    body = [f"set_{name}(self, {name})" for name in fields]
    exec(f"def __init__({', '.join(head)}):\n " + "\n ".join(body or ["pass"]), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{class_name}.__init__"
    return made


_REQUIRED: Any = object()


def _initialiser(name: str, fields: Mapping[str, Any], setters: list[Setter]) -> Callable[..., None]:
    count = len(fields)
    left = _FEW

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if not left and type(self).__init__ is __init__:
            type(self).__init__ = _own(name, fields, setters)
        if named:
            first = dict(zip(fields, values, strict=False))
            filled = {**fields, **first, **named}
            once = len(first) == len(values) and first.keys().isdisjoint(named)
            if once and len(filled) == count and _REQUIRED not in filled.values():
                any(map(call, setters, repeat(self), filled.values()))
                return
        if named or len(values) != count:
            values = _all_values(name, fields, values, named)
        any(map(call, setters, repeat(self), values))

    return __init__


def _all_values(
    name: str, fields: Mapping[str, Any], values: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The value of every field, given by place or by name, or its default."""
    given = {**dict(zip(fields, values, strict=False)), **named}
    wrong = [*named.keys() - fields.keys(), *(key for key in list(fields)[: len(values)] if key in named)]
    if len(values) > len(fields) or wrong:
        raise TypeError(f"{name}() takes {', '.join(fields)}, each once")
    filled = {key: given.get(key, default) for key, default in fields.items()}
    missing = [key for key, value in filled.items() if value is _REQUIRED]
    if missing:
        raise TypeError(f"{name}() lacks {', '.join(missing)}")
    return tuple(filled.values())


def _refuse(_self: object, _name: str, _value: Any = None) -> None:
    from attrs.exceptions import FrozenInstanceError

    raise FrozenInstanceError


def field_names(cls: type) -> tuple[str, ...]:
    """The names of the fields of a class of views, those of its bases first; none for any other class."""
    return tuple(getattr(cls, _FIELDS, ()))
