"""Which namespaces the control plane looks at: `discoverySelectors` of the mesh-wide settings."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import LabelSelector, selector_problems
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.resources import Resource

_MEMBERSHIP = ("istio-injection", "istio.io/dataplane-mode", "istio.io/rev")


def undiscovered(mesh: Mesh) -> Iterator[tuple[Resource, Resource]]:
    """Namespaces in view that the control plane does not look at, each with the object that says so.

    It reads neither Services nor its own kinds there (Istio: configuration scoping). Only a namespace that is
    labelled for the mesh shows that its labels are all written down; those of several meshes say nothing.
    """
    configs = [(holder, found) for holder, found in mesh_configs(mesh.resources) if found.discovery_selectors]
    if len(configs) != 1:
        return
    holder, config = configs[0]
    wanted = [one.value for one in config.discovery_selectors]
    if any(selector_problems(one) for one in wanted):
        return
    selectors = [LabelSelector.read(one) for one in wanted]
    for resource in mesh.resources.of("", "Namespace"):
        labels = mesh.namespaces.labels(resource.name) or {}
        is_member = any(key in labels for key in _MEMBERSHIP)
        if not is_member or resource.name == mesh.settings.root_namespace:
            continue
        if not any(selector.admits(labels) for selector in selectors):
            yield resource, holder
