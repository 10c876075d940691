"""Tokens that are demanded by nobody, read by nobody, or of nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.security.policies.scope import labels_of
from meshlint.security.policies.tokens.rules import claims_of_any_issuer, demanding, unchecked_tokens
from meshlint.security.policies.values.texts import is_of_none, is_workload_in_token, policies_saying

Parameters = Mapping[str, Any]


def not_required(world: World, _: Parameters) -> Iterator[Hit]:
    """Tokens that are checked where they come, and asked for by no policy."""
    mesh = world.mesh
    for authentication in mesh.request_authentications.all:
        if not authentication.jwt_rules or demanding(mesh, authentication):
            continue
        # Alone in the files it says nothing of the policies beside it.
        shown = (*mesh.authorization_policies.all, *mesh.request_authentications.selected(authentication))
        if mesh.namespaces.placement.holds_beside(authentication.field, (one.field for one in shown)):
            yield Hit(
                authentication.resource.field,
                f"{authentication.resource} checks tokens that no policy demands, so requests without pass",
                resource=authentication.resource,
                hint='Deny requests with `notRequestPrincipals: ["*"]` in an AuthorizationPolicy.',
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


def unknown_issuer(world: World, _: Parameters) -> Iterator[Hit]:
    """A token's principal of an issuer that none of the attached RequestAuthentications believes."""
    mesh = world.mesh
    for policy in policies_saying(mesh, "requestPrincipals".__eq__, negated=False):
        if not labels_of(policy):
            continue
        workloads = mesh.authorization_policies.selected(policy)
        attached = [mesh.request_authentications.attached_to(one) for one in workloads]
        if not attached or not all(attached):
            continue
        issuers = {str(rule.issuer) for found in attached for one in found for rule in one.jwt_rules}
        for rule in policy.rules or ():
            for source in rule.from_ or ():
                for value in source.request_principals:
                    if is_of_none(value, issuers) and not is_workload_in_token("requestPrincipals", value):
                        yield Hit(
                            value.field,
                            f"{policy} asks for an issuer that no one here believes, so no token fits",
                            resource=policy.resource,
                            hint=f"Known here: {', '.join(sorted(issuers))}.",
                        )
