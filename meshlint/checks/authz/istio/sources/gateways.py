"""AuthorizationPolicies for gateways: those that are missing, and those that see less than they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.security.policies.gaps.gateways import address_values, balanced_services, trusts_no_proxies
from meshlint.security.policies.values.texts import policies_saying

Parameters = Mapping[str, Any]


def preflight_denied(world: World, _: Parameters) -> Iterator[Hit]:
    """A CORS policy at a gateway that denies the preflights."""
    from meshlint.security.policies.gaps.gateways import blocked_preflights

    for virtual_service, route, gateway, decision in blocked_preflights(world.mesh):
        named = [match.policy for match in decision.deciding] or list(decision.policies)
        policy = named[0].resource
        yield Hit(
            route.field / "corsPolicy",
            f"{virtual_service.resource} answers preflights, but {policy} denies them, "
            "so browsers cannot call",
            resource=virtual_service.resource,
            on_key=True,
            hint=f"Let method OPTIONS pass without a token at {gateway.resource}.",
            related=(Related(policy.at("metadata", "name"), "it asks for a token"),),
        )


def unguarded(world: World, _: Parameters) -> Iterator[Hit]:
    """A gateway for callers from outside without any policy."""
    from meshlint.security.policies.gaps.gateways import unguarded_gateways

    for gateway in unguarded_gateways(world.mesh):
        yield Hit(
            gateway.resource.at("metadata", "name"),
            f"{gateway.resource} has no AuthorizationPolicy for its pods, so whoever reaches it gets in",
            resource=gateway.resource,
        )


def remote_address_at_sidecar(world: World, _: Parameters) -> Iterator[Hit]:
    """A client's address as a header tells it, at a workload that any pod can call."""
    from meshlint.security.policies.scope import before_sidecars

    names = ("remoteIpBlocks", "remote.ip")
    policies = policies_saying(world.mesh, names.__contains__)
    for policy, workloads in before_sidecars(world.mesh, policies):
        for found in address_values(world.mesh, policy, *names):
            yield Hit(
                found.value.field,
                f"{policy.resource} trusts the address that callers state, "
                f"so pods can pretend to be '{found.value}'",
                resource=policy.resource,
                hint="Judge addresses at the gateway, or compare `ipBlocks` here.",
                related=(Related(workloads[0].field / "metadata" / "name", "any pod can call it"),),
            )


def remote_address_untold(world: World, _: Parameters) -> Iterator[Hit]:
    """A client's address at a gateway that trusts no proxy before it to tell."""
    if trusts_no_proxies(world.mesh):
        yield from _node_addresses(world, "remoteIpBlocks", "remote.ip")


def address_of_node(world: World, _: Parameters) -> Iterator[Hit]:
    """The address of a connection at a gateway whose connections come from nodes."""
    return _node_addresses(world, "ipBlocks", "source.ip")


def address_behind_gateway(world: World, _: Parameters) -> Iterator[Hit]:
    """The address of a client from outside, at a workload that a gateway calls for it."""
    from meshlint.traffic.followers.client_addresses import addresses_behind_gateways

    for one in addresses_behind_gateways(world.mesh):
        owner, value = one.value.policy.resource, one.value.value
        yield Hit(
            value.field,
            f"{owner} compares '{value}' with the address of the gateway before {one.workload}, "
            "so it sees no client",
            resource=owner,
            hint="A sidecar sees the gateway alone: judge addresses of clients at the gateway.",
            related=(Related(one.route.at("metadata", "name"), "called by this route"),),
        )


def _node_addresses(world: World, *names: str) -> Iterator[Hit]:
    for policy in policies_saying(world.mesh, names.__contains__):
        services = balanced_services(world.mesh, policy)
        for found in address_values(world.mesh, policy, *names) if services else ():
            yield Hit(
                found.value.field,
                f"{policy.resource} compares '{found.value}' with addresses of nodes, "
                "so it takes clients for them",
                resource=policy.resource,
                hint="Set `externalTrafficPolicy: Local` on the gateway's Service, or tell the mesh which "
                "proxies stand before it with `gatewayTopology`.",
                related=(Related(services[0].resource.spec, f"{services[0].resource} hands on connections"),),
            )
