"""What opens a Server, a route or a port without a Server, each as the set of clients that it lets in.

All grants add up: there is no rule that denies, and a route never narrows what its Server grants
(Linkerd: authorizations of a Server; the proxy checks a route's authorizations and then those of its server).
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.admission.linkerd.references import is_refused
from meshlint.documents import Field
from meshlint.matching import AddressSet, address_problem
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.authentication import MeshTLSAuthentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy
from meshlint.resources.linkerd.group import refers_to
from meshlint.resources.linkerd.networks import Network
from meshlint.resources.linkerd.server import Server
from meshlint.resources.linkerd.server_authorization import MeshTlsClient, ServerAuthorization
from meshlint.security.identity.linkerd import account_identity, identities_of
from meshlint.security.linkerd.authorization.clients import Clients, Identities, is_machine
from meshlint.security.linkerd.default_policy import default_policy
from meshlint.security.linkerd.ports import port_list
from meshlint.security.linkerd.references import missing_authentications
from meshlint.security.membership.annotations import REQUIRE_IDENTITY, inherited
from meshlint.values import frozen

_UPGRADED = {"all-unauthenticated": "all-authenticated", "cluster-unauthenticated": "cluster-authenticated"}


@frozen(eq=False, repr=False)
class Grant:
    """Clients that something lets in. `clients` is None where an object outside of the files says who."""

    clients: Clients | None
    label: str
    """What grants, as "AuthorizationPolicy shop/cart" or "default policy all-authenticated"."""
    resource: Resource | None = None
    at: Field | None = None
    audit: bool = False
    """Whether this lets in everybody and records who would have been refused."""


@remembered
def server_grants(mesh: Mesh, server: Server) -> tuple[Grant, ...]:
    """What opens a Server: ServerAuthorizations, AuthorizationPolicies and its own access policy."""
    found = [_from_authorization(mesh, one) for one in mesh.linkerd.authorizations_for(server)]
    found.extend(_from_policy(mesh, one) for one in mesh.linkerd.policies_for(server))
    access = server.access_policy
    clients = _by_name(mesh, access)
    if not clients.is_empty():
        label = f"{server} with accessPolicy {access}"
        found.append(Grant(clients, label, server.resource, access.field, access == "audit"))
    return tuple(grant for grant in found if grant is not None)


def route_grants(mesh: Mesh, route: AnyRoute) -> tuple[Grant, ...]:
    """What opens a route beside what opens its Server."""
    found = (_from_policy(mesh, one) for one in mesh.linkerd.policies_for_route(route))
    return tuple(grant for grant in found if grant is not None)


def default_grants(mesh: Mesh, workload: Workload, port: int) -> tuple[Grant, ...]:
    """What opens a port that no Server speaks of; no policy object ever does.

    A port in `proxy-require-identity-inbound-ports` asks for an identity where the default asks for none.
    """
    policy = default_policy(mesh, workload)
    name, at = policy.name, None if policy.because is None else policy.because.field
    required = inherited(mesh, workload, REQUIRE_IDENTITY)
    if required is not None and port_list(required).ports.admits(port) and name in _UPGRADED:
        name, at = _UPGRADED[name], required.field
    clients = _by_name(mesh, name)
    if clients.is_empty():
        return ()
    return (Grant(clients, f"default policy {name}", None, at, name == "audit"),)


def policy_clients(mesh: Mesh, policy: AuthorizationPolicy) -> Clients | None:
    """The clients that meet all that a policy requires; None where that lies outside of the files.

    Nobody, if the policy is refused, or skipped because an authentication is missing or itself void.
    """
    if is_refused(policy) or next(missing_authentications(mesh, policy), None) is not None:
        return Clients()
    identities, addresses = Identities.anyone(), AddressSet.any()
    unknown = False
    for ref in policy.required_authentication_refs or ():
        if refers_to(ref, "", "ServiceAccount"):
            name = account_identity(mesh.settings.linkerd, ref.namespace, ref.name or "")
            identities = Identities.just(name)
        elif (tls := mesh.linkerd.mesh_tls(ref)) is not None:
            identities = _named(mesh, tls)
        elif (network := mesh.linkerd.network(ref)) is not None:
            addresses = _addresses(network.networks)
        else:
            unknown = True
    if identities.is_empty() or addresses.is_empty():
        return Clients()
    return None if unknown else Clients.of(identities, addresses)


def authorization_clients(mesh: Mesh, authorization: ServerAuthorization) -> Clients:
    """The clients of a ServerAuthorization; without networks, those of the cluster's own."""
    client = authorization.client
    addresses = _addresses(client.networks) if client.networks else _cluster(mesh)
    if client.unauthenticated:
        return Clients() if client.mesh_tls is not None else Clients.of(Identities.anyone(), addresses)
    if client.mesh_tls is None:
        return Clients()
    if client.mesh_tls.unauthenticated_tls:
        return Clients.of(Identities.with_tls(), addresses)
    return Clients.of(_tls_clients(mesh, client.mesh_tls), addresses)


