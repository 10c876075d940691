"""How far a principal in an Istio policy reaches.

A principal is `trust domain/ns/namespace/sa/account`; only a star at the very start or the very end is a
wildcard, and it knows nothing of the slashes (Istio: string match of principals).
"""

from __future__ import annotations

from enum import Enum

from meshlint.matching import Wildcard, istio_wildcard


class Reach(Enum):
    """Which identities a principal admits."""

    ONE = "one identity"
    ANY_TRUST_DOMAIN = "the same account of any trust domain"
    SIMILAR_ACCOUNTS = "any account named alike"
    NAMESPACE = "every account of a namespace"
    SIMILAR_NAMESPACES = "any namespace named alike"
    ANY_NAMESPACE = "the account of that name in every namespace"
    ANYONE = "every identity"
    NOBODY = "nobody"


def reach(principal: str) -> Reach:
    """How far `principal` reaches."""
    wildcard, text = istio_wildcard(principal)
    if wildcard is Wildcard.ANY:
        return Reach.ANYONE
    if wildcard is Wildcard.SUFFIX:
        return _of_suffix(text)
    return _of_prefix(text) if wildcard is Wildcard.PREFIX else Reach.ONE


def _of_suffix(suffix: str) -> Reach:
    if "*" in suffix:
        return Reach.NOBODY
    if "/ns/" in suffix:
        return Reach.ANY_TRUST_DOMAIN
    return Reach.ANY_NAMESPACE


def _of_prefix(prefix: str) -> Reach:
    if "*" in prefix:
        return Reach.NOBODY
    _, found, rest = prefix.partition("/ns/")
    if not found:
        return Reach.ANYONE
    namespace, slash, account = rest.partition("/")
    if not slash:
        return Reach.SIMILAR_NAMESPACES if namespace else Reach.ANYONE
    name = account.removeprefix("sa/") if account.startswith("sa/") else ""
    return Reach.SIMILAR_ACCOUNTS if name else Reach.NAMESPACE
