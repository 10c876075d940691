"""RequestAuthentications that do not protect what they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.security.token_rules import demanding, unchecked_tokens

Parameters = Mapping[str, Any]


def not_required(world: World, _: Parameters) -> Iterator[Hit]:
    """Tokens that are checked where they come, and asked for by no policy."""
    for authentication in world.mesh.request_authentications.all:
        if authentication.jwt_rules and not demanding(world.mesh, authentication):
            yield Hit(
                authentication.resource.field,
                f"{authentication.resource} checks tokens that no policy demands, so requests without pass",
                resource=authentication.resource,
                hint='Deny requests with `notRequestPrincipals: ["*"]` in an AuthorizationPolicy.',
            )


def insecure_keys(world: World, _: Parameters) -> Iterator[Hit]:
    """Keys that are fetched over plain HTTP."""
    for authentication in world.mesh.request_authentications.all:
        for rule in authentication.jwt_rules:
            if rule.jwks_uri is not None and rule.jwks_uri.lower().startswith("http://"):
                yield Hit(
                    rule.jwks_uri.field,
                    f"{authentication.resource} fetches keys over plain HTTP, so whoever is on the way can "
                    "forge tokens",
                    resource=authentication.resource,
                )


def not_checked(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy that asks for tokens where no RequestAuthentication checks any."""
    for found in unchecked_tokens(world.mesh):
        effect = found.effect if found.policy.action == "ALLOW" or not found.negated else "it stops everybody"
        yield Hit(
            found.value.field,
            f"{found.policy.resource} asks for tokens, which nothing checks for its workloads, so {effect}",
            resource=found.policy.resource,
            hint="Add a RequestAuthentication that selects the same workloads.",
        )
