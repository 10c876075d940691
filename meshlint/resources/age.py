"""How old objects are, as far as the files tell.

Exports of a cluster carry the time at which each object was created, in whole seconds and always in UTC;
manifests that are still to be applied carry none (Kubernetes: metadata.creationTimestamp).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from meshlint.resources.resource import Resource
from meshlint.values import regex

Held = TypeVar("Held")

_TIME = regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def created(resource: Resource) -> str | None:
    """When an object was created, as a text that sorts by time; None where the files do not tell."""
    written = resource.metadata.text("creationTimestamp")
    return str(written) if written is not None and _TIME.fullmatch(written) else None


def perhaps_oldest(
    held: Iterable[Held],
    resource: Callable[[Held], Resource],
    tie: Callable[[Held], str] | None = None,
) -> tuple[Held, ...]:
    """Those of which any may be the oldest, in the given order: a single one where that is known.

    Whatever has no time may be the oldest. Of several that were created in the same second, the first by
    `tie` counts; without one, any of them.
    """
    found = tuple(held)
    if len(found) < 2:
        return found
    times = {id(one): created(resource(one)) for one in found}
    known = [time for time in times.values() if time is not None]
    first = [one for one in found if known and times[id(one)] == min(known)]
    if tie is not None and first:
        first = [min(first, key=tie)]
    return tuple(one for one in found if times[id(one)] is None or any(one is other for other in first))


def oldest_first(held: Iterable[Held], resource: Callable[[Held], Resource]) -> tuple[Held, ...]:
    """The objects in the order in which Istio takes them: by time, then by name and namespace.

    Names alone stand in where the files do not tell the age of all (istiod: sortConfigByCreationTime).
    """
    found = tuple(held)
    if len(found) < 2:
        return found
    known = are_known(resource(one) for one in found)
    return tuple(sorted(found, key=lambda one: _order(resource(one), known)))


def are_known(resources: Iterable[Resource]) -> bool:
    """Whether the files tell the age of all of them."""
    return all(created(one) is not None for one in resources)


def _order(resource: Resource, known: bool) -> tuple[str, str, str]:
    return (created(resource) or "") if known else "", resource.name, resource.namespace
