"""Classes of attrs, and regular expressions, that are made when somebody asks for them.

attrs writes and compiles the methods of a class where it is defined. A run loads some hundred classes and
fills a few of them, and start-up would pay for all. Here attrs makes a class, in place and so without slots,
when the first object of it is made, or when it is asked for its fields.

An expression takes Python longer to compile than a short run takes to match all of its text, and most of what
modules hold is for what a set does not have.
"""

from __future__ import annotations

import re
from _thread import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["define", "evolve", "field", "frozen", "once", "regex"]

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
        """`attrs.field`."""
        import attrs

        return attrs.field(**about)

    def evolve(value: Any, /, **changes: Any) -> Any:
        """`attrs.evolve`."""
        import attrs

        return attrs.evolve(value, **changes)

    def _later(maker: str) -> Any:
        """`attrs.frozen` or `attrs.define` without slots, later."""

        def made(cls: type | None = None, **options: Any) -> Any:
            return _put_off(cls, maker, options) if cls else lambda cls: _put_off(cls, maker, options)

        return made

    frozen, define = _later("frozen"), _later("define")


def _put_off(cls: type, maker: str, options: dict[str, Any]) -> type:
    cls.__attrs_attrs__ = _Fields(cls, maker, options)  # type: ignore[attr-defined]
    if "__init__" not in cls.__dict__:
        cls.__init__ = _first_init(cls)  # type: ignore[misc]
    cls.__setstate__ = _restored  # type: ignore[attr-defined]
    return cls


def _restored(value: Any, state: dict[str, Any]) -> None:
    """A copy or a pickle read back, which may be the first object of its class here."""
    value.__class__.__attrs_attrs__  # noqa: B018 - asking makes the class
    value.__dict__.update(state)


def _first_init(cls: type) -> Any:
    def __init__(self: Any, *values: Any, **named: Any) -> None:
        cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
        cls.__init__(self, *values, **named)  # type: ignore[misc]

    return __init__


class _Fields:
    """Stands where attrs keeps the fields of a class: whoever looks has the class made."""

    def __init__(self, cls: type, maker: str, options: dict[str, Any]) -> None:
        self._cls, self._maker, self._options = cls, maker, options

    def __get__(self, _: object, asked: type) -> tuple[Any, ...]:
        import attrs

        with _MAKING:
            self._make(getattr(attrs, self._maker))
        found: tuple[Any, ...] = attrs.fields(asked)
        return found

    def _make(self, maker: Any) -> None:
        """Have the class made, unless somebody else has meanwhile."""
        cls = self._cls
        if cls.__dict__.get("__attrs_attrs__") is self:
            del cls.__attrs_attrs__  # type: ignore[attr-defined]
            if getattr(cls.__init__, "__module__", "") == __name__:  # type: ignore[misc]
                del cls.__init__  # type: ignore[misc]
            maker(**{**self._options, "slots": False})(cls)
