"""What sets the number of a workload's pods at run time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.autoscaler import horizontal_pod_autoscaler
from meshlint.values import frozen

Target = tuple[str, str, str]


@frozen(repr=False)
class Scaler:
    """The bounds that an autoscaler keeps a workload in."""

    fewest: int
    most: int | None
    resource: Resource


def scalers(mesh: Mesh) -> Mapping[Target, Scaler]:
    """The autoscalers by namespace, kind and name of what they scale."""
    return dict((*_keda(mesh), *_horizontal(mesh)))


def _horizontal(mesh: Mesh) -> Iterator[tuple[Target, Scaler]]:
    for resource in mesh.resources.of("autoscaling", "HorizontalPodAutoscaler"):
        found = horizontal_pod_autoscaler(resource)
        target = found.scale_target_ref
        if target.kind and target.name:
            scaler = Scaler(found.min_replicas, found.max_replicas, resource)
            yield (found.namespace, str(target.kind), str(target.name)), scaler


def _keda(mesh: Mesh) -> Iterator[tuple[Target, Scaler]]:
    """ScaledObjects, whose defaults are a Deployment with 0 to 100 pods (KEDA: ScaledObject)."""
    for resource in mesh.resources.of("keda.sh", "ScaledObject"):
        target, spec = resource.spec / "scaleTargetRef", resource.spec
        name = target.text("name")
        if name:
            fewest, most = spec.integer("minReplicaCount"), spec.integer("maxReplicaCount")
            scaler = Scaler(fewest or 0, 100 if most is None else most, resource)
            yield (resource.namespace, str(target.text("kind") or "Deployment"), str(name)), scaler
