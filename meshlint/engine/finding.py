"""A finding: what a report tells, complete and independent of how it was found."""

from __future__ import annotations

from meshlint.checks.mending import Fix
from meshlint.documents import Span
from meshlint.engine.rule import Severity
from meshlint.resources.resource import ObjectId
from meshlint.values import field, frozen

Order = tuple[str, int, int, int, int]


@frozen(order=True, repr=False)
class Location:
    """A stretch of text in a file, named by its display path."""

    file: str
    span: Span

    @property
    def order(self) -> Order:
        """What sorts places as they stand: plain values, which compare much faster."""
        span = self.span
        return self.file, span.line, span.column, span.end_line, span.end_column

    def __str__(self) -> str:
        """`path:line:column`, as editors and terminals link it."""
        return f"{self.file}:{self.span.line}:{self.span.column}"


@frozen(order=True, repr=False)
class RelatedLocation:
    """Another place that explains a finding."""

    location: Location
    message: str


@frozen(repr=False)
class Finding:
    """One finding.

    `path` is the field in the object's own words, list entries named rather than numbered where they have a
    name. `fingerprint` survives moves between files and reordering. `others` are the further places of a
    flood that was grouped into this one finding. `fix` is what mends it, where there is one.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    location: Location
    fingerprint: str
    object: ObjectId | None = None
    path: tuple[str, ...] = ()
    hint: str | None = None
    related: tuple[RelatedLocation, ...] = ()
    others: tuple[Location, ...] = ()
    fix: Fix | None = field(default=None, eq=False)

    @property
    def sort_key(self) -> tuple[Order, str, str]:
        """Reports tell findings in the order of the text."""
        return (self.location.order, self.rule, self.message)
