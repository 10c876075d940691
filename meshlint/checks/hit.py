"""What a check says: the thing that is wrong and where it stands."""

from __future__ import annotations

from meshlint.checks.mending import Fix
from meshlint.documents import Field, Span
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(repr=False)
class Spot:
    """A place in a file that holds no object, such as a syntax error."""

    file: str
    span: Span


@frozen(eq=False, repr=False)
class Related:
    """Another place that explains a hit, and without which it would not hold.

    With `concerns` it only tells who is affected, one of others maybe: the hit holds without it.
    """

    at: Field | Spot
    message: str
    concerns: bool = False


@frozen(eq=False, repr=False)
class Hit:
    """One thing that is wrong.

    `message` reads "⟨Kind ns/name⟩ ⟨does X⟩, so ⟨effect⟩", its first sentence below 120 characters.
    `at` is the value at fault, or its key with `on_key`; something absent is reported at what should hold it.
    `about` tells two hits of one rule on one field apart, for example by the client that is affected. `fix`
    is what mends it, where there is exactly one thing to do. `in_doubt` is what the files could not have
    shown to be otherwise: it is told at severity info.
    """

    at: Field | Spot
    message: str
    resource: Resource | None = None
    on_key: bool = False
    hint: str | None = None
    related: tuple[Related, ...] = ()
    about: str = ""
    fix: Fix | None = None
    in_doubt: bool = False
