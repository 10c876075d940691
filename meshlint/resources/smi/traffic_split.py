"""SMI's TrafficSplit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.resources.view_class import view
from meshlint.values import frozen

if TYPE_CHECKING:
    from fractions import Fraction

GROUP = "split.smi-spec.io"


@view
class SplitBackend:
    """A service that gets a share; v1alpha1 writes the weight as a quantity, later versions as a number."""

    field: Field
    service: Text | None
    weight: Fraction | None


@frozen(eq=False, repr=False)
class TrafficSplit(ObjectView):
    """Requests to `service` are shared out to `backends` in proportion to their weights."""

    service: Text | None
    backends: tuple[SplitBackend, ...]
    matches: tuple[Field, ...]
    """References to HTTPRouteGroups that narrow the split (from v1alpha3)."""


def traffic_split(resource: Resource) -> TrafficSplit:
    """`resource` read as a TrafficSplit of any version."""
    spec = resource.spec
    return TrafficSplit(
        resource=resource,
        service=spec.text("service"),
        backends=tuple(_backend(item) for item in spec.items("backends")),
        matches=spec.items("matches"),
    )


def _backend(field: Field) -> SplitBackend:
    return SplitBackend(field, field.text("service"), quantity((field / "weight").value))
