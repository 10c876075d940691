"""The fields of a class of attrs, and how its objects are filled by them alone."""

from __future__ import annotations

from typing import Any, Final

_ORDINARY: Final = frozenset({"converter", "default", "eq", "factory", "init", "order", "repr"})
_LEFT_OUT: Final[Any] = object()
put: Final = object.__setattr__
"""Sets an attribute of a frozen object, in the object itself and not in a dictionary of its own."""


class Field:
    """What is written of a field."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.about = about

    def default(self, method: Any) -> Any:
        """Have the default made by a method of the object."""
        import attrs

        self.about["default"] = attrs.Factory(method, takes_self=True)
        return method


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

    def add(self, name: str, written: Any) -> bool:
        """Add a field with what its class holds for it; False where attrs has to see to it."""
        about = written.about if isinstance(written, Field) else {"default": written}
        default = about.get("default", Plan)
        is_usual = about.keys() <= _ORDINARY and about.get("eq", True) in (True, False)
        if name in self.names or not is_usual or any(map(_is_of_attrs, about.values())):
            return False
        self.names += (name,)
        self.compared += (name,) if about.get("eq", True) else ()
        if about.get("init", True):
            self.given[name.lstrip("_")] = name
            self.is_plain = self.is_plain and name[0] != "_"
        if default is not Plan:
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

    def compiled(self, *, frozen: bool) -> Any:
        """An `__init__` that fills the fields one by one.

        That of attrs fills the `__dict__` of a frozen object, which takes up twice the room of the fields and
        is read more slowly than what Python keeps in the object itself.
        """
        kinds = {"default": self.defaults, "factory": self.factories, "converter": self.converters}
        known = {f"{kind}_{name}": one for kind, held in kinds.items() for name, one in held.items()}
        given = {name: one for one, name in self.given.items()}
        head = ["self", *(self._parameter(one, name) for name, one in given.items())]
        fill = "put__(self, {0!r}, {1})" if frozen else "self.{0} = {1}"
        body = [fill.format(name, self._value(name, given.get(name, ""))) for name in self.names]
        text = f"def __init__({', '.join(head)}):\n " + "\n ".join(body or ["pass"])
        exec(text, {**known, "put__": put, "left_out__": _LEFT_OUT}, known)
        return known["__init__"]

    def _parameter(self, given: str, name: str) -> str:
        """How a field is given, in the head of `__init__`."""
        if name in self.factories:
            return f"{given}=left_out__"
        return f"{given}=default_{name}" if name in self.defaults else given

    def _value(self, name: str, given: str) -> str:
        """What a field becomes, in the body of `__init__`; `given` is empty where it cannot be given."""
        value = given or f"default_{name}"
        if name in self.factories:
            value = f"factory_{name}()" + (f" if {given} is left_out__ else {given}" if given else "")
        return f"converter_{name}({value})" if name in self.converters else value


def _is_of_attrs(value: Any) -> bool:
    return type(value).__module__.startswith("attr")
