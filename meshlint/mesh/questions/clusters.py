"""The clusters of a mesh that spans several, as the files show them."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.resources.istio.mesh_networks import NetworkEndpoints, cluster_name_in, mesh_networks_in
from meshlint.resources.kubernetes.config import secret

_CARRIERS = (
    ("", "ConfigMap"),
    ("install.istio.io", "IstioOperator"),
    ("sailoperator.io", "Istio"),
    ("sailoperator.io", "IstioRevision"),
)
_BUILT_IN = frozenset({"External", "Kubernetes", "Mock"})
_REMOTE = "istio/multiCluster"


def unknown_registries(mesh: Mesh) -> tuple[NetworkEndpoints, ...]:
    """The endpoints of networks that name a cluster for which there is no remote secret.

    Without any such secret in view nothing is known of the clusters. One name may be that of the cluster
    itself, which needs none (Istio: MeshNetworks).
    """
    remote = frozenset(_remote_clusters(mesh))
    if not remote and not mesh.settings.complete:
        return ()
    own = frozenset(_own_names(mesh))
    known = remote | own | _BUILT_IN
    found = [one for one in _networks(mesh) if one.from_registry and one.from_registry not in known]
    names = {str(one.from_registry) for one in found}
    return tuple(found) if own or len(names) > 1 else ()


def _networks(mesh: Mesh) -> Iterator[NetworkEndpoints]:
    for kind in _CARRIERS:
        for resource in mesh.resources.of(*kind):
            yield from mesh_networks_in(resource)


def _remote_clusters(mesh: Mesh) -> Iterator[str]:
    for resource in mesh.resources.of("", "Secret"):
        if resource.labels.get(_REMOTE) == "true":
            yield from secret(resource).keys


def _own_names(mesh: Mesh) -> Iterator[str]:
    for kind in _CARRIERS[1:]:
        for resource in mesh.resources.of(*kind):
            name = cluster_name_in(resource)
            if name:
                yield str(name)
    for workload in mesh.workloads.in_namespace(mesh.settings.root_namespace):
        for container in workload.pod.containers:
            for variable in container.field.items("env"):
                if variable.text("name") == "CLUSTER_ID" and variable.text("value"):
                    yield str(variable.text("value"))
