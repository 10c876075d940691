"""Signs of a need in the manifests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.advisor.evidence.places import Place
from meshlint.documents import Field, Path
from meshlint.resources import Resource
from meshlint.values import frozen


@frozen
class Evidence:
    """A place where a need shows.

    `at_gateway` tells that only a gateway is concerned, so that ambient takes no waypoint for it.
    """

    need: str
    place: Place
    at_gateway: bool = False


Found = Iterator[Evidence]


def seen(
    need: str, resource: Resource, field: Field | Path | None = None, *, at_gateway: bool = False
) -> Evidence:
    """That `need` shows at `field` of `resource`, or in the object as a whole."""
    return Evidence(need, Place(resource, field), at_gateway)


def mappings(path: Path, value: dict[str, Any], key: str) -> list[tuple[Path, dict[str, Any]]]:
    """The mappings in the list at `key` of the value at `path`, each with its own path."""
    held = value.get(key)
    if not isinstance(held, list):
        return []
    return [((*path, key, index), one) for index, one in enumerate(held) if isinstance(one, dict)]
