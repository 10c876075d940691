"""How objects are filled: by the plan of their class, or by an `__init__` compiled for its fields.

Python takes as long to compile a function as to call it a thousand times. So what is compiled has stand-ins
for the names, and each class of one shape puts its own in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Any, Final

REQUIRED: Final[Any] = object()
"""The default of what has to be given."""
_LEFT_OUT: Final[Any] = object()
"""The default of what is made anew for each object."""
_ORDINARY_OF_FIELDS = frozenset({"converter", "default", "eq", "factory", "init", "order", "repr"})

set_field = object.__setattr__
"""Set an attribute of an object that refuses it later."""


def initialiser(
    cls: type,
    defaults: Mapping[str, Any],
    lines: Iterable[str],
    room: dict[str, Any],
    names: Mapping[str, str],
) -> Callable[..., None]:
    """An `__init__` for `cls` that takes what `defaults` has, and runs `lines`, which find what they need in
    `room`. Both have stand-ins for the names in `names`. What is required comes before what has a default.
    """
    code = _code("\n ".join([f"def __init__({', '.join(['self', *defaults])}):", *lines, "pass"]))
    own = code.replace(
        co_consts=_named(code.co_consts, names),
        co_names=_named(code.co_names, names),
        co_varnames=_named(code.co_varnames, names),
        co_qualname=f"{cls.__qualname__}.__init__",
    )
    have = tuple(value for value in defaults.values() if value is not REQUIRED)
    made = FunctionType(own, room, "__init__", have)
    made.__module__ = cls.__module__
    return made


@cache
def _code(source: str) -> CodeType:
    """The code of the function `__init__` that is written in `source`.

    The first `compile` of a process has Python make a class for each part of its grammar.
    """
    held: dict[str, Any] = {}
    exec(source, held)
    code: CodeType = held["__init__"].__code__
    return code


def _named(words: tuple[Any, ...], names: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple([names.get(one, one) if isinstance(one, str) else one for one in words])


class Plan:
    """The fields of a class: under which name each is given, and what it is where it is not given."""

    __slots__ = ("compared", "converters", "defaults", "factories", "given", "is_plain", "names")

    def __init__(self, base: Plan | None = None) -> None:
        self.names: tuple[str, ...] = base.names if base else ()
        self.compared: tuple[str, ...] = base.compared if base else ()
        self.given: dict[str, str] = {**base.given} if base else {}
        self.defaults: dict[str, Any] = {**base.defaults} if base else {}
        self.factories: dict[str, Any] = {**base.factories} if base else {}
        self.converters: dict[str, Any] = {**base.converters} if base else {}
        self.is_plain: bool = base.is_plain if base else True
        """Whether each field is given by its own name."""

    def add(self, name: str, about: dict[str, Any]) -> bool:
        """Add a field with what is said of it; False where attrs has to see to it."""
        default = about.get("default", REQUIRED)
        is_usual = about.keys() <= _ORDINARY_OF_FIELDS and about.get("eq", True) in (True, False)
        if name in self.names or not is_usual or any(map(_is_of_attrs, about.values())):
            return False
        if default is REQUIRED and "factory" not in about and not self._may_require(about):
            return False
        self.names += (name,)
        self.compared += (name,) if about.get("eq", True) else ()
        if about.get("init", True):
            self.given[name.lstrip("_")] = name
            self.is_plain = self.is_plain and name[0] != "_"
        if default is not REQUIRED:
            self.defaults[name] = default
        for key, kept in (("factory", self.factories), ("converter", self.converters)):
            if key in about:
                kept[name] = about[key]
        return True

    def _may_require(self, about: dict[str, Any]) -> bool:
        """Whether a field without a default can be next."""
        have = self.defaults.keys() | self.factories.keys()
        return about.get("init", True) and have.isdisjoint(self.given.values())

    def filled(self, values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any] | None:
        """The fields of an object; None where Python has to say what is wrong."""
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

    def compiled(self, cls: type, *, is_open: bool = False) -> Any:
        """The `__init__` of a class with these fields; one that is open to changes takes half the time."""
        room: dict[str, Any] = {"_set": set_field, "_left_out": _LEFT_OUT}
        given = {name: f"_given_{number}" for number, name in enumerate(self.given.values())}
        fields = {name: f"_field_{number}" for number, name in enumerate(self.names)}
        line = "self.{0} = {1}" if is_open else "_set(self, {0!r}, {1})"
        lines = [line.format(fields[name], self._value(name, given.get(name), room)) for name in self.names]
        defaults = {parameter: self._default(name) for name, parameter in given.items()}
        names = dict(zip([*given.values(), *fields.values()], [*self.given, *self.names], strict=True))
        return initialiser(cls, defaults, lines, room, names)

    def _default(self, name: str) -> Any:
        return _LEFT_OUT if name in self.factories else self.defaults.get(name, REQUIRED)

    def _value(self, name: str, given: str | None, room: dict[str, Any]) -> str:
        """What a field is set to, in an `__init__` that finds what it needs in `room`."""
        place = self.names.index(name)
        value = given or f"_default_{place}"
        if name in self.factories:
            room[f"_make_{place}"] = self.factories[name]
            made = f"_make_{place}()"
            value = f"{made} if {given} is _left_out else {given}" if given else made
        elif not given:
            room[f"_default_{place}"] = self.defaults[name]
        if name in self.converters:
            room[f"_convert_{place}"] = self.converters[name]
            value = f"_convert_{place}({value})"
        return value


def _is_of_attrs(value: Any) -> bool:
    return type(value).__module__.startswith("attr")
