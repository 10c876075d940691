"""ALLOW rules that open up to what a request lacks or claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.security.open_rules import header_rules, missing_headers, missing_tokens

Parameters = Mapping[str, Any]


def header_decides(world: World, _: Parameters) -> Iterator[Hit]:
    """A header that is all a caller has to show."""
    for policy, condition in header_rules(world.mesh):
        yield Hit(
            condition.field / "key",
            f"{policy.resource} asks callers for '{condition.key}' alone, so whoever sends it is let in",
            resource=policy.resource,
            hint="Ask for an identity or a token as well, or let a gateway remove the header.",
        )


def missing_header(world: World, _: Parameters) -> Iterator[Hit]:
    """A header that is only excluded."""
    for policy, condition in missing_headers(world.mesh):
        yield Hit(
            condition.field / "notValues",
            f"{policy.resource} only excludes values of '{condition.key}', so requests without it are let in",
            resource=policy.resource,
            on_key=True,
            hint='Add `values: ["*"]` to demand the header.',
        )


def missing_token(world: World, _: Parameters) -> Iterator[Hit]:
    """A token that is only excluded."""
    for found in missing_tokens(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} only excludes tokens, so requests without any token are let in",
            resource=found.policy.resource,
            hint='Demand one with `requestPrincipals: ["*"]`.',
        )
