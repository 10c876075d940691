"""AuthorizationPolicies that ask who calls where nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World

Parameters = Mapping[str, Any]


def on_disabled_mtls(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that asks for an identity on ports at which mTLS is turned off."""
    from meshlint.security.policies.unidentified import on_disabled_mtls as unidentified

    for one in unidentified(world.mesh):
        found = one.found
        yield Hit(
            found.value.field,
            f"{found.policy.resource} asks who calls where mTLS is turned off, so {found.effect}",
            resource=found.policy.resource,
            hint="Only mTLS shows who calls: demand it with a PeerAuthentication of mode STRICT.",
            related=tuple(Related(because.spec, f"{because} turns it off") for because in one.because[:1]),
        )


def unproven_caller(world: World, _: Parameters) -> Iterator[Hit]:
    """A caller whose sidecar is told not to show who it is."""
    from meshlint.security.policies.unproven_callers import unproven_callers

    for one in unproven_callers(world.mesh):
        found = one.found
        rule = next((because for because in one.because if because.kind == "DestinationRule"), None)
        hidden = (
            "send plaintext, as automatic mTLS is off" if rule is None else f"{rule} lets go without mTLS"
        )
        remedy = (
            "turn automatic mTLS on" if rule is None else "take the `tls` block out of the DestinationRule"
        )
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names callers that {hidden}, so {found.effect}",
            resource=found.policy.resource,
            hint=f"Only mTLS shows who calls: {remedy}.",
            related=() if rule is None else (Related(rule.spec, "it turns mTLS off on the way"),),
        )


def at_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that asks for an identity at a gateway whose clients show no certificate."""
    from meshlint.security.policies.unidentified import at_gateways

    for one in at_gateways(world.mesh):
        found = one.found
        yield Hit(
            found.value.field,
            f"{found.policy.resource} asks who calls at a gateway that asks for no client certificate, so "
            f"{found.effect}",
            resource=found.policy.resource,
            hint="Ask for a token (`requestPrincipals`) or an address, or serve with TLS mode MUTUAL.",
            related=tuple(Related(because.spec, "the gateway") for because in one.because[:2]),
        )


def without_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal whose pods have no proxy that could prove it."""
    from meshlint.security.policies.accounts import bare_accounts

    for account, workload in bare_accounts(world.mesh):
        found = account.found
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names an account of pods that have no proxy, so {found.effect}",
            resource=found.policy.resource,
            hint=f"{workload} has no proxy to prove who it is: inject it.",
            related=(Related(workload.field / "metadata" / "name", "it has no proxy"),),
        )


def evaded_denial(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that denies by identity where callers may leave theirs out."""
    from meshlint.security.policies.unidentified import evaded_denials

    for one in evaded_denials(world.mesh):
        found = one.found
        yield Hit(
            found.value.field,
            f"{found.policy.resource} denies '{found.value}' where plaintext is taken, "
            "so calls over it get past",
            resource=found.policy.resource,
            hint="Demand mTLS with mode STRICT, or allow whom you mean instead.",
            related=tuple(Related(because.spec, "it lets plaintext in") for because in one.because[:1]),
        )
