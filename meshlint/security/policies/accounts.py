"""Service accounts that the policies of Istio name, and the pods that prove to be them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.slips import other_form_of, slip_of
from meshlint.mesh.namespaces.namespaces import SERVICE_ACCOUNTS
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources import Resource
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.renamed import renamed
from meshlint.security.membership.istio import kept_out
from meshlint.security.policies.values.texts import PolicyValue, is_principal, policy_values, positive
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class NamedAccount:
    """A service account that `value` of a policy names by all of its name."""

    found: PolicyValue
    namespace: str
    name: str


def named_account(found: PolicyValue) -> NamedAccount | None:
    """The one account that a value is about; None for wildcards and for what is no account.

    A principal is about it in whatever trust domain, `*` included; `serviceAccounts` knows `account`, in the
    policy's own namespace, and `namespace/account` (Istio: sources of AuthorizationPolicy).
    """
    if is_principal(found.name):
        domain, *parts = found.value.split("/")
        is_whole = len(parts) == 4 and (parts[0], parts[2]) == ("ns", "sa") and "*" not in "".join(parts)
        return NamedAccount(found, parts[1], parts[3]) if is_whole and domain else None
    if positive(found.name) not in ("serviceAccounts", "source.serviceAccount") or "*" in found.value:
        return None
    namespace, slash, name = found.value.rpartition("/")
    if not name or "/" in namespace:
        return None
    return NamedAccount(found, namespace if slash else found.policy.resource.namespace, name)


def named_accounts(mesh: Mesh) -> Iterator[NamedAccount]:
    """Every account that an AuthorizationPolicy names."""
    for policy in mesh.authorization_policies.all:
        yield from _named_by(mesh, policy)


@kept
def _named_by(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[NamedAccount, ...]:
    return tuple(filter(None, map(named_account, policy_values(mesh, policy))))


def bare_accounts(mesh: Mesh) -> Iterator[tuple[NamedAccount, Workload]]:
    """The named accounts whose pods are all kept out of the mesh, each with one such workload."""
    for account in named_accounts(mesh):
        out = kept_out(mesh, account.namespace)
        if not out:
            continue
        users = _users(mesh, mesh.workloads.in_namespace(account.namespace))
        held = users.get(account.name, ())
        if not held or not out.issuperset(held):
            continue
        if all(belong_together(account.found.policy.resource, one.resource) for one in held):
            yield account, held[0]


@kept
def _users(_: Mesh, workloads: tuple[Workload, ...]) -> Mapping[str, tuple[Workload, ...]]:
    """Those of some workloads that run as each account."""
    found: dict[str, list[Workload]] = {}
    for workload in workloads:
        found.setdefault(str(workload.pod.service_account_name), []).append(workload)
    return {name: tuple(those) for name, those in found.items()}


def missing_accounts(mesh: Mesh) -> Iterator[tuple[NamedAccount, tuple[str, ...]]]:
    """The named accounts that nothing declares and no pod runs as, each with names that may have been meant.

    One caller of a namespace in the files does not show that all are, so an account without a likely name
    counts as missing only in files that are complete.
    """
    for account in named_accounts(mesh):
        if account.name not in known_accounts(mesh, account.namespace):
            close = _likely(mesh, account.namespace, account.name, account.found.value)
            if close or mesh.settings.complete:
                yield account, close


def missing_template_accounts(mesh: Mesh) -> Iterator[tuple[Resource, Text, tuple[str, ...]]]:
    """Accounts in the templates of WorkloadGroups that do not exist, as for policies."""
    from meshlint.resources.istio.workload_group import workload_group

    for group in mesh.views("networking.istio.io", "WorkloadGroup", workload_group):
        name, namespace = group.template.service_account, group.resource.namespace
        if name and name not in known_accounts(mesh, namespace):
            close = _likely(mesh, namespace, name, name)
            if close or mesh.settings.complete:
                yield group.resource, name, close


@remembered
def known_accounts(mesh: Mesh, namespace: str) -> frozenset[str]:
    """The accounts of a namespace that are declared, or that pods or machines run as."""
    known = {"default", *_users(mesh, mesh.workloads.in_namespace(namespace))}
    known.update(one.name for one in mesh.living("", "ServiceAccount", namespace))
    for entry in mesh.living("networking.istio.io", "WorkloadEntry", namespace):
        name = entry.spec.text("serviceAccount")
        if name:
            known.add(name)
    for gateway in mesh.kubernetes_gateways:
        if gateway.namespace == namespace:
            known.update((f"{gateway.name}-{gateway.gateway_class_name}", gateway.name))
    return frozenset(known)


def _likely(mesh: Mesh, namespace: str, name: str, at: Text) -> tuple[str, ...]:
    """The declared account that kustomize has taken `name` from, or that was meant by it where those of the
    namespace are in view.
    """
    known = renamed(mesh.resources, "ServiceAccount", (namespace,), name)
    if known is not None:
        return (known.name,)
    if not mesh.namespaces.shows(namespace, SERVICE_ACCOUNTS, at.field):
        return ()
    names = [one.name for one in mesh.living("", "ServiceAccount", namespace)]
    meant = slip_of(name, names) or other_form_of(name, names)
    return () if meant is None else (meant,)
