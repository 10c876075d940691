"""MeshNetworks: which clusters make up each network of a mesh that spans several."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field, Text, read
from meshlint.resources.istio.mesh_config import values_in
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class NetworkEndpoints:
    """One entry of `endpoints` of a network; `from_registry` names a cluster."""

    field: Field
    network: str
    from_registry: Text | None


def mesh_networks_in(resource: Resource) -> tuple[NetworkEndpoints, ...]:
    """The networks in a ConfigMap `istio` (key `meshNetworks`), an IstioOperator or a Sail `Istio`."""
    return tuple(_endpoints(_networks(resource)))


def cluster_name_in(resource: Resource) -> Text | None:
    """The name of its own cluster that an IstioOperator or a Sail `Istio` gives the mesh."""
    values = values_in(resource)
    return (values / "global" / "multiCluster").text("clusterName") if values is not None else None


def _endpoints(networks: Field | None) -> Iterator[NetworkEndpoints]:
    for network in networks.fields() if networks is not None else ():
        for entry in network.items("endpoints"):
            yield NetworkEndpoints(entry, network.name, entry.text("fromRegistry"))


def _networks(resource: Resource) -> Field | None:
    values = values_in(resource)
    if values is not None:
        return values / "global" / "meshNetworks"
    text = (resource.field / "data").text("meshNetworks")
    if text is None or (resource.group, resource.kind) != ("", "ConfigMap"):
        return None
    documents = read(resource.document.file, text.encode(errors="replace")).documents
    root = Field(resource.document, text.field.path, documents[0].value) if documents else None
    return root / "networks" if root is not None else None
