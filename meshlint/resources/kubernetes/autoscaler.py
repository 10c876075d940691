"""Horizontal autoscalers."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class ScaleTarget:
    """The workload, in the autoscaler's namespace, whose replicas are set."""

    field: Field
    api_version: Text | None
    kind: Text | None
    name: Text | None


@frozen(eq=False, repr=False)
class HorizontalPodAutoscaler(ObjectView):
    """Keeps a workload's replicas between two bounds."""

    scale_target_ref: ScaleTarget
    min_replicas: int
    max_replicas: int | None


def horizontal_pod_autoscaler(resource: Resource) -> HorizontalPodAutoscaler:
    """`resource` read as a HorizontalPodAutoscaler of any version."""
    spec = resource.spec
    target, fewest = spec / "scaleTargetRef", spec.integer("minReplicas")
    return HorizontalPodAutoscaler(
        resource=resource,
        scale_target_ref=ScaleTarget(
            target, target.text("apiVersion"), target.text("kind"), target.text("name")
        ),
        min_replicas=1 if fewest is None else fewest,
        max_replicas=spec.integer("maxReplicas"),
    )