def _from_policy(mesh: Mesh, policy: AuthorizationPolicy) -> Grant | None:
    clients = policy_clients(mesh, policy)
    if clients is not None and clients.is_empty():
        return None
    return Grant(clients, str(policy), policy.resource, policy.resource.spec / "requiredAuthenticationRefs")


def _from_authorization(mesh: Mesh, authorization: ServerAuthorization) -> Grant | None:
    clients = authorization_clients(mesh, authorization)
    if clients.is_empty():
        return None
    return Grant(clients, str(authorization), authorization.resource, authorization.client.field)


def _by_name(mesh: Mesh, policy: str) -> Clients:
    """The clients of a default policy by its name; nobody for `deny` and for what is no policy."""
    if policy in ("all-unauthenticated", "audit"):
        return Clients.of(Identities.anyone())
    if policy == "all-authenticated":
        return Clients.of(Identities.authenticated())
    if policy == "cluster-unauthenticated":
        return Clients.of(Identities.anyone(), _cluster(mesh))
    if policy == "cluster-authenticated":
        return Clients.of(Identities.authenticated(), _cluster(mesh))
    return Clients()


@remembered
def _cluster(mesh: Mesh) -> AddressSet:
    return AddressSet.of(*mesh.settings.linkerd.cluster_networks)


def _named(mesh: Mesh, authentication: MeshTLSAuthentication) -> Identities:
    written = (_meant(identity) for identity in authentication.identities)
    referred = (_referred(mesh, ref) for ref in authentication.identity_refs)
    return Identities.union_of((*written, *referred))


def _meant(identity: str) -> Identities:
    """The clients that a policy means by an identity as it is written."""
    if is_machine(identity):
        return Identities.just(identity)
    return Identities(named=identities_of(identity))


def _referred(mesh: Mesh, ref: Reference) -> Identities:
    if not ref.name:
        return Identities()
    if refers_to(ref, "", "Namespace"):
        return _meant(account_identity(mesh.settings.linkerd, ref.name, "*"))
    if refers_to(ref, "", "ServiceAccount"):
        return Identities.just(account_identity(mesh.settings.linkerd, ref.namespace, ref.name))
    return Identities()


def _tls_clients(mesh: Mesh, tls: MeshTlsClient) -> Identities:
    settings = mesh.settings.linkerd
    accounts = (
        Identities.just(account_identity(settings, one.namespace, one.name))
        for one in tls.service_accounts
        if one.name
    )
    return Identities.union_of((*map(_meant, tls.identities), *accounts))


def _addresses(networks: Iterable[Network]) -> AddressSet:
    """The addresses of networks; one that is void makes the whole object void, so that it holds none."""
    found = []
    for network in networks:
        blocks = (network.block, *network.excepted)
        if network.block is None or any(address_problem(text) for text in blocks):
            return AddressSet()
        found.append(AddressSet.network(network.block, network.excepted))
    return AddressSet.union_of(found)
