"""WorkloadGroup: the pattern by which workloads outside of Kubernetes register themselves."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView
from meshlint.resources.istio.workload_entry import WorkloadEntry, endpoint
from meshlint.resources.resource import Resource
from meshlint.resources.view import mapping_at


@frozen(eq=False, repr=False)
class WorkloadGroup(SpecView):
    """What entries have in common that appear at run time; how many, if any, is not known here.

    `labels` and `annotations` are those of the entries, not of the group; `probe` is the block as written.
    Slots, which the `frozen` of attrs makes, let them stand before the properties of all views.
    """

    labels: Mapping[str, Text]
    annotations: Mapping[str, Text]
    template: WorkloadEntry
    probe: Field | None


def workload_group(resource: Resource) -> WorkloadGroup:
    """The view of a WorkloadGroup of any version."""
    spec = resource.spec
    metadata = spec / "metadata"
    return WorkloadGroup(
        resource,
        labels=metadata.mapping("labels"),
        annotations=metadata.mapping("annotations"),
        template=endpoint(resource, spec / "template"),
        probe=mapping_at(spec, "probe"),
    )
