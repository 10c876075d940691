"""Classes of values: their slots are laid out at once, their methods are written when somebody calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Final, NamedTuple

from meshlint.records.attribute import FIELDS, NOTHING, Attribute
from meshlint.records.methods import Layout, late, refuse, restored, state

_LEFT_OUT: Final = frozenset({"__dict__", "__weakref__"})
_ORDER: Final = ("__lt__", "__le__", "__gt__", "__ge__")


def frozen(
    cls: type | None = None,
    *,
    eq: bool = True,
    repr: bool = True,
    slots: bool = True,
    order: bool = False,
    kw_only: bool = False,
    weakref_slot: bool = True,
) -> Any:
    """Make a class with annotated fields one of values that never change, as `attrs.frozen` does."""

    def made(cls: type) -> type:
        methods = [*_compared(cls, eq=eq, order=order, hashed=True), *(["__repr__"] if repr else [])]
        shared = {"__setattr__": refuse, "__delattr__": refuse}
        return _made(cls, methods, shared, _Shape(slots, kw_only, weakref_slot))

    return made if cls is None else made(cls)


def define(cls: type | None = None, *, eq: bool = True, repr: bool = True, slots: bool = True) -> Any:
    """Make a class with annotated fields one whose values may be set, as `attrs.define` does."""

    def made(cls: type) -> type:
        methods = [*_compared(cls, eq=eq, order=False, hashed=False), *(["__repr__"] if repr else [])]
        return _made(cls, methods, {"__hash__": None} if eq else {}, _Shape(slots))

    return made if cls is None else made(cls)


def _compared(cls: type, *, eq: bool, order: bool, hashed: bool) -> list[str]:
    """The methods of comparison to write; none of equality where a class brings its own."""
    if not eq or "__eq__" in cls.__dict__ or "__ne__" in cls.__dict__:
        return []
    return ["__eq__", *(["__hash__"] if hashed else []), *(_ORDER if order else ())]


class _Shape(NamedTuple):
    """How the fields of a class lie, and how they are given."""

    slots: bool
    kw_only: bool = False
    weakref_slot: bool = True


def _made(cls: type, methods: Iterable[str], shared: dict[str, Any], shape: _Shape) -> type:
    own = _own_fields(cls)
    taken = {one.name for one in own}
    layout = Layout([], (*(one for one in _inherited(cls) if one.name not in taken), *own), shape.kw_only)
    written: dict[str, Any] = {FIELDS: layout.fields, **shared}
    for name in ("__init__", *methods):
        if name not in cls.__dict__:
            written[name] = late(name, layout, cls.__qualname__)
    written["__match_args__"] = () if shape.kw_only else tuple(one.name for one in layout.fields if one.init)
    if shape.slots:
        written["__getstate__"], written["__setstate__"] = state, restored
        made = _with_slots(cls, taken, _slots(cls, own, weak=shape.weakref_slot), written)
    else:
        made = _in_place(cls, taken, written)
    layout.home.append(made)
    return made


def _own_fields(cls: type) -> list[Attribute]:
    found = []
    for name, type_of in cls.__annotations__.items():
        if "ClassVar" not in str(type_of):
            said = cls.__dict__.get(name, NOTHING)
            found.append((said if isinstance(said, Attribute) else Attribute(said)).called(name))
    return found


def _inherited(cls: type) -> Iterable[Attribute]:
    """The fields of the bases, the nearest of a name; a class that attrs made has its own kind of them."""
    found: dict[str, Attribute] = {}
    for base in reversed(cls.__mro__[1:-1]):
        found.update({one.name: one for one in base.__dict__.get(FIELDS, ())})
    return found.values()


def _in_place(cls: type, names: Iterable[str], written: dict[str, Any]) -> type:
    for name in names:
        if name in cls.__dict__:
            delattr(cls, name)
    for name, value in written.items():
        setattr(cls, name, value)
    return cls


def _slots(cls: type, own: Iterable[Attribute], *, weak: bool) -> tuple[str, ...]:
    """The slots to lay out: for a field that a base has as well, there is one already. What is remembered of
    an object needs a place, too.
    """
    mro = cls.__mro__[1:-1]
    laid = {name for base in mro for name in base.__dict__.get("__slots__", ())}
    slots = [one.name for one in own if one.name not in laid]
    if weak and not any("__weakref__" in base.__dict__ for base in mro):
        slots.append("__weakref__")
    if any(isinstance(value, cached_property) for value in cls.__dict__.values()):
        slots.append("__dict__")
    return tuple(slots)


def _with_slots(cls: type, names: set[str], slots: tuple[str, ...], written: dict[str, Any]) -> type:
    """The class anew, for slots are laid out where a class is made."""
    kept = {key: value for key, value in cls.__dict__.items() if key not in names and key not in _LEFT_OUT}
    made = type(cls)(cls.__name__, cls.__bases__, {**kept, **written, "__slots__": slots})
    for value in kept.values():
        _point(value, cls, made)
    return made


def _point(value: Any, old: type, new: type) -> None:
    """Let methods that ask for their class, by `super()` or `__class__`, find the one that was made."""
    for function in _functions(value):
        for cell in function.__closure__ or ():
            if cell.cell_contents is old:
                cell.cell_contents = new


def _functions(value: Any) -> Iterable[Callable[..., Any]]:
    inner = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    return (inner,) if hasattr(inner, "__closure__") else ()
