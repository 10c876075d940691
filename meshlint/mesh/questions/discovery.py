"""Which namespaces the control plane looks at: `discoverySelectors` of the mesh-wide settings."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import LabelSelector, selector_problems
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.resources import Resource

_MEMBERSHIP = ("istio-injection", "istio.io/dataplane-mode", "istio.io/rev")


def undiscovered(mesh: Mesh) -> Iterator[tuple[Resource, Resource]]:
    """Namespaces in view that the control plane does not look at, each with the object that says so.

    It reads neither Services nor its own kinds there (Istio: configuration scoping). Only a namespace that is
    labelled for the mesh shows that its labels are all written down.
    """
    for resource in mesh.resources.of("", "Namespace"):
        labels = mesh.namespaces.labels(resource.name) or {}
        is_member = any(key in labels for key in _MEMBERSHIP)
        if is_member and resource.name != mesh.settings.root_namespace:
            holder = hiding(mesh, resource.name)
            if holder is not None:
                yield resource, holder


def hiding(mesh: Mesh, namespace: str) -> Resource | None:
    """The object by which the control plane does not look at a namespace in view; None where it may.

    The root namespace is none it looks at by itself: it needs the label, too (Istio: discovery selectors).
    """
    found = _selectors(mesh)
    if found is None or all(one.name != namespace for one in mesh.resources.of("", "Namespace")):
        return None
    holder, selectors = found
    labels = mesh.namespaces.labels(namespace) or {}
    return None if any(one.admits(labels) for one in selectors) else holder


@remembered
def _selectors(mesh: Mesh) -> tuple[Resource, tuple[LabelSelector, ...]] | None:
    """What the mesh selects namespaces by, and the object that says so; several meshes say nothing."""
    configs = [(holder, found) for holder, found in mesh_configs(mesh.resources) if found.discovery_selectors]
    if len(configs) != 1:
        return None
    holder, config = configs[0]
    wanted = [one.value for one in config.discovery_selectors]
    if any(selector_problems(one) for one in wanted):
        return None
    return holder, tuple(LabelSelector.read(one) for one in wanted)
