"""Namespaces, and how much of each the files show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from meshlint.documents import Field, Text
from meshlint.mesh.namespaces.delivery import filled_elsewhere
from meshlint.mesh.namespaces.placement import Directories, Placement
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.values import frozen

Kind = tuple[str, str]
Merged = dict[str, Mapping[str, Text] | None]
"""By namespace, what all that declare it say together."""

SERVICES: tuple[Kind, ...] = (("", "Service"),)
WORKLOADS: tuple[Kind, ...] = tuple(sorted(TEMPLATES))
SERVICE_ACCOUNTS: tuple[Kind, ...] = (("", "ServiceAccount"),)
DESTINATION_RULES: tuple[Kind, ...] = (("networking.istio.io", "DestinationRule"),)
VIRTUAL_SERVICES: tuple[Kind, ...] = (("networking.istio.io", "VirtualService"),)
GATEWAYS: tuple[Kind, ...] = (("networking.istio.io", "Gateway"),)
KUBERNETES_GATEWAYS: tuple[Kind, ...] = (("gateway.networking.k8s.io", "Gateway"),)


@frozen(eq=False, slots=False, repr=False)
class Namespaces:
    """What the files say of namespaces.

    What an `earlier` revision of them showed they show too: what is gone since then was taken away.
    """

    resources: ResourceSet
    settings: MeshSettings
    earlier: Namespaces | None = None

    @cached_property
    def _declared(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources.of("", "Namespace"):
            found.setdefault(resource.name, []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}

    @cached_property
    def filled(self) -> frozenset[str]:
        """Namespaces that hold more than the files show: charts and sources outside of them go there."""
        return filled_elsewhere(self.resources, self.settings)

    @cached_property
    def placement(self) -> Placement:
        """Where objects that name no namespace may end up."""
        return Placement(self.resources)

    def is_in_view(self, name: str) -> bool:
        """Whether the files declare the namespace or hold an object in it; what has no name holds nothing."""
        return not name or name in self.resources.namespaces

    def get(self, name: str) -> Resource | None:
        """The Namespace object of that name, if it is in the files; the first of several."""
        return next(iter(self._declared.get(name, ())), None)

    def labels(self, name: str) -> Mapping[str, Text] | None:
        """The labels of a namespace; None if no file declares it, so that nothing is known of them.

        Files that declare it again, as overlays do, add their labels.
        """
        return self._merged(name, self._labels, lambda one: one.labels)

    def annotations(self, name: str) -> Mapping[str, Text] | None:
        """The annotations of a namespace; None if no file declares it."""
        return self._merged(name, self._annotations, lambda one: one.annotations)

    def _merged(
        self, name: str, known: Merged, written: Callable[[Resource], Mapping[str, Text]]
    ) -> Mapping[str, Text] | None:
        """What all that declare a namespace say together, of which the first one counts: kept as known."""
        if name not in known:
            declared = self._declared.get(name)
            known[name] = (
                None
                if declared is None
                else {key: value for one in reversed(declared) for key, value in written(one).items()}
            )
        return known[name]

    @cached_property
    def _labels(self) -> Merged:
        return {}

    @cached_property
    def _annotations(self) -> Merged:
        return {}

    def shows(
        self, name: str, kinds: Iterable[Kind], near: Field | None = None, *, around: bool = True
    ) -> bool:
        """Whether the objects of `kinds` in a namespace are in full view.

        They are if the user said that the files are complete, or if at least one of them is in the files:
        a set that holds one Service of a namespace is taken to hold them all. An object that names no
        namespace counts only `near` the field that asks: elsewhere it may be meant for another namespace.
        Near is its directory and those below it and, `around`, those above it too. What belongs to another
        of several things side by side shows nothing. Nothing is in full view that may stand in a document
        which could not be read.
        """
        kinds = tuple(kinds)
        lost = self.settings.unread
        if lost and ((name, "") in lost or any((name, kind) in lost for _, kind in kinds)):
            return False
        if self.are_filled_elsewhere(name):
            return False
        key = name, kinds, None if near is None else near.document.file, around
        if key not in self._shown:
            known = self.settings.complete or self._holds(*key)
            before = self.earlier
            self._shown[key] = known or (
                before is not None and before.shows(name, kinds, near, around=around)
            )
        return self._shown[key]

    def are_filled_elsewhere(self, name: str) -> bool:
        """Whether a namespace holds what the files don't, as the user or the objects in them say."""
        external = name in self.settings.external_namespaces
        return external or (name in self.filled and not self.settings.complete)

    @cached_property
    def _shown(self) -> dict[tuple[str, tuple[Kind, ...], str | None, bool], bool]:
        return {}

    def _holds(self, name: str, kinds: tuple[Kind, ...], near: str | None, around: bool) -> bool:
        written = self._written(kinds, name)
        if near is None:
            return bool(written.each)
        are_apart = self.resources.collections.are_apart
        placed = self._written(kinds, name, placed=True)
        return any(not are_apart(near, one) for one in placed.each.values()) or written.have_beside(
            near, around=around
        )

    def _written(self, kinds: tuple[Kind, ...], name: str, *, placed: bool = False) -> Directories:
        """Where the objects of some kinds in a namespace are written, or those of them that name it."""
        key = kinds, name, placed
        if key not in self._directories:
            held = (one for kind in kinds for one in self.resources.living(*kind, name))
            counted = (one for one in held if one.names_namespace) if placed else held
            self._directories[key] = Directories(frozenset(one.document.file for one in counted))
        return self._directories[key]

    @cached_property
    def _directories(self) -> dict[tuple[tuple[Kind, ...], str, bool], Directories]:
        return {}
