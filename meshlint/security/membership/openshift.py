"""Which namespaces are members of an OpenShift Service Mesh 2: there, an annotation alone asks for a sidecar.

Its operator has the webhook called for the pods of all members, whatever their labels are, and injects where
the pods are annotated (Red Hat: OpenShift Service Mesh 2, enabling automatic sidecar injection).
"""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered

_GROUP = "maistra.io"
_KINDS = ("ServiceMeshControlPlane", "ServiceMeshMemberRoll", "ServiceMeshMember")


@remembered
def is_member(mesh: Mesh, namespace: str) -> bool | None:
    """Whether a namespace is in a mesh of OpenShift; None where one is in view and does not list it.

    A member may be told by an object that is kept elsewhere. Without any object of its operator, the mesh is
    none of OpenShift's: False.
    """
    if not any(mesh.resources.of(_GROUP, kind) for kind in _KINDS):
        return False
    rolls = mesh.resources.of(_GROUP, "ServiceMeshMemberRoll")
    listed = any(member in (namespace, "*") for roll in rolls for member in roll.spec.texts("members"))
    joins = any(one.namespace == namespace for one in mesh.resources.of(_GROUP, "ServiceMeshMember"))
    return True if listed or joins else None
