"""Which namespaces there are, as far as files tell."""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.names.slips import slip_of

_BUILT_IN = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


def known_namespaces(mesh: Mesh) -> frozenset[str]:
    """The namespaces that files declare or hold objects of, that Kubernetes has and that the user named."""
    declared = (one.name for one in mesh.resources.of("", "Namespace"))
    settings = mesh.settings
    named = (settings.root_namespace, *settings.external_namespaces)
    return frozenset((*declared, *mesh.resources.namespaces, *_BUILT_IN, *named))


def meant_namespace(mesh: Mesh, name: str) -> str | None:
    """The declared namespace that `name`, which is none, is a slip of."""
    return slip_of(name, (one.name for one in mesh.resources.of("", "Namespace")))
