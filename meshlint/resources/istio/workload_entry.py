"""WorkloadEntry: a workload outside of Kubernetes; endpoints of a ServiceEntry are written alike."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view_class import view


@view
class WorkloadEntry:
    """An address with labels. `resource` is the object it belongs to; `ports` maps port names to numbers.

    `labels` are those of the metadata and of the spec; the metadata wins (Istio: WorkloadEntry).
    """

    resource: Resource
    field: Field
    address: Text | None
    ports: Mapping[str, int]
    labels: Mapping[str, Text]
    network: Text | None
    locality: Text | None
    weight: int | None
    service_account: Text | None


def workload_entry(resource: Resource) -> WorkloadEntry:
    """The view of a WorkloadEntry of any version."""
    spec = resource.spec
    return _entry(resource, spec, {**spec.mapping("labels"), **resource.labels})


def endpoint(resource: Resource, field: Field) -> WorkloadEntry:
    """The workload written at `field` inside another object."""
    return _entry(resource, field, field.mapping("labels"))


def _entry(resource: Resource, field: Field, labels: Mapping[str, Text]) -> WorkloadEntry:
    return WorkloadEntry(
        resource,
        field,
        address=field.text("address"),
        ports=_ports(field / "ports"),
        labels=labels,
        network=field.text("network"),
        locality=field.text("locality"),
        weight=field.integer("weight"),
        service_account=field.text("serviceAccount"),
    )


def _ports(field: Field) -> dict[str, int]:
    numbers = {inner.name: field.integer(inner.name) for inner in field.fields()}
    return {name: number for name, number in numbers.items() if number is not None}
