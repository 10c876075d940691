"""Frozen classes, and regular expressions, that cost little until they are used.

A run loads some hundred classes and fills a few of them. attrs writes and compiles the methods of each
where it is defined, which was a quarter of a short run. Here a class is what `attrs.frozen` would make of it,
in all that can be seen, but classes share their methods, and only one with many objects has an `__init__` of
its own compiled. What is out of the ordinary is left to attrs.

An expression takes Python longer to compile than a short run takes to match all of its text, and most of what
modules hold is for what a set does not have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

__all__ = ["define", "evolve", "field", "frozen", "regex"]

_FIELDS = "__value_fields__"
_FEW = 40
"""How many objects of a class are made before an `__init__` of its own pays."""
_REQUIRED: Any = object()
_HASH = "_value_hash"
_PUT = object.__setattr__
_LEFT_OUT = frozenset({"__dict__", "__weakref__"})
_OUT_OF_THE_ORDINARY = frozenset(
    {"__attrs_post_init__", "__attrs_pre_init__", "__delattr__", "__eq__", "__getstate__", "__init__"}
    | {"__ge__", "__gt__", "__le__", "__lt__", "__ne__", "__setattr__", "__setstate__", "__slots__"}
)
_OPTIONS = frozenset({"cache_hash", "eq", "order", "repr", "slots"})


class _Field:
    """What is known of a field: its default, or how it is made, by itself or of the object that it is for."""

    __slots__ = ("converter", "eq", "has_default", "init", "made_by", "made_of", "order", "repr", "value")

    def __init__(
        self,
        default: Any = _REQUIRED,
        factory: Callable[[], Any] | None = None,
        converter: Callable[[Any], Any] | None = None,
        **about: Any,
    ) -> None:
        self.value, self.made_by, self.converter = default, factory, converter
        self.made_of: Callable[[Any], Any] | None = None
        self.init, self.eq, self.repr = (about.get(name, True) for name in ("init", "eq", "repr"))
        self.order = about.get("order", self.eq)
        self.has_default = factory is not None or default is not _REQUIRED

    def default(self, method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Have the default made by a method."""
        self.made_of, self.has_default = method, True
        return method

    def fresh(self, value: Any) -> Any:
        """Its default in an object."""
        if self.made_of is not None:
            return self.made_of(value)
        return self.value if self.made_by is None else self.made_by()

    def is_required(self) -> bool:
        return self.init and not self.has_default

    def of_attrs(self) -> Any:
        """What attrs makes the same field of."""
        import attrs

        about = {"init": self.init, "eq": self.eq, "repr": self.repr, "order": self.order}
        made = self.made_by and attrs.Factory(self.made_by)
        made = made or (self.made_of and attrs.Factory(self.made_of, takes_self=True))
        default = self.value if self.value is not _REQUIRED else made or attrs.NOTHING
        return attrs.field(default=default, converter=self.converter, **about)


if TYPE_CHECKING:
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

    def field(**about: Any) -> Any:
        """`attrs.field`, as far as a class made here heeds it."""
        if about.keys() <= {"default", "factory", "converter", "init", "eq", "repr", "order"}:
            return _Field(**about)
        import attrs

        return attrs.field(**about)

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """`attrs.frozen`; a class that remembers answers (`cached_property`) has no slots."""
        return _made(cls, options, frozen=True) if cls else lambda cls: _made(cls, options, frozen=True)

    def define(cls: type | None = None, **options: Any) -> Any:
        """`attrs.define`, with the same difference."""
        return _made(cls, options, frozen=False) if cls else lambda cls: _made(cls, options, frozen=False)

    def evolve(value: Any, /, **changes: Any) -> Any:
        """`attrs.evolve`."""
        cls = value.__class__
        fields = cls.__dict__.get(_FIELDS)
        if fields is None:
            import attrs

            return attrs.evolve(value, **changes)
        for name, about in fields.items():
            if about.init and (given := _given_as(name)) not in changes:
                changes[given] = getattr(value, name)
        return cls(**changes)


