"""ALLOW rules that open up to what a request lacks or claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.security.policies.gaps.open_rules import header_rules, missing_headers, missing_tokens

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


def token_left_out(world: World, _: Parameters) -> Iterator[Hit]:
    """A token that is denied, where none is demanded."""
    from meshlint.security.policies.gaps.open_rules import evaded_without_token

    for found in evaded_without_token(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} denies by a token that nothing demands, so requests without one pass",
            resource=found.policy.resource,
            hint='Deny requests without a token as well, with `notRequestPrincipals: ["*"]`.',
        )


def past_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """A Service that leads callers from outside past the gateways, to a port that takes plaintext."""
    from meshlint.security.policies.gaps.past_gateway import exposed

    for service, workload, port in exposed(world.mesh):
        at = service.resource.spec / ("type" if service.type != "ClusterIP" else "externalIPs")
        yield Hit(
            at,
            f"{service.resource} opens port {port} of {workload} to the outside, so anyone may call it past "
            "the gateways",
            resource=service.resource,
            hint="Let a gateway lead to it, demand mTLS on the port, or say with a policy who may call.",
            related=(Related(workload.field / "metadata" / "name", "no policy keeps them out"),),
        )
