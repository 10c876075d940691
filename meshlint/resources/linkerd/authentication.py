"""The two kinds that say who a client must be, by identity or by address."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.linkerd.group import policy_reference
from meshlint.resources.linkerd.networks import Network, networks
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class MeshTLSAuthentication(ObjectView):
    """Clients with one of these identities; exactly one of the two fields may be written."""

    identities: tuple[Text, ...]
    identity_refs: tuple[Reference, ...]
    """Service accounts, or namespaces whose service accounts all count."""


@frozen(eq=False, repr=False)
class NetworkAuthentication(ObjectView):
    """Clients from one of these networks."""

    networks: tuple[Network, ...]


def mesh_tls_authentication(resource: Resource) -> MeshTLSAuthentication:
    """`resource` read as a MeshTLSAuthentication."""
    spec = resource.spec
    return MeshTLSAuthentication(
        resource=resource,
        identities=spec.texts("identities"),
        identity_refs=tuple(
            policy_reference(item, resource.namespace) for item in spec.items("identityRefs")
        ),
    )


def network_authentication(resource: Resource) -> NetworkAuthentication:
    """`resource` read as a NetworkAuthentication."""
    return NetworkAuthentication(resource, networks(resource.spec))