def _made(cls: type, options: dict[str, Any], *, frozen: bool) -> type:
    own = _own_fields(cls) if options.keys() <= _OPTIONS and _is_ordinary(cls, frozen) else None
    if own is None:
        return _by_attrs(cls, options, frozen)
    inherited = _inherited_fields(cls)
    fields = {**{name: about for name, about in inherited.items() if name not in own}, **own}
    made = _with_slots(cls, [*own], options) if _may_have_slots(cls, options) else _cleared(cls, own)
    for name, method in _methods(made, fields, options, frozen):
        setattr(made, name, method)
    return made


def _is_ordinary(cls: type, frozen: bool) -> bool:
    bases = (base for base in cls.__mro__[1:] if "__attrs_attrs__" in base.__dict__)
    usual = all(_FIELDS in base.__dict__ and (base.__setattr__ is _refuse) is frozen for base in bases)
    return usual and _OUT_OF_THE_ORDINARY.isdisjoint(cls.__dict__)


def _by_attrs(cls: type, options: dict[str, Any], frozen: bool) -> type:
    import attrs

    for name, about in [*cls.__dict__.items()]:
        if isinstance(about, _Field):
            setattr(cls, name, about.of_attrs())
    made: type = (attrs.frozen if frozen else attrs.define)(**options)(cls)
    return made


def _own_fields(cls: type) -> dict[str, _Field] | None:
    """The fields that a class adds; None where attrs has to tell."""
    own: dict[str, _Field] = {}
    for name, type_of in cls.__annotations__.items():
        if "ClassVar" not in str(type_of):
            default = cls.__dict__.get(name, _REQUIRED)
            if type(default).__module__.startswith("attr."):
                return None
            own[name] = default if isinstance(default, _Field) else _Field(default)
    return own


def _inherited_fields(cls: type) -> dict[str, _Field]:
    inherited: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        own = base.__dict__.get(_FIELDS, {})
        inherited = {**{name: about for name, about in inherited.items() if name not in own}, **own}
    return inherited


def _may_have_slots(cls: type, options: Mapping[str, Any]) -> bool:
    remembers = any(isinstance(value, cached_property) for value in cls.__dict__.values())
    return bool(options.get("slots", True)) and not remembers


def _cleared(cls: type, own: Iterable[str]) -> type:
    """The class without the defaults that its fields were written with."""
    for name in own:
        if name in cls.__dict__:
            delattr(cls, name)
    return cls


def _with_slots(cls: type, own: list[str], options: Mapping[str, Any]) -> type:
    """The class again, with a slot for each field of its own; no method of it may say `super()`."""
    kept = {key: value for key, value in cls.__dict__.items() if key not in own and key not in _LEFT_OUT}
    held = any("__weakref__" in base.__dict__ for base in cls.__mro__[1:])
    more = (*(() if held else ("__weakref__",)), *((_HASH,) if options.get("cache_hash") else ()))
    return type(cls)(cls.__name__, cls.__bases__, {**kept, "__slots__": (*own, *more)})


def _methods(
    made: type, fields: Mapping[str, _Field], options: Mapping[str, Any], frozen: bool
) -> Iterator[tuple[str, Any]]:
    yield _FIELDS, fields
    yield "__attrs_attrs__", _Attributes()
    yield "__match_args__", tuple(name for name, about in fields.items() if about.init)
    yield "__init__", _first_init(made, fields)
    if frozen:
        yield "__setattr__", _refuse
        yield "__delattr__", _refuse
    if "__slots__" in made.__dict__:
        yield "__getstate__", _state
        yield "__setstate__", _restore
    if options.get("eq", True):
        seen = _getter([name for name, about in fields.items() if about.eq])
        yield "__eq__", _equality(seen)
        if "__hash__" not in made.__dict__:
            yield "__hash__", _hash(seen, kept=options.get("cache_hash", False)) if frozen else None
    if options.get("order", False):
        yield from _order(_getter([name for name, about in fields.items() if about.order]))
    if options.get("repr", True) and "__repr__" not in made.__dict__:
        yield "__repr__", _told


