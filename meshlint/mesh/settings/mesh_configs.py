"""The objects in the files that hold mesh-wide settings of Istio."""

from __future__ import annotations

from meshlint.mesh.settings.carriers import CARRIERS
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.istio.mesh_config import MeshConfig, mesh_config_in


def mesh_configs(resources: ResourceSet) -> tuple[tuple[Resource, MeshConfig], ...]:
    """Every MeshConfig in the files with the object that holds it; a set may hold those of several meshes."""
    held = ((one, mesh_config_in(one)) for kind in CARRIERS for one in resources.of(*kind))
    return tuple((one, found) for one, found in held if found is not None)
