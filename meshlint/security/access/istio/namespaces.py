"""A caller of whom only the namespace is known: any service account of it."""

from __future__ import annotations

import re

from meshlint.matching import StringSet, known
from meshlint.security.istio import Decision, Guard, Request, Verdict
from meshlint.security.istio.openings import Region, openings
from meshlint.values import evolve

_ALL = "every account of it is admitted"
_ACCOUNT = "the service account"


def accounts_of(trust_domain: str, namespace: str) -> StringSet:
    """The identities of all service accounts of a namespace (Kubernetes: names are DNS subdomains)."""
    return StringSet.regex(f"{re.escape(trust_domain)}/ns/{re.escape(namespace)}/sa/[-.a-z0-9]+")


def narrowed(
    decision: Decision, guards: tuple[Guard, ...], request: Request, accounts: StringSet
) -> Decision:
    """A decision on a request whose identity is left open, for those `accounts` alone."""
    if "identity" not in decision.depends_on:
        return decision
    if all(_whatever_they_send(guard, request, accounts) for guard in guards):
        return evolve(decision, verdict=Verdict.ALLOW, reason=_ALL, depends_on=())
    answers = {_within(guard, request, accounts) for guard in guards}
    if answers == {Verdict.DENY}:
        return evolve(decision, verdict=Verdict.DENY, reason="no rule admits anyone of it", depends_on=())
    rest = tuple(part for part in decision.depends_on if part != "identity")
    if answers == {Verdict.ALLOW}:
        if rest:
            return evolve(decision, depends_on=rest)
        return evolve(decision, verdict=Verdict.ALLOW, reason=_ALL, depends_on=())
    return evolve(decision, depends_on=(*rest, _ACCOUNT))


def _within(guard: Guard, request: Request, accounts: StringSet) -> Verdict:
    """Whether all of the accounts, or none, are let in with some request of the kind."""
    found = openings(guard, request).identities.named
    if known(lambda: accounts.overlaps(found)) is False:
        return Verdict.DENY
    return Verdict.ALLOW if known(lambda: accounts.is_subset(found)) else Verdict.DEPENDS


def _whatever_they_send(guard: Guard, request: Request, accounts: StringSet) -> bool:
    """Whether all of the accounts are surely let in with every request of the kind."""
    sure = StringSet.nothing()
    for opening in openings(guard, request).all:
        if any(_may_hold(one, accounts) for one in (*opening.barred, *opening.asked)):
            return False
        if opening.region.asks_identity_alone:
            sure = sure | opening.region.identities.named
    return known(lambda: accounts.is_subset(sure)) is True


def _may_hold(region: Region, accounts: StringSet) -> bool:
    return known(lambda: accounts.overlaps(region.identities.named)) is not False
