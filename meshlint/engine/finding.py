"""A finding: what a report tells, complete and independent of how it was found."""

from __future__ import annotations

from attrs import frozen

from meshlint.documents import Span
from meshlint.engine.rule import Severity
from meshlint.resources.resource import ObjectId


@frozen(order=True, repr=False)
class Location:
    """A stretch of text in a file, named by its display path."""

    file: str
    span: Span

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
    flood that was grouped into this one finding.
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

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        """Reports tell findings in the order of the text."""
        return (self.location, self.rule, self.message)
