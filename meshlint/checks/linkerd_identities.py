"""Identities and networks in Linkerd's policies that nobody has, or that are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import AddressSet, address_problem, has_host_bits
from meshlint.mesh.names.nearest import nearest
from meshlint.resources import Resource
from meshlint.resources.linkerd.group import refers_to
from meshlint.resources.linkerd.networks import Network
from meshlint.security.identity.linkerd import Fault, account_identity, identity_fault
from meshlint.security.linkerd.accounts import missing_accounts, unmeshed_accounts
from meshlint.security.linkerd.policies import identities

Parameters = Mapping[str, Any]


def malformed(world: World, _: Parameters) -> Iterator[Hit]:
    """An identity that admission refuses."""
    for resource, identity in _with(world, Fault.MALFORMED):
        yield Hit(
            identity.field,
            f"{resource} admits what is no identity, so it is refused. It says '{identity}'",
            resource=resource,
            hint="Identities are lower-case names, with a star only in place of the whole first part.",
        )


def istio_form(world: World, _: Parameters) -> Iterator[Hit]:
    """An identity as Istio writes them."""
    for resource, identity in _with(world, Fault.ISTIO):
        namespace, account = identity.split("/")[4], identity.split("/")[6]
        own = account_identity(world.settings.linkerd, namespace, account)
        yield Hit(
            identity.field,
            f"{resource} admits an identity of Istio, which nobody here has. It says '{identity}'",
            resource=resource,
            hint=f"Here the account has the identity `{own}`.",
        )


def other_form(world: World, _: Parameters) -> Iterator[Hit]:
    """A well-formed name that cannot be an identity in this mesh."""
    for resource, identity in _with(world, Fault.OTHER_FORM):
        ending = account_identity(world.settings.linkerd, "NAMESPACE", "ACCOUNT")
        yield Hit(
            identity.field,
            f"{resource} admits an identity that no client can have. It says '{identity}'",
            resource=resource,
            hint=f"An identity reads `{ending}`.",
        )


def other_mesh(world: World, _: Parameters) -> Iterator[Hit]:
    """An identity of another control plane or trust domain."""
    settings = world.settings.linkerd
    for resource, identity in _with(world, Fault.OTHER_MESH):
        yield Hit(
            identity.field,
            f"{resource} admits an identity that is not of this mesh. It says '{identity}'",
            resource=resource,
            hint=f"Here identities end in `.{settings.namespace}.{settings.trust_domain}`. If not, set "
            "`linkerd: {namespace: …, trust-domain: …}` under `mesh:` in the configuration.",
        )


def unknown_machine(world: World, _: Parameters) -> Iterator[Hit]:
    """A SPIFFE identity that no external workload has; machines register themselves, so files seldom tell."""
    if not world.settings.complete:
        return
    machines = world.mesh.linkerd.external_workloads
    carried = {str(one.mesh_tls.identity) for one in machines if one.mesh_tls.identity}
    for resource, identity in identities(world.mesh):
        is_spiffe = (
            identity.startswith("spiffe://") and identity_fault(world.settings.linkerd, identity) is None
        )
        if is_spiffe and identity not in carried:
            close = nearest(identity, carried)
            yield Hit(
                identity.field,
                f"{resource} admits an identity that no ExternalWorkload has. It says '{identity}'",
                resource=resource,
                hint=f"Did you mean `{close[0]}`?" if close else "Such an identity is compared as a whole.",
            )


def account_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A service account that nothing declares and no pod runs as."""
    for account, close in missing_accounts(world.mesh):
        yield Hit(
            account.at,
            f"{account.resource} admits service account '{account.name}', which does not exist in "
            f"'{account.namespace}', so it admits nobody",
            resource=account.resource,
            hint=f"Did you mean `{close[0]}`?" if close else None,
        )


def account_unmeshed(world: World, _: Parameters) -> Iterator[Hit]:
    """A service account whose pods prove no identity."""
    for account, workload in unmeshed_accounts(world.mesh):
        yield Hit(
            account.at,
            f"{account.resource} admits account '{account.name}' of '{account.namespace}', whose pods have "
            "no proxy, so they are refused",
            resource=account.resource,
            related=(Related(workload.field / "metadata" / "name", f"{workload} runs as it"),),
        )


