"""RequestAuthentications that believe more tokens than they seem to: issuers, audiences and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.mended import replaced
from meshlint.checks.world import World
from meshlint.values import regex

Parameters = Mapping[str, Any]
_BRACKETED = regex(r"<[A-Za-z][A-Za-z0-9 _.-]*>")


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
                    fix=replaced(rule.jwks_uri.field, f"https{rule.jwks_uri[4:]}", safe=False),
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
