"""How far an identity in a Linkerd policy reaches.

Inside the cluster an identity is `account.namespace.serviceaccount.identity.control-plane.trust-domain`;
`*` alone is anyone in the mesh and `*.rest` everyone whose identity ends in `.rest` (Linkerd: identities).
"""

from __future__ import annotations

from enum import Enum

from meshlint.matching import StringSet
from meshlint.mesh import LinkerdSettings, Mesh
from meshlint.resources.kubernetes.workload import Workload

MIDDLE = ".serviceaccount.identity."


class IdentityReach(Enum):
    """Which clients an identity admits."""

    ONE = "one identity"
    DEFAULT_ACCOUNT = "any pod that names no account"
    NAMESPACE = "every account of a namespace"
    ANYONE = "every client in the mesh"
    EXTERNAL = "one workload outside of the cluster"


def identity_reach(identity: str) -> IdentityReach:
    """How far `identity` reaches."""
    if identity.startswith("spiffe://"):
        return IdentityReach.EXTERNAL
    if identity == "*" or (identity.startswith("*.") and not _names_namespace(identity)):
        return IdentityReach.ANYONE
    if identity.startswith("*."):
        return IdentityReach.NAMESPACE
    account, _, rest = identity.partition(".")
    if account == "default" and MIDDLE in f".{rest}":
        return IdentityReach.DEFAULT_ACCOUNT
    return IdentityReach.ONE


def _names_namespace(identity: str) -> bool:
    namespace, found, _ = identity[2:].partition(MIDDLE)
    return bool(found) and bool(namespace) and "." not in namespace


def account_identity(settings: LinkerdSettings, namespace: str, account: str) -> str:
    """The identity that pods of a service account prove."""
    return f"{account}.{namespace}{MIDDLE}{settings.namespace}.{settings.trust_domain}"


def workload_identity(mesh: Mesh, workload: Workload) -> str:
    """The identity of the pods of `workload`, if they are in the mesh."""
    account = workload.pod.service_account_name
    return account_identity(mesh.settings.linkerd, workload.namespace, account)


def identities_of(text: str) -> StringSet:
    """The identities that a policy means by `text`: anyone's, those with an ending, or just this one.

    A star counts only as the whole first label; elsewhere it is a letter like any other, and so is that of a
    SPIFFE identity. What follows the star is compared with its dot, letter case counting.
    """
    if text == "*":
        return StringSet.nonempty()
    if text.startswith("*."):
        return StringSet.suffix(text[1:])
    return StringSet.exact(text)
