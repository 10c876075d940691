"""The methods of classes of values, each written as attrs would when it is called for the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType, MemberDescriptorType
from typing import Any, Final, NamedTuple

from meshlint.records.attribute import NOTHING, Attribute

Method = Callable[..., Any]
Known = dict[str, Any]
_SIGNS: Final = MappingProxyType(
    {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=", "__eq__": "=="}
)


class Layout(NamedTuple):
    """What methods are written from: a class, its fields, and whether these are given by name alone.

    `home` comes to hold the class when it is made.
    """

    home: list[type]
    fields: Sequence[Attribute]
    kw_only: bool = False


def late(name: str, layout: Layout, title: str) -> Method:
    """A method of the class `title` that takes its own place when it is first called."""

    def first(*given: Any, **named: Any) -> Any:
        cls = layout.home[0]
        known: Known = {}
        source = _source(name, layout, known)
        exec(compile(source, f"<{title}.{name}>", "exec"), known)
        method: Method = known[name]
        method.__qualname__, method.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
        type.__setattr__(cls, name, method)
        return method(*given, **named)

    return first


def refuse(_self: object, _name: str, _value: Any = None) -> None:
    """What setting and deleting come to: raises `attrs.exceptions.FrozenInstanceError`."""
    from attrs.exceptions import FrozenInstanceError  # nobody should come here, so nobody waits for attrs

    raise FrozenInstanceError


def state(self: Any) -> dict[str, Any]:
    """The values of all fields, for copies."""
    return {one.name: getattr(self, one.name) for one in self.__attrs_attrs__ if hasattr(self, one.name)}


def restored(self: Any, values: Mapping[str, Any]) -> None:
    """Take the values of another one."""
    for name, value in values.items():
        object.__setattr__(self, name, value)


def _source(name: str, layout: Layout, known: Known) -> str:
    if name == "__init__":
        return _init(layout, known)
    if name == "__hash__":
        return f"def __hash__(self):\n    return hash({_values(layout.fields, 'self')})"
    if name == "__repr__":
        return _repr(layout.fields)
    fields = layout.fields if name == "__eq__" else [one for one in layout.fields if one.order]
    return (
        f"def {name}(self, other):\n"
        f"    if other.__class__ is not self.__class__:\n"
        f"        return NotImplemented\n"
        f"    return {_values(fields, 'self')} {_SIGNS[name]} {_values(fields, 'other')}"
    )


def _values(fields: Sequence[Attribute], of: str) -> str:
    return "(" + "".join(f"{of}.{one.name}, " for one in fields if one.eq) + ")"


def _repr(fields: Sequence[Attribute]) -> str:
    parts = ", ".join(f"{one.name}={{self.{one.name}!r}}" for one in fields if one.repr)
    return (
        "def __repr__(self):\n"
        "    name = self.__class__.__qualname__.rsplit('>.', 1)[-1]\n"
        f"    return f'{{name}}({parts})'"
    )


def _init(layout: Layout, known: Known) -> str:
    cls = layout.home[0]
    places = [_parameter(one, known) for one in layout.fields if one.init]
    star = ["*"] if layout.kw_only and places else []
    lines = [f"def __init__({', '.join(['self', *star, *places])}):"]
    lines += [line for one in layout.fields for line in _put(cls, one, known)]
    lines += ["    self.__attrs_post_init__()"] if hasattr(cls, "__attrs_post_init__") else []
    return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"])


def _parameter(one: Attribute, known: Known) -> str:
    if one.factory is not None or one.computed is not None:
        known["NOTHING"] = NOTHING
        return f"{one.alias}=NOTHING"
    if one.preset is NOTHING:
        return one.alias
    known[f"default_{one.name}"] = one.preset
    return f"{one.alias}=default_{one.name}"


def _put(cls: type, one: Attribute, known: Known) -> Iterator[str]:
    """The lines that give a field its value: none if nobody gives one."""
    preset = _preset(one, known)
    value = one.alias if one.init else preset
    if one.init and preset.endswith(")"):
        value = f"{preset} if {one.alias} is NOTHING else {one.alias}"
    if one.converter is not None:
        known[f"convert_{one.name}"] = one.converter
        value = f"convert_{one.name}({value})"
    place = getattr(cls, one.name, None)
    if isinstance(place, MemberDescriptorType):
        known[f"put_{one.name}"] = place.__set__
        yield from [f"    put_{one.name}(self, {value})"] if value else []
    else:
        yield from [f"    self.__dict__[{one.name!r}] = {value}"] if value else []


def _preset(one: Attribute, known: Known) -> str:
    """What a field holds if nothing is given, as an expression: a call if it is made afresh, or nothing."""
    if one.computed is not None:
        known[f"make_{one.name}"] = one.computed
        return f"make_{one.name}(self)"
    if one.factory is not None:
        known[f"make_{one.name}"] = one.factory
        return f"make_{one.name}()"
    known[f"default_{one.name}"] = one.preset
    return "" if one.preset is NOTHING else f"default_{one.name}"
