"""Signs of further clusters, of machines outside of Kubernetes, and of a mesh that runs already."""

from __future__ import annotations

from collections.abc import Callable

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.advisor.evidence.places import Place
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Membership

_MACHINES = ("WorkloadEntry", "WorkloadGroup")
_CLUSTER_KINDS = (("multicluster.x-k8s.io", "ServiceExport"), ("multicluster.x-k8s.io", "ServiceImport"))
_LABELS = (
    "mirror.linkerd.io/exported",
    "mirror.linkerd.io/federated",
    "istio.io/global",
    "topology.istio.io/network",
)
"""Labels of Services and namespaces that stand there for further clusters."""

MEMBERSHIPS: tuple[Callable[[Mesh, Workload], Membership], ...] = (
    istio_sidecar,
    istio_ambient,
    linkerd_proxy,
)


def cluster_needs(mesh: Mesh) -> Found:
    """Signs that a mesh spans several clusters or takes in machines."""
    for kind in _MACHINES:
        for resource in mesh.resources.of("networking.istio.io", kind):
            yield seen("vm-workloads", resource)
    for group, kind in _CLUSTER_KINDS:
        for resource in mesh.resources.of(group, kind):
            yield seen("multicluster", resource)
    for resource in (*mesh.resources.of("", "Service"), *mesh.resources.of("", "Namespace")):
        written = [key for key in _LABELS if key in resource.labels] if _may_tell(resource) else ()
        if written:
            yield seen("multicluster", resource, resource.labels[written[0]].field)
    for gateway in mesh.gateways.all:
        if "eastwest" in str((gateway.resource.spec / "selector").text("istio") or ""):
            yield seen("multicluster", gateway.resource)


def _may_tell(resource: Resource) -> bool:
    """Whether any of the labels is written, told without reading those of all objects."""
    return any(map(resource.written("labels").__contains__, _LABELS))


def mtls_needs(mesh: Mesh) -> Found:
    """Workloads that a mesh takes in already, and so secures; each deciding label or annotation once."""
    told: set[Place] = set()
    for resource, membership in members(mesh):
        because = membership.because
        found = seen("mtls", resource if because is None else _owner(mesh, resource, membership), because)
        if found.place not in told:
            told.add(found.place)
            yield found


@remembered
def members(mesh: Mesh) -> tuple[tuple[Resource, Membership], ...]:
    """The workloads that a mesh takes in, each with what makes it a member."""
    memberships = ((one.resource, ask(mesh, one)) for one in mesh.workloads.all for ask in MEMBERSHIPS)
    return tuple((resource, membership) for resource, membership in memberships if membership.is_present)


def _owner(mesh: Mesh, resource: Resource, membership: Membership) -> Resource:
    """The object that holds the deciding field: the workload itself or its namespace."""
    because = membership.because
    if because is None or because.document is resource.document:
        return resource
    return mesh.namespaces.get(resource.namespace) or resource
