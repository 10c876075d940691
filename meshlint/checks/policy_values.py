"""AuthorizationPolicies with values that no request ever has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.security.policy_values import (
    PolicyValue,
    is_principal,
    policy_values,
    principal_fault,
    star_fault,
)

Parameters = Mapping[str, Any]


def impossible_principal(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal that no certificate of the mesh carries."""
    for found in _values(world):
        fault = principal_fault(found.value) if is_principal(found.name) else None
        if fault is not None:
            hint = "An identity reads `trust-domain/ns/namespace/sa/account`, with `*` at most at one end."
            yield _never(found, fault, hint)


def star_inside(world: World, _: Parameters) -> Iterator[Hit]:
    """A star that is no wildcard."""
    for found in _values(world):
        fault = star_fault(found.name, found.value)
        if fault is not None:
            yield _never(
                found, fault, "Keep one `*`, at the start or at the end; paths may use `{*}` and `{**}`."
            )


def _values(world: World) -> Iterator[PolicyValue]:
    for policy in world.mesh.authorization_policies.all:
        yield from policy_values(policy)


def _never(found: PolicyValue, fault: str, hint: str) -> Hit:
    shown = found.value if len(found.value) <= 40 else found.value[:37] + "..."
    return Hit(
        found.value.field,
        f"{found.policy.resource} names '{shown}', which never matches, so {found.effect}. It {fault}.",
        resource=found.policy.resource,
        hint=hint,
    )
