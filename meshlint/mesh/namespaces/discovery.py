"""Which namespaces the control plane looks at: `discoverySelectors` of the mesh-wide settings."""

from __future__ import annotations

from functools import cached_property

from meshlint.matching import LabelSelector, selector_problems
from meshlint.mesh.namespaces.namespaces import Namespaces
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.values import frozen

_MEMBERSHIP = ("istio-injection", "istio.io/dataplane-mode", "istio.io/rev")
_READ = ".istio.io"


@frozen(eq=False, slots=False, repr=False)
class Discovery:
    """What the control plane reads, and what it passes over with the namespace that holds it."""

    resources: ResourceSet
    namespaces: Namespaces
    settings: MeshSettings

    @cached_property
    def undiscovered(self) -> tuple[tuple[Resource, Resource], ...]:
        """Namespaces in view that the control plane does not look at, each with the object that says so.

        It reads neither Services nor its own kinds there (Istio: configuration scoping). Only a namespace
        that is labelled for the mesh shows that its labels are all written down.
        """
        if self._selectors is None:
            return ()
        held = ((one, self.hiding(one.name)) for one in self.resources.of("", "Namespace"))
        return tuple(
            (one, holder)
            for one, holder in held
            if holder is not None and one.name != self.settings.root_namespace and self._is_member(one.name)
        )

    def hiding(self, namespace: str) -> Resource | None:
        """The object by which the control plane does not look at a namespace in view; None where it may.

        The root namespace is none it looks at by itself: it needs the label, too (Istio: discoverySelectors).
        """
        labels = self.namespaces.labels(namespace)
        if self._selectors is None or labels is None:
            return None
        holder, selectors = self._selectors
        return None if any(one.admits(labels) for one in selectors) else holder

    def read(self, group: str, resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """Those objects of a group that the control plane reads, if the group is one of its own."""
        if not self._passed_over or not group.endswith(_READ):
            return resources
        return tuple(one for one in resources if one.namespace not in self._passed_over)

    @cached_property
    def _passed_over(self) -> frozenset[str]:
        return frozenset(namespace.name for namespace, _ in self.undiscovered)

    def _is_member(self, namespace: str) -> bool:
        labels = self.namespaces.labels(namespace) or {}
        return any(key in labels for key in _MEMBERSHIP)

    @cached_property
    def _selectors(self) -> tuple[Resource, tuple[LabelSelector, ...]] | None:
        """What the mesh selects namespaces by, and the object that says so; several meshes say nothing."""
        configs = [one for one in mesh_configs(self.resources) if one[1].discovery_selectors]
        if len(configs) != 1:
            return None
        holder, config = configs[0]
        wanted = [one.value for one in config.discovery_selectors]
        if any(selector_problems(one) for one in wanted):
            return None
        return holder, tuple(LabelSelector.read(one) for one in wanted)
