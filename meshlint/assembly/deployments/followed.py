"""Entry points that were followed, and the names of what they deploy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from meshlint.assembly.deployments.deployment import Deployment
from meshlint.values import NamedTuple, evolve


class Followed(NamedTuple):
    """An entry point: where it leads to, the directory that declares it, and the cluster that it is for."""

    name: str
    directory: str
    home: str
    cluster: str | None


_WAYS: Final[tuple[Callable[[Followed], str], ...]] = (
    lambda one: f"{one.name} in {one.home or '.'}",
    lambda one: f"{one.name} from {one.directory}",
    lambda one: f"{one.name} from {one.directory} in {one.home or '.'}",
    lambda one: f"{one.name} from {one.directory} in {one.home or '.'} ({one.cluster})",
)
"""How entry points of one name are told apart: by where they are declared, else by what they deploy."""


def told_apart_by_name(found: Mapping[Followed, Deployment]) -> list[Deployment]:
    """What was found, under a name that nothing else has."""
    names: dict[Followed, str] = {}
    for name in {one.name for one in found}:
        alike = [one for one in found if one.name == name]
        names |= dict.fromkeys(alike, name) if len(alike) == 1 else _names(alike)
    return [evolve(made, name=names[one]) for one, made in found.items()]


def _names(alike: list[Followed]) -> dict[Followed, str]:
    for way in _WAYS:
        names = {one: way(one) for one in alike}
        if len(set(names.values())) == len(alike):
            break
    return names
