"""Services by their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from meshlint.mesh.hosts.full_view import looks_like_slip
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.parts import by_name
from meshlint.mesh.shelves import Kind
from meshlint.resources.kubernetes.service import Service
from meshlint.values import frozen


@frozen(eq=False, slots=False, repr=False)
class There:
    """The Services of one namespace."""

    all: tuple[Service, ...]

    @cached_property
    def by_name(self) -> dict[str, tuple[Service, ...]]:
        """The Services of each name."""
        return by_name((service.name, service) for service in self.all)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(service.name for service in self.all)

    def like(self, name: str) -> tuple[str, ...]:
        """What looks like a name that none of them has, the likeliest first."""
        known = self._like.get(name)
        if known is None:
            known = self._like[name] = nearest(name, self.names)
        return known

    @cached_property
    def _like(self) -> dict[str, tuple[str, ...]]:
        return {}

    def has_slip(self, name: str) -> bool:
        """Whether a name that none of them has is nearly one of theirs."""
        known = self._slips.get(name)
        if known is None:
            known = self._slips[name] = looks_like_slip(name, self.names)
        return known

    @cached_property
    def _slips(self) -> dict[str, bool]:
        return {}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """What kustomize calls them, by the names that they were written under."""
        found: dict[str, str] = {}
        for service in self.all:
            for name in service.resource.document.former_names:
                found.setdefault(name, service.name)
        return found


@frozen(eq=False, slots=False, repr=False)
class ServiceNames:
    """All Services, and those of each namespace."""

    kind: Kind[Service]
    within: Mapping[str, There]

    @property
    def all(self) -> tuple[Service, ...]:
        """All of them."""
        return self.kind.shelf.all

    def anywhere(self, name: str) -> tuple[Service, ...]:
        """The Services of a name, in whichever namespace."""
        return self.kind.named(name)

    def of(self, name: ServiceName) -> tuple[Service, ...]:
        """Every Service of that name."""
        there = self.within.get(name.namespace)
        return () if there is None else there.by_name.get(name.name, ())

    def get(self, name: ServiceName) -> Service | None:
        """The Service of that name, if it is in the files; the first of several."""
        return next(iter(self.of(name)), None)
