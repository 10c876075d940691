"""The pods of a Gateway that no file shows: what is known of them by what is written of the Gateway."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
from meshlint.resources.istio.gateway import Gateway
from meshlint.resources.kubernetes.pod_template import PodTemplate
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.resource import Resource

AnyGateway = Gateway | KubernetesGateway
_CLASS_NAME = "gateway.networking.k8s.io/gateway-class-name"
_ACCOUNT = "gateway.istio.io/service-account"
_OBJECTS = "gateway.istio.io/name-override"
_WAYPOINTS = ("istio-waypoint", "istio-east-west")


def pods_of(mesh: Mesh, gateway: AnyGateway) -> tuple[Workload, ...]:
    """The workloads that serve a Gateway; where none is in view, one that stands for them."""
    if isinstance(gateway, Gateway):
        return mesh.gateways.pods(gateway) or (_made(gateway.resource, _selected(gateway), "default"),)
    shown = tuple(
        one
        for one in mesh.workloads.in_namespace(gateway.namespace)
        if one.pod.labels.get(GATEWAY_NAME) == gateway.name
    )
    return shown or (_made(gateway.resource, _labels(gateway), account_of(mesh, gateway)),)


def account_of(mesh: Mesh, gateway: KubernetesGateway) -> str:
    """The account of a Gateway's pods: that of those in view, else the one that Istio makes for it.

    It is called like the objects that are made for the Gateway, `<name>-<class>`, unless an annotation names
    it or them (Istio: automated deployment of Gateways).
    """
    for workload in mesh.workloads.labelled(gateway.namespace, {GATEWAY_NAME: gateway.name}):
        return str(workload.pod.service_account_name)
    asked = gateway.resource.annotations
    made = asked.get(_OBJECTS) or f"{gateway.name}-{gateway.gateway_class_name}"
    return str(asked.get(_ACCOUNT) or made)


def has_listeners(gateway: KubernetesGateway) -> bool:
    """Whether clients from outside call a Gateway, which is none of those that Istio runs inside."""
    return str(gateway.gateway_class_name) not in _WAYPOINTS


def is_made(workload: Workload) -> bool:
    """Whether a workload only stands for the pods of a Gateway."""
    return workload.resource.kind == "Gateway"


def _selected(gateway: Gateway) -> dict[str, Text]:
    return dict(gateway.selector.labels) if gateway.selector is not None else {}


def _labels(gateway: KubernetesGateway) -> dict[str, Text]:
    """The labels of the pods that Istio makes (Istio: automated deployment of Gateways)."""
    field = gateway.resource.at("metadata", "name")
    return {
        **gateway.infrastructure_labels,
        GATEWAY_NAME: Text.of(gateway.name, field),
        _CLASS_NAME: Text.of(str(gateway.gateway_class_name), field),
    }


def _made(resource: Resource, labels: dict[str, Text], account: str) -> Workload:
    field: Field = resource.field
    pod = PodTemplate(
        field=field / "no pod is written",
        spec=field / "no pod is written" / "spec",
        labels=labels,
        annotations={},
        service_account_name=Text.of(account, field),
        containers=(),
        init_containers=(),
        host_network=False,
    )
    return Workload(resource=resource, replicas=None, pod=pod)
