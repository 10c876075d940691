"""What sets the number of a workload's pods at run time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.slips import slip_of
from meshlint.resources import Resource
from meshlint.resources.kubernetes.autoscaler import horizontal_pod_autoscaler
from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.values import frozen

Target = tuple[str, str, str]


@frozen(repr=False)
class Scaler:
    """The bounds that an autoscaler keeps a workload in, and where it names that."""

    fewest: int
    most: int | None
    resource: Resource
    named: Text


def scalers(mesh: Mesh) -> Mapping[Target, Scaler]:
    """The autoscalers by namespace, kind and name of what they scale."""
    return dict((*_keda(mesh), *_horizontal(mesh)))


def _horizontal(mesh: Mesh) -> Iterator[tuple[Target, Scaler]]:
    for resource in mesh.resources.of("autoscaling", "HorizontalPodAutoscaler"):
        found = horizontal_pod_autoscaler(resource)
        target = found.scale_target_ref
        if target.kind and target.name:
            scaler = Scaler(found.min_replicas, found.max_replicas, resource, target.name)
            yield (found.namespace, str(target.kind), str(target.name)), scaler


def _keda(mesh: Mesh) -> Iterator[tuple[Target, Scaler]]:
    """ScaledObjects, whose defaults are a Deployment with 0 to 100 pods (KEDA: ScaledObject)."""
    for resource in mesh.resources.of("keda.sh", "ScaledObject"):
        target, spec = resource.spec / "scaleTargetRef", resource.spec
        name = target.text("name")
        if name:
            fewest, most = spec.integer("minReplicaCount"), spec.integer("maxReplicaCount")
            scaler = Scaler(fewest or 0, 100 if most is None else most, resource, name)
            yield (resource.namespace, str(target.text("kind") or "Deployment"), str(name)), scaler


def aimless(mesh: Mesh) -> Iterator[tuple[Scaler, str, tuple[str, ...]]]:
    """Autoscalers of a workload that surely does not exist, with its kind and the name that may be meant.

    One may be in other files, unless these are complete or hold one of nearly that name.
    """
    kinds = {kind for _, kind in TEMPLATES}
    for (namespace, kind, name), scaler in (*_keda(mesh), *_horizontal(mesh)):
        known = [one.name for one in mesh.workloads.in_namespace(namespace) if one.kind == kind]
        if kind not in kinds or name in known or (kind, name) in _made(mesh, namespace):
            continue
        meant = slip_of(name, known)
        if meant is not None or mesh.settings.complete:
            yield scaler, kind, () if meant is None else (meant,)


def _made(mesh: Mesh, namespace: str) -> frozenset[tuple[str, str]]:
    """The workloads that Flagger makes beside those that its Canaries name (Flagger: primary workload)."""
    canaries = mesh.resources.of("flagger.app", "Canary")
    targets = (one.spec / "targetRef" for one in canaries if one.namespace == namespace)
    return frozenset((str(one.text("kind")), f"{one.text('name')}-primary") for one in targets)
