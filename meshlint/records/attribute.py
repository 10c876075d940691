"""One field of a class: what is known of it, under the names that attrs gives to the same things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final


class _Nothing:
    """Stands where no value is given."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()
FIELDS: Final = "__attrs_attrs__"
"""Where attrs looks for the fields of a class."""


class Attribute:
    """A field of a class: `alias` is what `__init__` calls it, `preset` its value if none is given; `factory`
    makes that afresh, `computed` from the values before it.
    """

    __slots__ = ("alias", "computed", "converter", "eq", "factory", "init", "name", "order", "preset", "repr")

    def __init__(
        self,
        preset: Any = NOTHING,
        factory: Callable[[], Any] | None = None,
        converter: Callable[[Any], Any] | None = None,
    ) -> None:
        self.name = self.alias = ""
        self.preset, self.factory, self.converter = preset, factory, converter
        self.computed: Callable[[Any], Any] | None = None
        self.init = self.eq = self.order = self.repr = True

    def called(self, name: str) -> Attribute:
        """This field under the name that it has in its class."""
        self.name, self.alias = name, name.lstrip("_")
        return self

    def default(self, method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Take the value from a method of the object, as the decorator of attrs does."""
        self.computed = method
        return method


def field(
    *,
    default: Any = NOTHING,
    factory: Callable[[], Any] | None = None,
    init: bool = True,
    eq: bool = True,
    order: bool | None = None,
    repr: bool = True,
    converter: Callable[[Any], Any] | None = None,
) -> Any:
    """What is said of a field beside its type, with the words of attrs."""
    made = Attribute(default, factory, converter)
    made.init, made.eq, made.repr = init, eq, repr
    made.order = eq if order is None else order
    return made


def fields(cls: type) -> tuple[Attribute, ...]:
    """The fields of a class, those of its bases first; raises TypeError for one that has none."""
    found: tuple[Attribute, ...] | None = getattr(cls, FIELDS, None)
    if found is None:
        raise TypeError(f"{cls.__qualname__} is no class of values")
    return found
