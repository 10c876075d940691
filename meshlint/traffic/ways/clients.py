"""The client that a user names: a workload, or the pods of a gateway."""

from __future__ import annotations

from meshlint.mesh import Found, Mesh, Missing, Resolution
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.names.written import split_name
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.request import Client

GATEWAY = "gateway/"


def client_named(mesh: Mesh, text: str) -> Resolution[Client]:
    """What `NAME`, `NAMESPACE/NAME` or `gateway/[NAMESPACE/]NAME` stands for.

    A name without a namespace has to be the only one; of several the first by namespace is taken. What is not
    there is Missing, with the names that may be meant.
    """
    if text.startswith(GATEWAY):
        return _gateway(mesh, text[len(GATEWAY) :])
    found = mesh.workloads.named(text)
    if found:
        return Found(workload_client(found[0]))
    return Missing(nearest(split_name(text)[1], (one.name for one in mesh.workloads.all)))


def workload_client(workload: Workload) -> Client:
    """The client that the pods of a workload are."""
    return Client(workload.namespace, {key: str(value) for key, value in workload.pod.labels.items()})


def gateway_client(mesh: Mesh, workload: Workload) -> Client | None:
    """The client that the pods of a workload are if they serve Istio Gateways: all that select them."""
    served = [one.resource for one in mesh.gateways.served_by(workload)]
    if not served:
        return None
    names = frozenset(f"{one.namespace}/{one.name}" for one in served)
    return Client(workload.namespace, workload_client(workload).labels, names)


def _gateway(mesh: Mesh, text: str) -> Resolution[Client]:
    namespace, name = split_name(text)
    for gateway in mesh.gateways.all:
        resource = gateway.resource
        if resource.name == name and namespace in (None, resource.namespace):
            pods = mesh.gateways.pods(gateway)
            if not pods:
                return Found(Client(resource.namespace, {}, frozenset({f"{resource.namespace}/{name}"})))
            found = gateway_client(mesh, pods[0])
            return Missing() if found is None else Found(found)
    for kubernetes in mesh.kubernetes_gateways:
        if kubernetes.name == name and namespace in (None, kubernetes.namespace):
            return Found(Client(kubernetes.namespace, {}, frozenset({f"{kubernetes.namespace}/{name}"})))
    known = [one.resource.name for one in mesh.gateways.all] + [one.name for one in mesh.kubernetes_gateways]
    return Missing(nearest(name, known))
