"""The ways to run a mesh that are weighed against each other."""

from __future__ import annotations

from enum import Enum


class MeshChoice(Enum):
    """A mesh, or NONE for doing without one for now."""

    ISTIO_SIDECAR = "istio-sidecar"
    ISTIO_AMBIENT = "istio-ambient"
    LINKERD = "linkerd"
    NONE = "none"

    @property
    def title(self) -> str:
        """The name in a sentence."""
        return _TITLES[self]


_TITLES = {
    MeshChoice.ISTIO_SIDECAR: "Istio with sidecars",
    MeshChoice.ISTIO_AMBIENT: "Istio ambient",
    MeshChoice.LINKERD: "Linkerd",
    MeshChoice.NONE: "no mesh yet",
}

MESHES = (MeshChoice.ISTIO_SIDECAR, MeshChoice.ISTIO_AMBIENT, MeshChoice.LINKERD)
"""The meshes proper, in the order in which they are shown."""
