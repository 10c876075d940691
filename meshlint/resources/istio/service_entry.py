"""ServiceEntry: a host that is added to the mesh's registry."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.istio.parts import Port, SpecView, parts, port
from meshlint.resources.istio.selection import WorkloadSelector, workload_labels
from meshlint.resources.istio.workload_entry import WorkloadEntry, endpoint
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ServiceEntry(SpecView):
    """Hosts with ports and endpoints. Without `location` they are outside of the mesh; an empty `export_to`
    leaves visibility to the mesh's default for services.
    """

    hosts: tuple[Text, ...]
    addresses: tuple[Text, ...]
    ports: tuple[Port, ...]
    location: Text
    resolution: Text
    endpoints: tuple[WorkloadEntry, ...]
    workload_selector: WorkloadSelector | None
    subject_alt_names: tuple[Text, ...]
    export_to: tuple[Text, ...]

    @property
    def is_external(self) -> bool:
        """Whether clients never choose mutual TLS for it by themselves (Istio: client mode)."""
        return self.location == "MESH_EXTERNAL"


def service_entry(resource: Resource) -> ServiceEntry:
    """The view of a ServiceEntry of any version."""
    spec = resource.spec
    return ServiceEntry(
        resource,
        hosts=spec.texts("hosts"),
        addresses=spec.texts("addresses"),
        ports=parts(spec, "ports", port),
        location=filled_or(spec, "location", "MESH_EXTERNAL"),
        resolution=filled_or(spec, "resolution", "NONE"),
        endpoints=parts(spec, "endpoints", lambda field: endpoint(resource, field)),
        workload_selector=workload_labels(spec),
        subject_alt_names=spec.texts("subjectAltNames"),
        export_to=spec.texts("exportTo"),
    )
