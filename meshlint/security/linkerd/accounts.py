"""Service accounts that Linkerd's policies name, and whether any pod proves their identity."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.admission.istio.vocabulary.texts import is_label
from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.namespaces import SERVICE_ACCOUNTS, WORKLOADS
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.group import refers_to
from meshlint.security.identity.linkerd import account_of
from meshlint.security.linkerd.policies import identities
from meshlint.security.membership.linkerd import injecting_namespaces, linkerd_proxy
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class NamedAccount:
    """A service account that `resource` admits, and where it is written."""

    resource: Resource
    namespace: str
    name: str
    at: Field


def named_accounts(mesh: Mesh) -> Iterator[NamedAccount]:
    """Every service account that a policy admits by name, by reference or by its whole identity."""
    for policy in mesh.linkerd.authorization_policies:
        yield from _referred(policy.resource, policy.required_authentication_refs or ())
    for authentication in mesh.linkerd.mesh_tls_authentications:
        yield from _referred(authentication.resource, authentication.identity_refs)
    for authorization in mesh.linkerd.server_authorizations:
        tls = authorization.client.mesh_tls
        for one in () if tls is None else tls.service_accounts:
            # The definition of the kind refuses other names, and says so itself.
            if one.name and is_label(one.name):
                yield NamedAccount(authorization.resource, one.namespace, one.name, one.name.field)
    for resource, identity in identities(mesh):
        account = account_of(mesh.settings.linkerd, identity)
        if account is not None:
            yield NamedAccount(resource, *account, identity.field)


def missing_accounts(mesh: Mesh) -> Iterator[tuple[NamedAccount, tuple[str, ...]]]:
    """The named accounts that nothing declares and no pod runs as, each with names that may have been meant.

    One caller of a namespace in the files does not show that all are, so an account without a likely name
    counts as missing only in files that are complete.
    """
    known: dict[str, set[str]] = {}
    for one in mesh.resources.of("", "ServiceAccount"):
        known.setdefault(one.namespace, {"default"}).add(one.name)
    for workload in mesh.workloads.all:
        known.setdefault(workload.namespace, {"default"}).add(workload.pod.service_account_name)
    for account in named_accounts(mesh):
        local = known.get(account.namespace, set())
        if account.name in local or account.name == "default" or not _shows(mesh, account):
            continue
        close = nearest(account.name, local)
        if close or mesh.settings.complete:
            yield account, close


def unmeshed_accounts(mesh: Mesh) -> Iterator[tuple[NamedAccount, Workload]]:
    """The named accounts whose pods all have no proxy, each with one such workload."""
    injecting = injecting_namespaces(mesh)
    users: dict[tuple[str, str], list[Workload]] = {}
    for workload in mesh.workloads.all:
        users.setdefault((workload.namespace, workload.pod.service_account_name), []).append(workload)
    for account in named_accounts(mesh):
        found = users.get((account.namespace, account.name), [])
        bare = [one for one in found if linkerd_proxy(mesh, one).is_absent]
        if found and len(bare) == len(found) and _in_sight(mesh, bare, injecting):
            yield account, bare[0]


def _in_sight(mesh: Mesh, bare: list[Workload], injecting: frozenset[str]) -> bool:
    """Whether the files tell that no proxy is added on the way to the cluster."""
    return all(one.namespace in injecting or linkerd_proxy(mesh, one).opted_out for one in bare)


def _referred(resource: Resource, refs: tuple[Reference, ...]) -> Iterator[NamedAccount]:
    for ref in refs:
        if refers_to(ref, "", "ServiceAccount") and isinstance(ref.name, Text):
            yield NamedAccount(resource, ref.namespace, ref.name, ref.name.field)


def _shows(mesh: Mesh, account: NamedAccount) -> bool:
    return any(
        mesh.namespaces.shows(account.namespace, kinds, account.at) for kinds in (SERVICE_ACCOUNTS, WORKLOADS)
    )
