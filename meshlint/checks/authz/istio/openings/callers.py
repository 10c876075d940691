"""AuthorizationPolicies of Istio that let more callers in than their readers think."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import named_workloads
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Source
from meshlint.security.identity.istio import Reach, reach
from meshlint.security.policies.denied_grants import denied_grants
from meshlint.security.policies.gaps.open_rules import missing_identities
from meshlint.security.policies.gaps.rules import (
    allow_policies,
    any_identity_conditions,
    asks_nothing_of_callers,
    asks_nothing_of_requests,
    excluded,
    is_for_gateway,
    is_torn_apart,
    opened,
    required,
    takes_every_address,
)
from meshlint.security.policies.on_tcp import rules_left_out
from meshlint.security.policies.unidentified import at_gateways
from meshlint.security.policies.values.foreign_hosts import foreign_hosts

Parameters = Mapping[str, Any]
_NAMED = 3


def any_identity(world: World, _: Parameters) -> Iterator[Hit]:
    """A source that every identity of the mesh satisfies."""
    for policy, source in _sources(world.mesh):
        for value in (*source.principals, *source.namespaces, *source.trust_domains):
            if _is_anyone(world, source, value) and _decides(source, value):
                yield _anyone(world, policy, value)
    for policy in allow_policies(world.mesh):
        for rule in policy.rules or ():
            for value in any_identity_conditions(rule):
                yield _anyone(world, policy, value)


def any_address(world: World, _: Parameters) -> Iterator[Hit]:
    """A source that every address satisfies, on a workload that is no gateway."""
    for policy, source in _sources(world.mesh):
        if takes_every_address(source) and not is_for_gateway(policy):
            value = (*source.ip_blocks, *source.remote_ip_blocks)[0]
            effect = f"anyone may call {_named(world.mesh, policy)}"
            yield _hit(world.mesh, policy, value.field, f"admits every address, so {effect}")


def similar_names(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal whose wildcard crosses the border of a namespace."""
    for policy, source in _sources(world.mesh):
        for value in source.principals:
            crossed = reach(value)
            if crossed in (Reach.SIMILAR_NAMESPACES, Reach.ANY_NAMESPACE):
                target = _named(world.mesh, policy)
                message = f"admits '{value}', so {crossed.value} may call {target}"
                yield _hit(world.mesh, policy, value.field, message)


