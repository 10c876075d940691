"""Identities of trust domains that proxies refuse before any policy is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.security.principals import is_of_other_domain

Parameters = Mapping[str, Any]


def unknown_domain(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal whose trust domain is neither the mesh's nor an alias, where the mesh's is in view."""
    settings = world.settings
    if not settings.is_declared("trust_domain"):
        return
    domains = (settings.trust_domain, *settings.trust_domain_aliases)
    for policy in world.mesh.authorization_policies.all:
        for principal in _principals(policy):
            if is_of_other_domain(principal, domains):
                yield Hit(
                    principal.field,
                    f"{policy} names '{principal}', whose trust domain proxies refuse, so it never matches",
                    resource=policy.resource,
                    hint=f"Accepted are {listed(domains)}. Add the other one to `trustDomainAliases`.",
                )


def _principals(policy: AuthorizationPolicy) -> Iterator[Text]:
    for rule in policy.rules or ():
        for source in rule.from_ or ():
            yield from source.principals
        for condition in rule.when or ():
            if condition.key == "source.principal":
                yield from condition.values
