"""Views that rules of many families ask for: made before processes part, which would each make their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from meshlint.mesh.mesh import Mesh

_BY_KIND: Final[tuple[tuple[str, Callable[[Mesh], object]], ...]] = (
    ("Deployment", lambda mesh: mesh.workloads.all),
    ("DestinationRule", lambda mesh: mesh.destination_rules.all),
    ("Service", lambda mesh: mesh.service_names.all),
    ("VirtualService", lambda mesh: mesh.virtual_services.all),
)


def make_views(mesh: Mesh) -> None:
    """Make them of the objects that a mesh has."""
    present = {kind for _, kind in mesh.resources.kinds}
    for kind, made in _BY_KIND:
        if kind in present:
            made(mesh)