def wide_identity(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal or namespace that stands for a whole namespace."""
    for policy, source in _sources(world.mesh):
        for value in source.principals:
            if reach(value) in (Reach.NAMESPACE, Reach.SIMILAR_ACCOUNTS, Reach.ANY_TRUST_DOMAIN):
                message = f"admits '{value}', so {reach(value).value} may call {_named(world.mesh, policy)}"
                yield _hit(world.mesh, policy, value.field, message)


def no_source(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that narrows the request and asks nothing of the caller; not one that no request meets."""
    in_vain = {id(one.rule) for one in foreign_hosts(world.mesh)}
    in_vain |= {id(rule.rule) for _, rule, _ in rules_left_out(world.mesh)}
    for policy in allow_policies(world.mesh):
        for rule in policy.rules or ():
            if (
                id(rule) not in in_vain
                and asks_nothing_of_callers(rule)
                and not asks_nothing_of_requests(rule)
                and not is_torn_apart(policy, rule)
            ):
                message = (
                    f"has a rule without a source, so any caller may use it on {_named(world.mesh, policy)}"
                )
                yield _hit(world.mesh, policy, rule.field, message)


def torn_apart(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule with only callers and the next with only requests: one dash too many between them."""
    for policy in allow_policies(world.mesh):
        for rule in policy.rules or ():
            if is_torn_apart(policy, rule):
                target = _named(world.mesh, policy)
                message = f"separates `to` from `from` with a dash, so anyone may use it on {target}"
                yield _hit(world.mesh, policy, rule.field, message)


def default_account(world: World, _: Parameters) -> Iterator[Hit]:
    """A principal that is the account of every pod without one of its own."""
    for policy, source in _sources(world.mesh):
        for value in source.principals:
            if value.endswith("/sa/default") and reach(value) is Reach.ONE:
                message = f"admits '{value}', the account of all pods that name none of their own"
                yield _hit(world.mesh, policy, value.field, message)


def everyone(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule that admits every request of every caller, on a workload that is no gateway.

    One of which other policies deny every request admits nobody, and is told as such.
    """
    denied = {id(rule.rule) for rule, _ in denied_grants(world.mesh)}
    for policy in allow_policies(world.mesh):
        for rule in policy.rules or ():
            narrow = not (asks_nothing_of_callers(rule) and asks_nothing_of_requests(rule))
            if narrow or id(rule) in denied:
                continue
            others = len(policy.rules or ()) > 1
            if others:
                message = "has a rule that admits every request, so its other rules mean nothing"
                yield _hit(world.mesh, policy, rule.field, message)
            elif not is_for_gateway(policy):
                message = f"admits every request, so anyone may call {_named(world.mesh, policy)}"
                yield _hit(world.mesh, policy, rule.field, message)


def only_exclusions(world: World, _: Parameters) -> Iterator[Hit]:
    """A source that only says who is kept out."""
    for found in missing_identities(world.mesh):
        effect = f"callers without any identity may call {_named(world.mesh, found.policy)}"
        message = f"only excludes '{found.value}', so {effect}"
        yield _hit(world.mesh, found.policy, found.value.field, message)


def any_token(world: World, _: Parameters) -> Iterator[Hit]:
    """A source that every valid token satisfies."""
    for policy, source in _sources(world.mesh):
        for value in source.request_principals:
            if value in ("*", "*/*") and len(required(source)) == 1 and value == "*":
                effect = f"a token of any issuer for anyone opens {_named(world.mesh, policy)}"
                yield _hit(world.mesh, policy, value.field, f"admits the request principal '*', so {effect}")


@remembered
def _sources(mesh: Mesh) -> tuple[tuple[AuthorizationPolicy, Source], ...]:
    """The sources of ALLOW policies; not of those for gateways where nobody can show an identity."""
    in_vain = {id(one.found.policy) for one in at_gateways(mesh)}
    return tuple(
        (policy, source)
        for policy in allow_policies(mesh)
        if id(policy) not in in_vain
        for rule in policy.rules or ()
        for source in rule.from_ or ()
    )


def _anyone(world: World, policy: AuthorizationPolicy, value: Text) -> Hit:
    effect = f"any workload with a certificate may call {_named(world.mesh, policy)}"
    return _hit(world.mesh, policy, value.field, f"admits '{value}', so {effect}")


def _is_anyone(world: World, source: Source, value: Text) -> bool:
    if any(value is one for one in source.namespaces):
        return value == "*"
    if any(value is one for one in source.trust_domains):
        return value in ("*", world.settings.trust_domain, *world.settings.trust_domain_aliases)
    return reach(value) is Reach.ANYONE


def _decides(source: Source, value: Text) -> bool:
    """Whether nothing else in the source narrows what `value` lets in."""
    lists = (source.principals, source.namespaces, source.trust_domains)
    own = next(values for values in lists if any(value is one for one in values))
    return len(required(source)) == len(own) and not excluded(source)


def _named(mesh: Mesh, policy: AuthorizationPolicy) -> str:
    names = named_workloads(opened(mesh, policy), policy.resource.namespace)
    return names or "its workloads"


def _hit(mesh: Mesh, policy: AuthorizationPolicy, at: Field, message: str) -> Hit:
    return Hit(
        at,
        f"{policy.resource} {message}",
        resource=policy.resource,
        related=tuple(
            Related(workload.field / "metadata" / "name", "this workload is open to them", concerns=True)
            for workload in opened(mesh, policy)[:_NAMED]
        ),
    )
