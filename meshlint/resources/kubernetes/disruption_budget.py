"""Pod disruption budgets."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, number_or_name
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class PodDisruptionBudget(ObjectView):
    """How many of the selected pods may be missing; both bounds are a number or a percentage."""

    selector: Field
    min_available: int | Text | None
    max_unavailable: int | Text | None


def pod_disruption_budget(resource: Resource) -> PodDisruptionBudget:
    """`resource` read as a PodDisruptionBudget of any version."""
    spec = resource.spec
    return PodDisruptionBudget(
        resource=resource,
        selector=spec / "selector",
        min_available=number_or_name(spec, "minAvailable"),
        max_unavailable=number_or_name(spec, "maxUnavailable"),
    )
