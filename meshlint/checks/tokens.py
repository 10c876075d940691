"""RequestAuthentications that do not protect what they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.security.policies.tokens.rules import claims_of_any_issuer, demanding, unchecked_tokens

Parameters = Mapping[str, Any]
_BRACKETED = re.compile(r"<[A-Za-z][A-Za-z0-9 _.-]*>")


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


def placeholder(world: World, _: Parameters) -> Iterator[Hit]:
    """An issuer, audience or address of keys that nobody has filled in."""
    for authentication in world.mesh.request_authentications.all:
        for rule in authentication.jwt_rules:
            for value in (rule.issuer, rule.jwks_uri, *rule.audiences):
                if value is not None and _BRACKETED.fullmatch(value):
                    yield Hit(
                        value.field,
                        f"{authentication.resource} holds the placeholder '{value}', so it admits no token",
                        resource=authentication.resource,
                        hint="Fill in the real value.",
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


def on_tcp(world: World, _: Parameters) -> Iterator[Hit]:
    """Tokens that are checked on ports declared as TCP."""
    from meshlint.security.policies.tokens.keys import on_tcp_only

    for authentication, workload in on_tcp_only(world.mesh):
        yield Hit(
            authentication.field / "selector",
            f"{authentication.resource} checks tokens of {workload}, which only speaks TCP, "
            "so it does nothing",
            resource=authentication.resource,
            on_key=True,
            hint="Name the Service's ports `http-…`, or set `appProtocol`.",
        )


def contested_issuer(world: World, _: Parameters) -> Iterator[Hit]:
    """One issuer with two sets of keys."""
    from meshlint.security.policies.tokens.keys import contested_issuers

    for one, rule, other, second in contested_issuers(world.mesh):
        sides = ((one, rule, second), (other, second, rule))
        for owner, mine, theirs in sides[1:] if one is other else sides:
            yield Hit(
                mine.field / "issuer",
                f"{owner.resource} has other keys for '{mine.issuer}' than another rule, so tokens of "
                "either are good",
                resource=owner.resource,
                related=(Related(theirs.field, "the other rule"),),
                about=str((one if owner is other else other).resource),
            )


def any_audience(world: World, _: Parameters) -> Iterator[Hit]:
    """Tokens that are good whoever they are meant for."""
    from meshlint.security.policies.tokens.keys import for_any_audience

    for authentication, rule in for_any_audience(world.mesh):
        yield Hit(
            rule.field,
            f"{authentication.resource} names no audiences, "
            "so tokens that are meant for others are good here",
            resource=authentication.resource,
        )


def fetched_from_anywhere(world: World, _: Parameters) -> Iterator[Hit]:
    """A control plane that fetches keys from whatever address it is told."""
    from meshlint.security.policies.tokens.keys import unrestricted_fetchers

    for resource, uri in unrestricted_fetchers(world.mesh):
        yield Hit(
            resource.at("metadata", "name"),
            f"{resource} fetches keys from any address, "
            "so who writes a RequestAuthentication can probe the network",
            resource=resource,
            hint="Set BLOCKED_CIDRS_IN_JWKS_URIS in its environment.",
            related=(Related(uri.field, "an address that it is told"),),
        )


def presence_unheeded(world: World, _: Parameters) -> Iterator[Hit]:
    """A token rule that wants tokens to be there, which no policy sees to."""
    for authentication in world.mesh.request_authentications.all:
        for rule in authentication.jwt_rules:
            if rule.presence == "REQUIRED" and not demanding(world.mesh, authentication):
                yield Hit(
                    rule.presence.field,
                    f"{authentication.resource} calls tokens required, which proxies do not heed, "
                    "so requests without one pass",
                    resource=authentication.resource,
                    hint='Deny requests with `notRequestPrincipals: ["*"]` in an AuthorizationPolicy.',
                )


def any_issuer(world: World, _: Parameters) -> Iterator[Hit]:
    """A claim that any of several issuers may put into its tokens."""
    for found, issuers in claims_of_any_issuer(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} takes the claim of any issuer, so each of {len(issuers)} can open its "
            "workloads",
            resource=found.policy.resource,
            hint=f"Name the issuer in `requestPrincipals`. Believed are {listed(issuers)}.",
        )
