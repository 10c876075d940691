"""What releases other than the one that is meant have: versions, fields and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from meshlint.checks.hit import Hit
from meshlint.checks.shared.violations import violation_hit
from meshlint.checks.world import World
from meshlint.resources import Resource
from meshlint.resources.schema.history import new_in
from meshlint.resources.schema.store.versions import Later
from meshlint.resources.schema.violation import Reason, Violation
from meshlint.values import evolve

_OLDER = "Use what the older release has, or say which release is meant."
_HINTS: Final = {
    Reason.NEWER_FIELD: _OLDER,
    Reason.NEWER_VALUE: _OLDER,
    Reason.TAKEN_AWAY: "Say which release is meant, and do without it before you upgrade.",
    Reason.UNRELEASED: "Wait for the release, or say which one is meant.",
}


def newer_feature(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A version, a field or a value that the releases that are meant do not know."""
    verdicts = world.admission.later
    later = {one.resource: one.standing for one in verdicts if isinstance(one.standing, Later)}
    for resource in world.held(later):
        api, standing = f"{resource.api_version} {resource.kind}", later[resource]
        yield Hit(
            resource.at("apiVersion"),
            f"{resource} is a {api}, which {new_in(standing.release, standing.own)}",
            resource=resource,
            hint=_HINTS[Reason.NEWER_VALUE],
        )
    yield from _told(world, Reason.NEWER_FIELD, Reason.NEWER_VALUE)


def unreleased_feature(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field or a value that only a development branch has."""
    return _told(world, Reason.UNRELEASED)


def removed_feature(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A field or a value that a release took away."""
    return _told(world, Reason.TAKEN_AWAY)


def _told(world: World, *reasons: Reason) -> Iterator[Hit]:
    for resource, violation in world.violations:
        if violation.reason in reasons:
            yield _hinted(resource, violation)


def _hinted(resource: Resource, violation: Violation) -> Hit:
    found = violation_hit(resource, violation)
    return evolve(found, hint=found.hint or _HINTS.get(violation.reason))
