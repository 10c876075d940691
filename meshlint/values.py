"""Classes of attrs, and regular expressions, that are made when somebody asks for them.

attrs writes and compiles the methods of a class where it is defined, which takes as long as making hundreds
of objects; a run loads hundreds of classes and makes a few objects of some of them. Here attrs makes a class,
in place and so without slots, when anything of its objects is wanted but the values of their fields: to be
told or changed. Until then, a class fills its objects by a plan of its fields, and where many are
wanted, the plan is compiled. Fields are set one by one, and never through the dictionary of an object: what
is never asked for that has none, and takes a third of the room.

An expression takes Python longer to compile than a short run takes to match all of its text, and most of what
modules hold is for what a set does not have.
"""

from __future__ import annotations

import re
from _thread import RLock
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from meshlint.initialisers import REQUIRED, Plan, set_field

__all__ = ["NamedTuple", "define", "evolve", "field", "frozen", "once", "regex"]

_FEW = 16
"""How many objects of a class are filled by its plan before it pays to compile the plan."""
_PLAN = "__field_plan__"
_HASH = "__hash_of_fields__"
_ORDINARY = frozenset({"cache_hash", "eq", "order", "repr", "slots"})
_WRITTEN = frozenset(
    {"__attrs_post_init__", "__attrs_pre_init__", "__delattr__", "__getstate__", "__hash__", "__init__"}
    | {"__ne__", "__new__", "__setattr__", "__slots__"}
)
"""What a class may have of its own that only attrs knows to heed."""
_MAKING = RLock()
"""Held while a class is made: a server asks from several threads, and one class may need another."""

if TYPE_CHECKING:
    from functools import cached_property as once
    from re import compile as regex
    from typing import NamedTuple

    from attrs import define, evolve, field, frozen
else:

    class _NamedTuples(type):
        """Makes a named tuple of a class, without compiling the types of its fields, as `typing` does."""

        def __new__(cls, name: str, above: tuple[type, ...], own: dict[str, Any]) -> type:
            if not above:
                return super().__new__(cls, name, above, own)
            fields = own["__annotations__"]
            defaults = [own.pop(one) for one in fields if one in own]
            made = namedtuple(name, fields, defaults=defaults, module=own["__module__"])
            for key, value in own.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """`typing.NamedTuple`."""

    class regex:
        """`re.compile`, later: what the expression can do is taken over when the first of it is asked for."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self._made_of = (text, flags)

        def __getattr__(self, name: str) -> Any:
            compiled = re.compile(*self._made_of)
            vars(self).update((one, getattr(compiled, one)) for one in dir(compiled) if one[0] != "_")
            return getattr(compiled, name)

    class once:
        """`cached_property` without a lock, for what each object of a set is asked: twice is as good as once.

        Python 3.12 took the lock out as well, which is held while any object is asked.
        """

        def __init__(self, made: Any) -> None:
            self._made = made
            self.__doc__ = made.__doc__

        def __set_name__(self, _: type, name: str) -> None:
            self._name = name

        def __get__(self, asked: Any, _: Any = None) -> Any:
            if asked is None:
                return self
            found = self._made(asked)
            set_field(asked, self._name, found)
            return found

    def field(**about: Any) -> Any:
        """`attrs.field`, later."""
        return _Field(about)

    def evolve(value: Any, /, **changes: Any) -> Any:
        """`attrs.evolve`."""
        plan = value.__class__.__dict__.get(_PLAN)
        if plan is None:
            import attrs

            return attrs.evolve(value, **changes)
        return value.__class__(**{one: getattr(value, name) for one, name in plan.given.items()} | changes)

    def _later(maker: str) -> Any:
        """`attrs.frozen` or `attrs.define` without slots, later."""

        def made(cls: type | None = None, **options: Any) -> Any:
            return _put_off(cls, maker, options) if cls else lambda cls: _put_off(cls, maker, options)

        return made

    frozen, define = _later("frozen"), _later("define")


class _Field:
    """What is written of a field."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.about = about

    def default(self, method: Any) -> Any:
        """Have the default made by a method of the object."""
        import attrs

        self.about["default"] = attrs.Factory(method, takes_self=True)
        return method


