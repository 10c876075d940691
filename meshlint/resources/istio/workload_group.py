"""WorkloadGroup: the pattern by which workloads outside of Kubernetes register themselves."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import SpecView
from meshlint.resources.istio.workload_entry import WorkloadEntry, endpoint
from meshlint.resources.resource import Resource
from meshlint.resources.view import mapping_at
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class WorkloadGroup(SpecView):
    """What entries have in common that appear at run time; how many, if any, is not known here.

    `probe` is the block as written.
    """

    template: WorkloadEntry
    probe: Field | None

    @property
    def labels(self) -> Mapping[str, Text]:
        """The labels of the entries, not of the group."""
        return (self.resource.spec / "metadata").mapping("labels")

    @property
    def annotations(self) -> Mapping[str, Text]:
        """The annotations of the entries, not of the group."""
        return (self.resource.spec / "metadata").mapping("annotations")


def workload_group(resource: Resource) -> WorkloadGroup:
    """The view of a WorkloadGroup of any version."""
    spec = resource.spec
    return WorkloadGroup(
        resource,
        template=endpoint(resource, spec / "template"),
        probe=mapping_at(spec, "probe"),
    )
