"""Service accounts that the policies of Istio name, and the pods that prove to be them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.names.slips import other_form_of, slip_of
from meshlint.mesh.namespaces.namespaces import SERVICE_ACCOUNTS
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.renamed import renamed
from meshlint.security.membership.istio import kept_out
from meshlint.security.policies.values.texts import (
    PRINCIPALS,
    PolicyValue,
    is_principal,
    positive,
    values_of,
)
from meshlint.values import frozen

_ACCOUNTS = ("serviceAccounts", "source.serviceAccount")


@frozen(eq=False, repr=False)
class NamedAccount:
    """A service account that `value` of a policy names by all of its name."""

    found: PolicyValue
    namespace: str
    name: str


def named_account(found: PolicyValue) -> tuple[str, str] | None:
    """Namespace and name of the account that a value is about; None for wildcards and what is no account.

    A principal is about it in whatever trust domain, `*` included; `serviceAccounts` knows `account`, in the
    policy's own namespace, and `namespace/account` (Istio: sources of AuthorizationPolicy).
    """
    if is_principal(found.name):
        parts = found.value.split("/")
        is_whole = len(parts) == 5 and parts[1] == "ns" and parts[3] == "sa" and bool(parts[0])
        return (parts[2], parts[4]) if is_whole and "*" not in parts[2] and "*" not in parts[4] else None
    if positive(found.name) not in _ACCOUNTS or "*" in found.value:
        return None
    namespace, slash, name = found.value.rpartition("/")
    if not name or "/" in namespace:
        return None
    return namespace if slash else found.policy.resource.namespace, name


@remembered
def _named_accounts(mesh: Mesh) -> Mapping[tuple[str, str], Sequence[PolicyValue]]:
    """Every account that an AuthorizationPolicy names, with the values that do."""
    held: dict[tuple[str, str], list[PolicyValue]] = {}
    for found in values_of(mesh, *PRINCIPALS, *_ACCOUNTS):
        account = named_account(found)
        if account is not None:
            held.setdefault(account, []).append(found)
    return held


def bare_accounts(mesh: Mesh) -> Iterator[tuple[NamedAccount, Workload]]:
    """The named accounts whose pods are all kept out of the mesh, each with one such workload."""
    for account, named in _named_accounts(mesh).items():
        namespace, name = account
        out = kept_out(mesh, namespace)
        held = _users(mesh, mesh.workloads.in_namespace(namespace)).get(name, ()) if out else ()
        if not held or not out.issuperset(held):
            continue
        for found in named:
            if all(belong_together(found.policy.resource, one.resource) for one in held):
                yield NamedAccount(found, *account), held[0]


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
    for (namespace, name), values in _named_accounts(mesh).items():
        if name in known_accounts(mesh, namespace):
            continue
        for found in values:
            close = _likely(mesh, namespace, name, found.value)
            if close or mesh.settings.complete:
                yield NamedAccount(found, namespace, name), close


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
