"""Which of several objects is the oldest, where the mesh goes by that and files tell it.

Istio sorts by the time of creation, then by name, then by namespace. Only objects that were read from a
cluster say when they were made; for others names stand in, and the answer is left open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TypeVar

from meshlint.resources import Resource

Item = TypeVar("Item")


def created(resource: Resource) -> str | None:
    """When an object was made, if its file says so; such texts sort by time."""
    text = (resource.field / "metadata").text("creationTimestamp")
    return str(text) if text else None


def oldest_first(found: Iterable[Item], resource_of: Callable[[Item], Resource]) -> tuple[Item, ...]:
    """The objects in the order in which Istio takes them, as far as files tell."""
    held = [(resource_of(one), one) for one in found]
    known = are_known(resource for resource, _ in held)
    ordered = sorted(held, key=lambda pair: _key(pair[0], known))
    return tuple(one for _, one in ordered)


def are_known(resources: Iterable[Resource]) -> bool:
    """Whether files tell the age of all of them."""
    return all(created(one) is not None for one in resources)


def rivals(resources: Iterable[Resource]) -> tuple[tuple[Resource, Resource], ...]:
    """Neighbours of which files do not tell which is older."""
    return tuple(
        (one, other)
        for one, other in pairwise(resources)
        if one.id != other.id and not are_known((one, other))
    )


def oldest(found: tuple[Item, ...], resource_of: Callable[[Item], Resource]) -> tuple[Item, ...]:
    """Of objects of which one alone counts, that one; all of them where files do not tell which it is."""
    if len(found) < 2 or not are_known(resource_of(one) for one in found):
        return found
    return oldest_first(found, resource_of)[:1]


def _key(resource: Resource, known: bool) -> tuple[str, str, str]:
    return (created(resource) or "") if known else "", resource.name, resource.namespace
