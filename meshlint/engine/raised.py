"""A finding on its way through the engine, together with the hit that it came from."""

from __future__ import annotations

from meshlint.checks.hinted import hinted
from meshlint.checks.hit import Hit, Related, Spot
from meshlint.documents import Field
from meshlint.engine.finding import Finding, Location, RelatedLocation
from meshlint.engine.rule import Rule, Severity
from meshlint.engine.semantic import fingerprint, semantic_path
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Raised:
    """What rule said what, how it will be told, and the hit behind it, which suppressions look at.

    `mirrored` is the same told from its other side, which is not told itself.
    """

    rule: Rule
    hit: Hit
    finding: Finding
    mirrored: Raised | None = None

    @property
    def location(self) -> Location:
        """Where the finding stands."""
        return self.finding.location

    @property
    def fingerprint(self) -> str:
        """What the finding means, wherever it stands."""
        return self.finding.fingerprint


@frozen(eq=False, repr=False)
class Seen:
    """A hit of a rule, with as much of its finding as tells it apart from others."""

    rule: Rule
    hit: Hit
    location: Location
    fingerprint: str


def see_hit(rule: Rule, hit: Hit) -> Seen:
    """`hit` as seen again; its fingerprint is not yet told apart from equal ones."""
    return Seen(rule, hit, location_of(hit.at, on_key=hit.on_key), fingerprint(rule.id, hit))


def raise_hit(rule: Rule, hit: Hit) -> Raised:
    """`hit` as a finding of `rule`; its fingerprint is not yet told apart from equal ones."""
    path = semantic_path(hit)
    finding = Finding(
        rule=rule.id,
        name=rule.name,
        severity=min(rule.severity, Severity.INFO) if hit.in_doubt else rule.severity,
        message=hit.message,
        location=location_of(hit.at, on_key=hit.on_key),
        fingerprint=fingerprint(rule.id, hit, path),
        object=hit.resource.id if hit.resource is not None else None,
        path=path,
        hint=hit.hint,
        related=tuple(_related(place) for place in hit.related),
        fix=hit.fix or hinted(hit, rule.id),
    )
    return Raised(rule, hit, finding)


def location_of(place: Field | Spot, *, on_key: bool = False) -> Location:
    """Where `place` stands."""
    span = place.span(on_key=on_key) if isinstance(place, Field) else place.span
    return Location(file_of(place, on_key=on_key), span)


def file_of(place: Field | Spot, *, on_key: bool = False) -> str:
    """The file that `place` stands in."""
    return place.file(on_key=on_key) if isinstance(place, Field) else place.file


def _related(place: Related) -> RelatedLocation:
    return RelatedLocation(location_of(place.at), place.message)
