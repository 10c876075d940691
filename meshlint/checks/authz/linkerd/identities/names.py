"""Identities in Linkerd's policies that nobody has, or that are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import policies
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh.names.nearest import nearest
from meshlint.resources import Resource
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
    return told(world, policies.IDENTITY_REFERENCE)


def _with(world: World, fault: Fault) -> Iterator[tuple[Resource, Text]]:
    for resource, identity in identities(world.mesh):
        is_real = resource.kind != "AuthorizationPolicy"
        if is_real and identity_fault(world.settings.linkerd, identity) is fault:
            yield resource, identity
