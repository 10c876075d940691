"""Which mesh the workloads run in already, or the objects in the set are written for."""

from __future__ import annotations

from collections import Counter

from meshlint.advisor.evidence.features.clusters import members
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.mesh import Mesh
from meshlint.security.membership.presence import Dataplane

_BY_DATAPLANE = {
    Dataplane.ISTIO_SIDECAR: MeshChoice.ISTIO_SIDECAR,
    Dataplane.ISTIO_AMBIENT: MeshChoice.ISTIO_AMBIENT,
    Dataplane.LINKERD: MeshChoice.LINKERD,
}
_ISTIO_SUFFIX = ".istio.io"
_LINKERD_SUFFIX = "linkerd.io"


def current_mesh(mesh: Mesh) -> MeshChoice | None:
    """The mesh that takes in most workloads; where none surely does, the one that most objects are for."""
    members = _members(mesh) or _objects(mesh)
    ranked = sorted(members.items(), key=lambda one: (-one[1], MESHES.index(one[0])))
    return ranked[0][0] if ranked else None


def _members(mesh: Mesh) -> Counter[MeshChoice]:
    return Counter(_BY_DATAPLANE[membership.dataplane] for _, membership in members(mesh))


def _objects(mesh: Mesh) -> Counter[MeshChoice]:
    """Istio's objects count for sidecars: nothing in them says ambient."""
    found: Counter[MeshChoice] = Counter()
    for (group, _), count in mesh.resources.kinds.items():
        if group.endswith(_ISTIO_SUFFIX):
            found[MeshChoice.ISTIO_SIDECAR] += count
        elif group.endswith(_LINKERD_SUFFIX):
            found[MeshChoice.LINKERD] += count
    return found
