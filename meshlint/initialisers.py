"""How objects are filled: by the plan of their class, or by an `__init__` compiled for its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

REQUIRED: Final[Any] = object()
"""The default of what has to be given."""
_LEFT_OUT: Final[Any] = object()
"""The default of what is made anew for each object."""
_ORDINARY_OF_FIELDS = frozenset({"converter", "default", "eq", "factory", "init", "order", "repr"})

set_field = object.__setattr__
"""Set an attribute of an object that refuses it later."""


def initialiser(
    cls: type, parameters: Mapping[str, Any], lines: Iterable[str], room: Mapping[str, Any]
) -> Callable[..., None]:
    """An `__init__` for `cls` that takes `parameters`, each with its default, and runs `lines`, which find
    what they need in `room`. What is required comes before what has a default.
    """
    found: dict[str, Any] = {}
    taken = [one if value is REQUIRED else f"{one}={one}" for one, value in parameters.items()]
    head = ", ".join(["self", *taken])
    exec("\n    ".join([f"def __init__({head}):", *lines, "pass"]), {**room, **parameters}, found)
    made: Any = found["__init__"]
    made.__module__, made.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return made  # type: ignore[no-any-return]


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
        parameters = {given: self._default(name) for given, name in self.given.items()}
        given = {name: parameter for parameter, name in self.given.items()}
        line = "self.{0} = {1}" if is_open else "_set(self, {0!r}, {1})"
        lines = [line.format(name, self._value(name, given.get(name), room)) for name in self.names]
        return initialiser(cls, parameters, lines, room)

    def _default(self, name: str) -> Any:
        return _LEFT_OUT if name in self.factories else self.defaults.get(name, REQUIRED)

    def _value(self, name: str, given: str | None, room: dict[str, Any]) -> str:
        """What a field is set to, in an `__init__` that finds what it needs in `room`."""
        value = given or f"_default_{name}"
        if name in self.factories:
            room[f"_make_{name}"] = self.factories[name]
            made = f"_make_{name}()"
            value = f"{made} if {given} is _left_out else {given}" if given else made
        elif not given:
            room[f"_default_{name}"] = self.defaults[name]
        if name in self.converters:
            room[f"_convert_{name}"] = self.converters[name]
            value = f"_convert_{name}({value})"
        return value


def _is_of_attrs(value: Any) -> bool:
    return type(value).__module__.startswith("attr")
