"""Linkerd's ServerAuthorization: servers and who may call them, in one object."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.linkerd.networks import Network, networks
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at, text_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class ServiceAccountName:
    """A service account of a client."""

    field: Field
    name: Text | None
    namespace: Text


@view
class MeshTlsClient:
    """Clients that come through the mesh: by identity or service account, or any with TLS."""

    field: Field
    unauthenticated_tls: bool
    identities: tuple[Text, ...]
    service_accounts: tuple[ServiceAccountName, ...]


@view
class Client:
    """Who may connect. No networks means the cluster's own; neither other field means nobody."""

    field: Field
    networks: tuple[Network, ...]
    unauthenticated: bool
    mesh_tls: MeshTlsClient | None


@frozen(eq=False, repr=False)
class ServerAuthorization(ObjectView):
    """A ServerAuthorization; `server_name` wins over `server_selector`."""

    server_name: Text | None
    server_selector: Field
    client: Client


def server_authorization(resource: Resource) -> ServerAuthorization:
    """`resource` read as a ServerAuthorization of any version."""
    target = resource.spec / "server"
    return ServerAuthorization(
        resource=resource,
        server_name=target.text("name"),
        server_selector=target / "selector",
        client=_client(resource.spec / "client", resource.namespace),
    )


def _client(field: Field, namespace: str) -> Client:
    mesh = mapping_at(field, "meshTLS")
    return Client(
        field=field,
        networks=networks(field),
        unauthenticated=field.boolean("unauthenticated") or False,
        mesh_tls=None if mesh is None else _mesh_tls(mesh, namespace),
    )


def _mesh_tls(field: Field, namespace: str) -> MeshTlsClient:
    return MeshTlsClient(
        field=field,
        unauthenticated_tls=field.boolean("unauthenticatedTLS") or False,
        identities=field.texts("identities"),
        service_accounts=tuple(
            ServiceAccountName(item, item.text("name"), text_or(item, "namespace", namespace))
            for item in field.items("serviceAccounts")
        ),
    )
