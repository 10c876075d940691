"""Names in AuthorizationPolicies of what does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.security.policies.values.names import foreign_domains, missing_namespaces

Parameters = Mapping[str, Any]


def account(world: World, _: Parameters) -> Iterator[Hit]:
    """A service account that nothing declares and no pod runs as."""
    from meshlint.security.policies.accounts import missing_accounts, missing_template_accounts

    for named, close in missing_accounts(world.mesh):
        policy = named.found.policy.resource
        yield Hit(
            named.found.value.field,
            f"{policy} names account '{named.name}', which '{named.namespace}' does not have, so "
            f"{named.found.effect}",
            resource=policy,
            hint=did_you_mean(close).strip() or None,
        )
    for group, name, close in missing_template_accounts(world.mesh):
        yield Hit(
            name.field,
            f"{group} uses account '{name}', which '{group.namespace}' does not have, so no machine can join",
            resource=group,
            hint=did_you_mean(close).strip() or None,
        )


def namespace(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace of callers that does not exist."""
    for found, close in missing_namespaces(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names namespace '{found.value}', which does not exist, "
            f"so {found.effect}",
            resource=found.policy.resource,
            hint=did_you_mean(close).strip() or None,
        )


def trust_domain(world: World, _: Parameters) -> Iterator[Hit]:
    """A trust domain whose certificates the mesh does not take."""
    for found, domain in foreign_domains(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names trust domain '{domain}', which is not of this mesh, so "
            f"{found.effect}",
            resource=found.policy.resource,
            hint=f"The mesh has '{world.settings.trust_domain}'; others are its `trustDomainAliases`.",
        )
