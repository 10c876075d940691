"""The workloads of a set as the advisor counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from meshlint.advisor.cost.weights import Weights
from meshlint.advisor.evidence.places import Place, place_of
from meshlint.advisor.evidence.replicas import ON_EACH_NODE, Replicas, replicas_of
from meshlint.advisor.evidence.requested import Requested, Requests, limit_range_defaults
from meshlint.mesh import Mesh
from meshlint.mesh.questions.scalers import scalers
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.order import name_of
from meshlint.values import frozen

_MESH_LABELS = frozenset(
    {
        "gateway.networking.k8s.io/gateway-name",
        "linkerd.io/control-plane-component",
        "linkerd.io/extension",
        "operator.istio.io/component",
    }
)
_MESH_APPS = frozenset(
    {"istiod", "istio-ingressgateway", "istio-egressgateway", "istio-eastwestgateway", "ztunnel"}
)
_CNI_APPS = frozenset({"istio-cni-node", "linkerd-cni"})


class Role(Enum):
    """What a workload is to the count."""

    SERVING = "serving"
    """Its pods run all the time, and a mesh can take them in."""
    JOB = "job"
    """Its pods come and go; they are counted apart."""
    HOST_NETWORK = "host network"
    """Its pods use the host's network, where no mesh takes them in."""
    MESH = "part of a mesh"
    """It belongs to a mesh itself: a control plane or a gateway."""


@frozen(eq=False)
class Counted:
    """A workload with all that the advisor wants of it."""

    workload: Workload
    role: Role
    replicas: Replicas
    requested: Requested
    is_stateful: bool

    @property
    def place(self) -> Place:
        """Where the workload stands."""
        return place_of(self.workload.resource)


@frozen(eq=False)
class Workforce:
    """All workloads, each name once, and the nodes that they are counted on.

    `repeated` are further definitions of a name that is counted already; `nodes_given` tells whether the
    number of nodes was stated.
    """

    all: tuple[Counted, ...]
    repeated: tuple[Place, ...]
    nodes: int
    nodes_given: bool

    def of(self, role: Role) -> tuple[Counted, ...]:
        """The workloads of that role."""
        return tuple(one for one in self.all if one.role is role)


def count_workloads(mesh: Mesh, weights: Weights, nodes: int | None) -> Workforce:
    """The workloads of `mesh`, on so many nodes or, if that is not known, on as many as their pods fill."""
    kept, repeated = _once(mesh.workloads.all)
    scaling = scalers(mesh)
    scaled = [replicas_of(one, scaling, 0) for one in kept]
    estimated = _estimated_nodes(kept, scaled, weights) if nodes is None else nodes
    requests = Requests(limit_range_defaults(mesh), weights)
    counted = tuple(
        Counted(
            workload,
            _role(workload),
            replicas_of(workload, scaling, estimated) if workload.kind == ON_EACH_NODE else replicas,
            requests.of(workload),
            _is_stateful(workload),
        )
        for workload, replicas in zip(kept, scaled, strict=True)
    )
    return Workforce(counted, repeated, estimated, nodes is not None)


def _once(workloads: Iterable[Workload]) -> tuple[list[Workload], tuple[Place, ...]]:
    """Each object once, by its name: a second definition would take the place of the first in a cluster."""
    first: dict[object, Workload] = {}
    repeated = []
    for workload in workloads:
        if first.setdefault(name_of(workload.resource), workload) is not workload:
            repeated.append(place_of(workload.resource))
    return list(first.values()), tuple(repeated)


def _estimated_nodes(workloads: Iterable[Workload], scaled: Iterable[Replicas], weights: Weights) -> int:
    held = zip(workloads, scaled, strict=True)
    pods = sum(replicas.usual for one, replicas in held if _role(one) is not Role.JOB)
    filled = -(-pods // max(int(weights.assumed("pods-per-node")), 1))
    return max(filled, int(weights.assumed("fewest-nodes")))


def _role(workload: Workload) -> Role:
    if _belongs_to_a_mesh(workload):
        return Role.MESH
    if workload.kind in ("Job", "CronJob"):
        return Role.JOB
    return Role.HOST_NETWORK if workload.pod.host_network else Role.SERVING


def _belongs_to_a_mesh(workload: Workload) -> bool:
    labels = workload.pod.labels
    return (
        not _MESH_LABELS.isdisjoint(labels)
        or labels.get("app") in _MESH_APPS
        or labels.get("k8s-app") in _CNI_APPS
    )


def _is_stateful(workload: Workload) -> bool:
    return workload.kind == "StatefulSet" or any("persistentVolumeClaim" in one for one in _volumes(workload))


def _volumes(workload: Workload) -> Iterator[dict[str, object]]:
    for volume in workload.pod.volumes:
        if isinstance(volume.value, dict):
            yield volume.value