def _put_off(cls: type, maker: str, options: dict[str, Any]) -> type:
    cls.__attrs_attrs__ = _Fields(cls, maker, options)  # type: ignore[attr-defined]
    if "__init__" not in cls.__dict__:
        cls.__init__ = _first_init(cls)  # type: ignore[misc]
    cls.__setstate__ = _restored  # type: ignore[attr-defined]
    return cls


def _restored(value: Any, state: dict[str, Any]) -> None:
    """A copy or a pickle read back, which may be the first object of its class here."""
    if _plan_of(value.__class__) is None:
        value.__class__.__attrs_attrs__  # noqa: B018 - asking makes the class
    for name, known in state.items():
        if name != _HASH:
            set_field(value, name, known)


def _first_init(cls: type) -> Any:
    plan: Plan | None = None
    count = 0

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        nonlocal plan, count
        plan = plan or _plan_of(cls)
        if plan is None:
            cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
            cls.__init__(self, *values, **named)  # type: ignore[misc]
            return
        count += 1
        filled = plan.filled(values, named) if count <= _FEW else None
        if count > _FEW:
            _open(cls, plan)
            cls.__init__(self, *values, **named)  # type: ignore[misc]
        elif filled is None:
            cls.__init__ = plan.compiled(cls)  # type: ignore[misc]
            cls.__init__(self, *values, **named)  # type: ignore[misc]
        else:
            for name, value in filled.items():
                set_field(self, name, value)

    return __init__


def _open(cls: type, plan: Plan) -> None:
    """Let objects be filled as fast as Python can, which takes that they may be changed: as with `Field`, it
    is the types that keep everybody from it. The guard that few objects have would take as long again.
    """
    for name in ("__setattr__", "__delattr__"):
        setattr(cls, name, getattr(object, name))
    cls.__init__ = plan.compiled(cls, is_open=True)  # type: ignore[misc]


def _about(written: Any) -> dict[str, Any]:
    """What is said of a field, by what its class holds for it."""
    return written.about if isinstance(written, _Field) else {"default": written}


def _plan_of(cls: type) -> Plan | None:
    """The plan of a class, which is then ready for objects; None where attrs has to make it first."""
    if _PLAN not in cls.__dict__:
        with _MAKING:
            late = cls.__dict__.get("__attrs_attrs__")
            if _PLAN not in cls.__dict__:
                setattr(cls, _PLAN, late.plan() if isinstance(late, _Fields) else None)
    found: Plan | None = cls.__dict__[_PLAN]
    return found


def _make_room(cls: type, fields: Iterable[str]) -> None:
    """Have objects hold what is made once beside their fields: Python keeps room for the names that the first
    few objects of a class have, and gives others a dictionary of their own when they are asked.
    """
    later = [name for base in cls.__mro__ for name, held in vars(base).items() if isinstance(held, once)]
    first = object.__new__(cls) if later else None
    for name in (*fields, *later) if later else ():
        set_field(first, name, None)