def wrong_identity_ref(world: World, _: Parameters) -> Iterator[Hit]:
    """A reference to an identity that admission refuses."""
    for authentication in world.mesh.linkerd.mesh_tls_authentications:
        for ref in authentication.identity_refs:
            said: str | None = None
            place = ref.field
            if not (refers_to(ref, "", "ServiceAccount") or refers_to(ref, "", "Namespace")):
                said, place = f"the kind '{ref.kind}'", ref.kind.field
            elif not ref.name:
                said = "no name"
            elif refers_to(ref, "", "Namespace") and ref.namespace.field:
                said, place = "a namespace that has a namespace", ref.namespace.field
            if said is not None:
                yield Hit(
                    place,
                    f"{authentication} refers to {said}, so it is refused",
                    resource=authentication.resource,
                    hint="References name a ServiceAccount, or a Namespace without a `namespace`.",
                )


def wrong_network(world: World, _: Parameters) -> Iterator[Hit]:
    """A network that admission refuses."""
    for resource, networks in _networks(world):
        for network in networks:
            found = _network_fault(network)
            if found is not None:
                text, said = found
                yield Hit(
                    text.field,
                    f"{resource} has a network that is refused. '{text}' {said}",
                    resource=resource,
                )
    for authentication in world.mesh.linkerd.network_authentications:
        if (authentication.resource.spec / "networks").value == []:
            yield Hit(
                authentication.resource.spec / "networks",
                f"{authentication} lists no network, so it is refused",
                resource=authentication.resource,
                on_key=True,
            )


def host_bits(world: World, _: Parameters) -> Iterator[Hit]:
    """A network whose address has bits beyond its length."""
    for resource, networks in _networks(world):
        for network in networks:
            for text in (network.cidr, *network.except_):
                if text is not None and has_host_bits(text):
                    block = AddressSet.of(text).describe()
                    yield Hit(
                        text.field,
                        f"{resource} has the network '{text}', which is the same as '{block}'",
                        resource=resource,
                    )


def one_family(world: World, _: Parameters) -> Iterator[Hit]:
    """A network for every address of one family and none of the other."""
    for authentication in world.mesh.linkerd.network_authentications:
        whole = AddressSet.of(*(str(one.cidr) for one in authentication.networks if one.cidr))
        for written, missing in (("0.0.0.0/0", "::/0"), ("::/0", "0.0.0.0/0")):
            covers = AddressSet.of(written).is_subset(whole)
            if covers and not AddressSet.of(missing).overlaps(whole):
                yield Hit(
                    authentication.resource.spec / "networks",
                    f"{authentication} covers every address of '{written}' and none of '{missing}'",
                    resource=authentication.resource,
                    on_key=True,
                    hint="In a cluster with both families, probes and callers may come from either.",
                )


def _with(world: World, fault: Fault) -> Iterator[tuple[Resource, Text]]:
    for resource, identity in identities(world.mesh):
        is_real = resource.kind != "AuthorizationPolicy"
        if is_real and identity_fault(world.settings.linkerd, identity) is fault:
            yield resource, identity


def _networks(world: World) -> Iterator[tuple[Resource, tuple[Network, ...]]]:
    for authentication in world.mesh.linkerd.network_authentications:
        yield authentication.resource, authentication.networks
    for authorization in world.mesh.linkerd.server_authorizations:
        yield authorization.resource, authorization.client.networks


def _network_fault(network: Network) -> tuple[Text, str] | None:
    if network.cidr is None:
        return None
    problem = address_problem(network.cidr)
    if problem is not None:
        return network.cidr, problem
    whole = AddressSet.of(network.cidr)
    for text in network.except_:
        problem = address_problem(text)
        if problem is not None:
            return text, problem
        part = AddressSet.of(text)
        if whole.is_subset(part):
            return text, f"leaves nothing of '{network.cidr}'"
        if not part.is_subset(whole):
            return text, f"is no part of '{network.cidr}'"
    return None
