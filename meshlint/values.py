"""Classes of attrs, and regular expressions, that are made when somebody asks for them.

attrs writes and compiles the methods of a class where it is defined, which takes as long as making hundreds
of objects; a run loads hundreds of classes and makes a few objects of some of them. Here attrs makes a class,
in place and so without slots, when many objects of it are wanted, or anything of them but the values of their
fields: to be compared, told or changed. Until then, a class fills its objects by a plan of its fields.

An expression takes Python longer to compile than a short run takes to match all of its text, and most of what
modules hold is for what a set does not have.
"""

from __future__ import annotations

import re
import sys
from _thread import RLock
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["define", "evolve", "field", "frozen", "once", "regex"]

_FEW = 100
"""How many objects of a class are filled by its plan before it pays to have attrs make the class."""
_MANY = 1000
"""The same where attrs is not loaded yet, which takes as long as making thirty classes."""
_PLAN = "__field_plan__"
_HASH = "__hash_of_fields__"
_ORDINARY = frozenset({"cache_hash", "eq", "order", "repr", "slots"})
_ORDINARY_OF_FIELDS = frozenset({"converter", "default", "eq", "factory", "init", "order", "repr"})
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

    from attrs import define, evolve, field, frozen
else:

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
            found = asked.__dict__[self._name] = self._made(asked)
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
    value.__dict__.update(state)
    value.__dict__.pop(_HASH, None)


def _first_init(cls: type) -> Any:
    fill: Callable[..., dict[str, Any] | None] | None = None
    count = 0

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        nonlocal fill, count
        if fill is None:
            plan = _plan_of(cls)
            fill = plan.filled if plan else _left_to_attrs
        count += 1
        is_much = count > _FEW and (count > _MANY or "attrs" in sys.modules)
        filled = None if is_much else fill(values, named)
        if filled is None:
            cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
            cls.__init__(self, *values, **named)  # type: ignore[misc]
        else:
            self.__dict__.update(filled)

    return __init__


def _left_to_attrs(*_: Any) -> None:
    """No object is filled by a plan."""


class _Plan:
    """The fields of a class: under which name each is given, and what it is where it is not given."""

    __slots__ = ("compared", "converters", "defaults", "factories", "given", "is_plain", "names")

    def __init__(self, base: _Plan | None = None) -> None:
        self.names: tuple[str, ...] = base.names if base else ()
        self.compared: tuple[str, ...] = base.compared if base else ()
        self.given: dict[str, str] = {**base.given} if base else {}
        self.defaults: dict[str, Any] = {**base.defaults} if base else {}
        self.factories: dict[str, Any] = {**base.factories} if base else {}
        self.converters: dict[str, Any] = {**base.converters} if base else {}
        self.is_plain: bool = base.is_plain if base else True
        """Whether each field is given by its own name."""

    def add(self, name: str, written: Any) -> bool:
        """Add a field with what its class holds for it; False where attrs has to see to it."""
        about = written.about if isinstance(written, _Field) else {"default": written}
        default = about.get("default", _Plan)
        is_usual = about.keys() <= _ORDINARY_OF_FIELDS and about.get("eq", True) in (True, False)
        if name in self.names or not is_usual or any(map(_is_of_attrs, about.values())):
            return False
        self.names += (name,)
        self.compared += (name,) if about.get("eq", True) else ()
        if about.get("init", True):
            self.given[name.lstrip("_")] = name
            self.is_plain = self.is_plain and name[0] != "_"
        if default is not _Plan:
            self.defaults[name] = default
        for key, kept in (("factory", self.factories), ("converter", self.converters)):
            if key in about:
                kept[name] = about[key]
        return True

    def filled(self, values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any] | None:
        """The fields of an object; None where attrs has to say what is wrong."""
        found = dict(zip(self.given.values(), values, strict=False))
        if len(found) < len(values):
            return None
        if named:
            if not named.keys() <= self.given.keys():
                return None
            renamed = named if self.is_plain else {self.given[one]: value for one, value in named.items()}
            if found and not renamed.keys().isdisjoint(found):
                return None
            found.update(renamed)
        if len(found) < len(self.names):
            made = {name: make() for name, make in self.factories.items() if name not in found}
            found = {**self.defaults, **made, **found}
        if len(found) < len(self.names):
            return None
        for name, convert in self.converters.items():
            found[name] = convert(found[name])
        return found


def _is_of_attrs(value: Any) -> bool:
    return type(value).__module__.startswith("attr")


def _plan_of(cls: type) -> _Plan | None:
    """The plan of a class, which is then ready for objects; None where attrs has to make it first."""
    if _PLAN not in cls.__dict__:
        with _MAKING:
            late = cls.__dict__.get("__attrs_attrs__")
            if _PLAN not in cls.__dict__:
                setattr(cls, _PLAN, late.plan() if isinstance(late, _Fields) else None)
    found: _Plan | None = cls.__dict__[_PLAN]
    return found


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

    def plan(self) -> _Plan | None:
        """How objects are filled; whatever else is asked of them has the class made."""
        cls, own = self._cls, self._cls.__dict__
        above = [base for base in cls.__mro__[1:] if "__attrs_attrs__" in base.__dict__]
        is_usual = self._is_usual and all(issubclass(above[0], base) and _plan_of(base) for base in above)
        if not is_usual or hasattr(cls, "__attrs_post_init__"):
            return None
        plan = _Plan(_plan_of(above[0]) if above else None)
        kinds = own.get("__annotations__", {})
        fields = [name for name, kind in kinds.items() if "ClassVar" not in str(kind)]
        written = {name for name, value in own.items() if isinstance(value, _Field)}
        if not written.issubset(fields) or not all(plan.add(name, own.get(name, _Plan)) for name in fields):
            return None
        if plan.converters and self._maker != "frozen":
            return None
        for name, method in self._stand_ins(plan):
            setattr(cls, name, method)
        return plan

    def _stand_ins(self, plan: _Plan) -> Iterator[tuple[str, Any]]:
        options, is_frozen = self._options, self._maker == "frozen"
        yield "__match_args__", tuple(plan.given.values())
        if options["eq"]:
            compared = _getter(plan.compared)
            yield "__eq__", _equality(compared)
            yield "__hash__", _hash(compared, kept=options.get("cache_hash", False)) if is_frozen else None
        names = ("__setattr__", "__delattr__") if is_frozen else ()
        comparing = ("__lt__", "__le__", "__gt__", "__ge__") if options.get("order") else ()
        for name in (*names, *comparing, *(("__repr__",) if options["repr"] else ())):
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
        elif getattr(cls.__init__, "__module__", "") == __name__:  # type: ignore[misc]
            options = {**options, "init": True}
        getattr(attrs, self._maker)(**options)(cls)


def _getter(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _equality(compared: Callable[[Any], Any]) -> Any:
    def __eq__(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(compared: Callable[[Any], Any], *, kept: bool) -> Any:
    def __hash__(self: Any) -> int:
        return hash(compared(self))

    def kept_hash(self: Any) -> int:
        found: int | None = self.__dict__.get(_HASH)
        if found is None:
            found = self.__dict__[_HASH] = hash(compared(self))
        return found

    return kept_hash if kept else __hash__


def _made_and_asked(cls: type, name: str) -> Any:
    def method(self: Any, *given: Any) -> Any:
        cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
        return getattr(cls, name)(self, *given)

    return method
