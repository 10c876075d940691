"""DestinationRule: the subsets of a host and how clients talk to it."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView, part, parts
from meshlint.resources.istio.selection import WorkloadSelector, match_labels
from meshlint.resources.istio.traffic_policy import TrafficPolicy, traffic_policy
from meshlint.resources.resource import Resource
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class Subset:
    """A part of a host's endpoints, picked by labels; without labels all of them."""

    field: Field
    name: Text | None
    labels: Mapping[str, Text]
    traffic_policy: TrafficPolicy | None


@frozen(eq=False, repr=False)
class DestinationRule(SpecView):
    """Policy for a host; `workload_selector` picks the clients it is for, not the servers.

    An empty `export_to` leaves visibility to the mesh's default for DestinationRules.
    """

    host: Text | None
    subsets: tuple[Subset, ...]
    traffic_policy: TrafficPolicy | None
    export_to: tuple[Text, ...]
    workload_selector: WorkloadSelector | None


def destination_rule(resource: Resource) -> DestinationRule:
    """The view of a DestinationRule of any version."""
    spec = resource.spec
    return DestinationRule(
        resource,
        host=spec.text("host"),
        subsets=parts(spec, "subsets", _subset),
        traffic_policy=part(spec, "trafficPolicy", traffic_policy),
        export_to=spec.texts("exportTo"),
        workload_selector=match_labels(spec, "workloadSelector"),
    )


def _subset(field: Field) -> Subset:
    return Subset(
        field,
        name=field.text("name"),
        labels=field.mapping("labels"),
        traffic_policy=part(field, "trafficPolicy", traffic_policy),
    )
