"""How far an identity in a Linkerd policy reaches.

Inside the cluster an identity is `account.namespace.serviceaccount.identity.control-plane.trust-domain`;
`*` alone is anyone in the mesh and `*.rest` everyone whose identity ends in `.rest` (Linkerd: identities).
"""

from __future__ import annotations

from enum import Enum

from meshlint.matching import StringSet
from meshlint.mesh import LinkerdSettings, Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import regex

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
    SPIFFE identity. What follows the star is compared with its dot, letter case counting. Of the set only
    the names count: no wildcard means a SPIFFE identity.
    """
    if text == "*":
        return StringSet.nonempty()
    if text.startswith("*."):
        return StringSet.suffix(text[1:])
    return StringSet.exact(text)


class Fault(Enum):
    """What is wrong with an identity as it is written."""

    MALFORMED = "is no identity"
    ISTIO = "is an identity of Istio"
    OTHER_FORM = "has not the form of an identity in this mesh"
    OTHER_MESH = "names another control plane or trust domain than this mesh's"


_DNS = regex(r"(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SPIFFE = regex(r"spiffe://[a-z0-9._-]+(/[A-Za-z0-9._-]+)*")
_ISTIO = regex(r"spiffe://[^/]+/ns/[^/]+/sa/[^/]+")


def identity_fault(settings: LinkerdSettings, identity: str) -> Fault | None:
    """Why nobody in the mesh has `identity`; None if somebody may.

    Admission takes lower-case names of labels, a star only as the whole first one, and SPIFFE identities,
    which only external workloads have (Linkerd: admission of MeshTLSAuthentication).
    """
    if _ISTIO.fullmatch(identity):
        return Fault.ISTIO
    if _SPIFFE.fullmatch(identity):
        steps = identity.split("/")[3:]
        return Fault.MALFORMED if {".", ".."} & set(steps) else None
    if not _DNS.fullmatch(identity):
        return Fault.MALFORMED
    ending = f"{MIDDLE[1:]}{settings.namespace}.{settings.trust_domain}"
    if identity == "*" or _may_end(identity, ending):
        return None
    return Fault.OTHER_MESH if MIDDLE in identity else Fault.OTHER_FORM


def _may_end(identity: str, ending: str) -> bool:
    """Whether an identity that ends with `ending` may be meant: account, namespace and then the ending."""
    if identity.startswith("*."):
        rest = identity[2:]
        if f".{ending}".endswith(f".{rest}"):
            return True
        return rest.endswith(f".{ending}") and "." not in rest[: -len(ending) - 1]
    own = identity.removesuffix(f".{ending}")
    return own != identity and own.count(".") == 1


def account_of(settings: LinkerdSettings, identity: str) -> tuple[str, str] | None:
    """Namespace and name of the service account that has just this identity, if it is of this mesh.

    What admission refuses as an identity, such as one with a star inside a label, no account has.
    """
    ending = f"{MIDDLE}{settings.namespace}.{settings.trust_domain}"
    account, dot, namespace = identity.removesuffix(ending).partition(".")
    if not identity.endswith(ending) or not dot or "." in namespace or account == "*":
        return None
    if not _DNS.fullmatch(identity):
        return None
    return namespace, account
