"""Classes of attrs that are made when somebody asks for them.

attrs writes and compiles the methods of a class where it is defined. A run loads some hundred classes and
fills a few of them, and start-up would pay for all. Here attrs makes a class, in place, when the first object
of it is made, or when it is asked for its fields. What there are thousands of keeps the `frozen` of attrs.
"""

from __future__ import annotations

from _thread import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["frozen"]

_MAKING = RLock()
"""Held while a class is made: a server asks from several threads, and one class may need another."""

if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """`attrs.frozen` without slots, later."""
        return _put_off(cls, options) if cls is not None else lambda cls: _put_off(cls, options)


def _put_off(cls: type, options: dict[str, Any]) -> type:
    cls.__attrs_attrs__ = _Fields(cls, options)  # type: ignore[attr-defined]
    if "__init__" not in cls.__dict__:
        cls.__init__ = _first_init(cls)  # type: ignore[misc]
    return cls


def _first_init(cls: type) -> Any:
    def __init__(self: Any, *values: Any, **named: Any) -> None:
        cls.__attrs_attrs__  # type: ignore[attr-defined]  # noqa: B018 - asking makes the class
        cls.__init__(self, *values, **named)  # type: ignore[misc]

    return __init__


class _Fields:
    """Stands where attrs keeps the fields of a class: whoever looks has the class made."""

    def __init__(self, cls: type, options: dict[str, Any]) -> None:
        self._cls, self._options = cls, options

    def __get__(self, _: object, asked: type) -> tuple[Any, ...]:
        import attrs

        with _MAKING:
            self._make(attrs.frozen)
        found: tuple[Any, ...] = attrs.fields(asked)
        return found

    def _make(self, frozen: Any) -> None:
        """Have the class made, unless somebody else has meanwhile."""
        cls = self._cls
        if cls.__dict__.get("__attrs_attrs__") is self:
            del cls.__attrs_attrs__  # type: ignore[attr-defined]
            if getattr(cls.__init__, "__module__", "") == __name__:  # type: ignore[misc]
                del cls.__init__  # type: ignore[misc]
            frozen(**{**self._options, "slots": False})(cls)