class _Fields:
    """Stands where attrs keeps the fields of a class: whoever looks has the class made."""

    def __init__(self, cls: type, maker: str, options: dict[str, Any]) -> None:
        own = cls.__dict__
        self._cls, self._maker = cls, maker
        self._is_usual = options.keys() <= _ORDINARY and _WRITTEN.isdisjoint(own)
        self._options = {"eq": "__eq__" not in own, "repr": "__repr__" not in own, **options, "slots": False}

    def __get__(self, _: object, asked: type) -> tuple[Any, ...]:
        import attrs

        with _MAKING:
            if self._cls.__dict__.get("__attrs_attrs__") is self:
                self._make(attrs)
        found: tuple[Any, ...] = attrs.fields(asked)
        return found

    def plan(self) -> Plan | None:
        """How objects are filled; whatever else is asked of them has the class made."""
        cls, own = self._cls, self._cls.__dict__
        above = [base for base in cls.__mro__[1:] if "__attrs_attrs__" in base.__dict__]
        is_usual = self._is_usual and all(issubclass(above[0], base) and _plan_of(base) for base in above)
        if not is_usual or hasattr(cls, "__attrs_post_init__"):
            return None
        plan = Plan(_plan_of(above[0]) if above else None)
        kinds = own.get("__annotations__", {})
        fields = [name for name, kind in kinds.items() if "ClassVar" not in str(kind)]
        written = {name for name, value in own.items() if isinstance(value, _Field)}
        if not written.issubset(fields) or not all(
            plan.add(name, _about(own.get(name, REQUIRED))) for name in fields
        ):
            return None
        if plan.converters and self._maker != "frozen":
            return None
        for name, method in self._stand_ins(plan):
            setattr(cls, name, method)
        _make_room(cls, plan.names)
        return plan

    def _stand_ins(self, plan: Plan) -> Iterator[tuple[str, Any]]:
        options, is_frozen = self._options, self._maker == "frozen"
        yield "__match_args__", tuple(plan.given.values())
        if options["eq"]:
            compared = _getter(plan.compared)
            yield "__eq__", _equality(compared)
            yield "__hash__", _hash(compared, kept=options.get("cache_hash", False)) if is_frozen else None
        if options.get("order"):
            yield from _orders(_getter(plan.compared))
        names = ("__setattr__", "__delattr__") if is_frozen else ()
        for name in (*names, *(("__repr__",) if options["repr"] else ())):
            yield name, _made_and_asked(self._cls, name)

    def _make(self, attrs: Any) -> None:
        """Have the class made, in place: whoever uses it meanwhile has what stood in for its methods.

        A hash stays as it is, as objects may lie in sets and be keys by now.
        """
        cls, options = self._cls, self._options
        for base in cls.__mro__[1:]:
            getattr(base, "__attrs_attrs__", None)
        for name, written in [*cls.__dict__.items()]:
            if isinstance(written, _Field):
                setattr(cls, name, attrs.field(**written.about))
        if cls.__dict__.get(_PLAN) is not None:
            options = {**options, "auto_detect": False, "unsafe_hash": False, "cache_hash": False}
            options["init"] = False
            cls.__init__ = cls.__dict__[_PLAN].compiled(cls)  # type: ignore[misc]
        elif getattr(cls.__init__, "__module__", "") == __name__:  # type: ignore[misc]
            options = {**options, "init": True}
        getattr(attrs, self._maker)(**options)(cls)


def _getter(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _equality(compared: Callable[[Any], Any]) -> Any:
    def __eq__(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _orders(compared: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    for name, holds in (("__lt__", lt), ("__le__", le), ("__gt__", gt), ("__ge__", ge)):
        yield name, _order(compared, holds)


def _order(compared: Callable[[Any], Any], holds: Callable[[Any, Any], bool]) -> Any:
    def order(self: Any, other: Any) -> Any:
        is_like = other.__class__ is self.__class__
        return holds(compared(self), compared(other)) if is_like else NotImplemented

    return order


def _hash(compared: Callable[[Any], Any], *, kept: bool) -> Any:
    def __hash__(self: Any) -> int:
        return hash(compared(self))

    def kept_hash(self: Any) -> int:
        found: int | None = getattr(self, _HASH, None)
        if found is None:
            found = hash(compared(self))
            set_field(self, _HASH, found)
        return found

    return kept_hash if kept else __hash__


def _made_and_asked(cls: type, name: str) -> Any:
    def method(self: Any, *given: Any) -> Any:
        cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
        return getattr(cls, name)(self, *given)

    return method
