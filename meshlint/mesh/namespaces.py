"""Namespaces, and how much of each the files show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import frozen

from meshlint.documents import Text
from meshlint.mesh.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.workload import TEMPLATES

Kind = tuple[str, str]

SERVICES: tuple[Kind, ...] = (("", "Service"),)
WORKLOADS: tuple[Kind, ...] = tuple(sorted(TEMPLATES))
SERVICE_ACCOUNTS: tuple[Kind, ...] = (("", "ServiceAccount"),)
DESTINATION_RULES: tuple[Kind, ...] = (("networking.istio.io", "DestinationRule"),)
VIRTUAL_SERVICES: tuple[Kind, ...] = (("networking.istio.io", "VirtualService"),)
GATEWAYS: tuple[Kind, ...] = (("networking.istio.io", "Gateway"),)


@frozen(eq=False, slots=False, repr=False)
class Namespaces:
    """What the files say of namespaces."""

    resources: ResourceSet
    settings: MeshSettings

    @cached_property
    def _declared(self) -> dict[str, Resource]:
        return {found.name: found for found in reversed(self.resources.of("", "Namespace"))}

    @cached_property
    def _held(self) -> dict[str, frozenset[Kind]]:
        held: dict[str, set[Kind]] = {}
        for resource in self.resources.resources:
            held.setdefault(resource.namespace, set()).add((resource.group, resource.kind))
        return {namespace: frozenset(kinds) for namespace, kinds in held.items()}

    def is_in_view(self, name: str) -> bool:
        """Whether the files declare the namespace or hold an object in it."""
        return name in self._declared or name in self._held

    def get(self, name: str) -> Resource | None:
        """The Namespace object of that name, if it is in the files."""
        return self._declared.get(name)

    def labels(self, name: str) -> Mapping[str, Text] | None:
        """The labels of a namespace; None if no file declares it, so that nothing is known of them."""
        declared = self._declared.get(name)
        return None if declared is None else declared.labels

    def annotations(self, name: str) -> Mapping[str, Text] | None:
        """The annotations of a namespace; None if no file declares it."""
        declared = self._declared.get(name)
        return None if declared is None else declared.annotations

    def shows(self, name: str, kinds: Iterable[Kind]) -> bool:
        """Whether the objects of `kinds` in a namespace are in full view.

        They are if the user said that the files are complete, or if at least one of them is in the files:
        a set that holds one Service of a namespace is taken to hold them all.
        """
        if name in self.settings.external_namespaces:
            return False
        held = self._held.get(name, frozenset())
        return self.settings.complete or any(kind in held for kind in kinds)
