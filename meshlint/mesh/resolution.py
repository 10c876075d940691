"""What a reference leads to: something in the files, nothing, or a place outside of them."""

from __future__ import annotations

from typing import Generic, TypeVar

from meshlint.values import frozen

T = TypeVar("T")


@frozen(eq=False, repr=False)
class Found(Generic[T]):
    """The reference leads to `target`."""

    target: T


@frozen(eq=False, repr=False)
class Missing:
    """The place that the reference leads to is in full view, and nothing is there.

    `nearest` holds names of the same kind that the author may have meant, the likeliest first, and `renamed`
    the one that a tool on the way to the cluster gives to what was meant.
    """

    nearest: tuple[str, ...] = ()
    renamed: str | None = None


@frozen(eq=False, repr=False)
class Unknown:
    """The reference leaves the files: nothing can be said of its target."""


Resolution = Found[T] | Missing | Unknown