def _first_init(made: type, fields: Mapping[str, _Field]) -> Callable[..., None]:
    """An `__init__` that looks at the fields, until it has been called often enough, or wrongly."""
    plan = [(name, _given_as(name), about) for name, about in fields.items()]
    names = [given for _, given, about in plan if about.init]
    required = {given for _, given, about in plan if about.is_required()}
    left = _FEW

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        given = {**dict(zip(names, values, strict=False)), **named}
        is_right = len(given) == len(values) + len(named) and required <= given.keys() <= {*names}
        if left < 0 or not is_right:
            made.__init__ = _written_init(made, fields)  # type: ignore[misc]
            made.__init__(self, *values, **named)  # type: ignore[misc]
            return
        for name, one, about in plan:
            if one in given or about.has_default:
                value = given[one] if one in given else about.fresh(self)
                _PUT(self, name, value if about.converter is None else about.converter(value))

    return __init__


def _written_init(made: type, fields: Mapping[str, _Field]) -> Callable[..., None]:
    """An `__init__` written for the class."""
    known: dict[str, Any] = {"_REQUIRED": _REQUIRED}
    taken, lines = ["self"], []
    for index, (name, about) in enumerate(fields.items()):
        put = getattr(getattr(made, name, None), "__set__", None)
        is_plain = about.made_by is None and about.made_of is None
        known |= {f"_default{index}": about.value, f"_fresh{index}": about.fresh}
        known |= {f"_put{index}": put, f"_converted{index}": about.converter}
        given = _given_as(name)
        if about.init:
            taken.append(given if about.is_required() else f"{given}=_default{index}")
        value = given if about.init else f"_default{index}"
        if not is_plain:
            value = f"_fresh{index}(self) if {value} is _REQUIRED else {value}"
        if about.converter is not None:
            value = f"_converted{index}({value})"
        if about.init or about.has_default:
            lines.append(f"_put{index}(self, {value})" if put else f"self.__dict__[{name!r}] = {value}")
    exec("\n    ".join([f"def __init__({', '.join(taken)}):", *(lines or ["pass"])]), known)
    written: Callable[..., None] = known["__init__"]
    written.__qualname__ = f"{made.__qualname__}.__init__"
    return written


def _given_as(name: str) -> str:
    """The name of an argument for a field."""
    return name.lstrip("_")


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    one = attrgetter(names[0])
    return lambda value: (one(value),)


def _equality(seen: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, Any], bool]:
    def __eq__(self: Any, other: Any) -> bool:
        return seen(self) == seen(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(seen: Callable[[Any], tuple[Any, ...]], *, kept: bool) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(seen(self))

    def once(self: Any) -> int:
        try:
            return self._value_hash  # type: ignore[no-any-return]
        except AttributeError:
            _PUT(self, _HASH, hash(seen(self)))
            return self._value_hash  # type: ignore[no-any-return]

    return once if kept else __hash__


def _order(seen: Callable[[Any], tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
    def one(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        return lambda self, other: (
            compare(seen(self), seen(other)) if other.__class__ is self.__class__ else NotImplemented
        )

    yield from ((f"__{compare.__name__}__", one(compare)) for compare in (lt, le, gt, ge))


def _told(self: Any) -> str:
    """What `repr` says, as attrs does."""
    shown = (name for name, about in getattr(self, _FIELDS).items() if about.repr)
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__.rsplit('>.', 1)[-1]}({said})"


def _state(self: Any) -> dict[str, Any]:
    return {name: getattr(self, name) for name in getattr(self, _FIELDS) if hasattr(self, name)}


def _restore(self: Any, state: Mapping[str, Any]) -> None:
    for name, value in state.items():
        _PUT(self, name, value)


def _refuse(_self: object, _name: str, _value: Any = None) -> None:
    from attrs.exceptions import FrozenInstanceError

    raise FrozenInstanceError


class _Attributes:
    """Stands where attrs keeps the fields of a class: who looks for them gets what attrs makes of them."""

    def __get__(self, _: object, asked: type) -> tuple[Any, ...]:
        import attrs

        owner = next(one for one in asked.__mro__ if one.__dict__.get("__attrs_attrs__") is self)
        fields = {name: about.of_attrs() for name, about in owner.__dict__[_FIELDS].items()}
        found: tuple[Any, ...] = attrs.fields(attrs.make_class(owner.__name__, fields))
        owner.__attrs_attrs__ = found  # type: ignore[attr-defined]
        return found
