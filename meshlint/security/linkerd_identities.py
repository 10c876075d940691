"""How far an identity in a Linkerd policy reaches.

Inside the cluster an identity is `account.namespace.serviceaccount.identity.control-plane.trust-domain`;
`*` alone is anyone in the mesh and `*.rest` everyone whose identity ends in `.rest` (Linkerd: identities).
"""

from __future__ import annotations

from enum import Enum

MIDDLE = ".serviceaccount.identity."


class IdentityReach(Enum):
    """Which clients an identity admits."""

    ONE = "one identity"
    DEFAULT_ACCOUNT = "every pod of the namespace that names no account"
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
