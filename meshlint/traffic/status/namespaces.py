"""Which namespaces a Gateway or a listener takes routes and ListenerSets from."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh

_OWN_NAME = "kubernetes.io/metadata.name"


def lets_in(mesh: Mesh, scope: str, selector: Field, home: str, namespace: str) -> bool | None:
    """Whether what is at `home` takes objects of a namespace; None where labels decide that no file shows.

    A namespace is selected by its labels even if it is the listener's own (Gateway API: allowedRoutes), and
    each has its own name as a label (Kubernetes: kubernetes.io/metadata.name). Istio takes all where the
    selector is left out.
    """
    if scope in ("All", "Same"):
        return scope == "All" or namespace == home
    if scope != "Selector":
        return False
    return True if not selector else selects(mesh, selector, namespace)


def selects(mesh: Mesh, selector: Field, namespace: str) -> bool | None:
    """Whether a selector admits the labels of a namespace; None where they decide and are in no file."""
    wanted = LabelSelector.read(selector.value)
    labels = mesh.namespaces.labels(namespace)
    if labels is not None:
        return wanted.admits({**labels, _OWN_NAME: Text(namespace)})
    if wanted.is_empty() or mesh.settings.complete:
        return wanted.admits({_OWN_NAME: namespace})
    known = [demand.admits(namespace) for key, demand in wanted.constraints if key == _OWN_NAME]
    if not all(known):
        return False
    return True if len(known) == len(wanted.constraints) else None
