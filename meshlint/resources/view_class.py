"""Classes of views: frozen values that are made in one place and compared by identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast, dataclass_transform

from meshlint.records import fields, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

Class = TypeVar("Class", bound=type)
_MAKE: Callable[[type], type] = frozen(eq=False, repr=False, weakref_slot=False)


@dataclass_transform(frozen_default=True, eq_default=False)
def view(cls: Class) -> Class:
    """Make a class with annotated fields a view: with slots, an `__init__` for its fields and those of its
    bases, and nothing that can be set or deleted later.
    """
    return cast("Class", _MAKE(cls))


def field_names(cls: type) -> tuple[str, ...]:
    """The names of the fields of a class of views, those of its bases first; none for any other class."""
    return tuple(one.name for one in fields(cls)) if hasattr(cls, "__attrs_attrs__") else ()
