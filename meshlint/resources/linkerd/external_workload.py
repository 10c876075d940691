"""Linkerd's ExternalWorkload: a machine outside the cluster that runs a proxy."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, filled_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class ExternalWorkloadPort:
    """A port that the machine listens on."""

    field: Field
    name: Text | None
    port: int | None
    protocol: Text


@view
class MeshTlsSettings:
    """Who the machine is: a SPIFFE identity, and the name that it serves TLS under."""

    field: Field
    identity: Text | None
    server_name: Text | None


@frozen(eq=False, repr=False)
class ExternalWorkload(ObjectView):
    """An external workload; services and Servers select it by the labels of the object itself."""

    mesh_tls: MeshTlsSettings
    ports: tuple[ExternalWorkloadPort, ...]
    workload_ips: tuple[Text, ...]


def external_workload(resource: Resource) -> ExternalWorkload:
    """`resource` read as an ExternalWorkload; v1alpha1 spells one key as `meshTls`."""
    spec = resource.spec
    mesh = spec / ("meshTls" if resource.version == "v1alpha1" else "meshTLS")
    addresses = (item.text("ip") for item in spec.items("workloadIPs"))
    return ExternalWorkload(
        resource=resource,
        mesh_tls=MeshTlsSettings(mesh, mesh.text("identity"), mesh.text("serverName")),
        ports=tuple(_port(item) for item in spec.items("ports")),
        workload_ips=tuple(address for address in addresses if address),
    )


def _port(field: Field) -> ExternalWorkloadPort:
    return ExternalWorkloadPort(
        field, field.text("name") or None, field.integer("port"), filled_or(field, "protocol", "TCP")
    )
