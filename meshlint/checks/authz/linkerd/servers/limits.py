"""Rate limits of Linkerd that limit nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.linkerd import rate_limits
from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.mesh.names.nearest import nearest
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.rate_limit import HTTPLocalRateLimitPolicy, rate_limit_policy
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.authorization.protocols import server_protocol

Parameters = Mapping[str, Any]


def target_missing(world: World, _: Parameters) -> Iterator[Hit]:
    """A rate limit for a Server that does not exist."""
    for limit in _limits(world):
        ref, known = limit.target_ref, tuple(one.name for one in _servers(world, limit.namespace))
        if not refers_to(ref, POLICY, "Server") or not ref.name or ref.name in known:
            continue
        if world.mesh.namespaces.shows(limit.namespace, ((POLICY, "Server"),), limit.field):
            close = nearest(ref.name, known)
            yield Hit(
                ref.field / "name",
                f"{limit} is for Server '{ref.name}', which does not exist, so it limits nothing",
                resource=limit.resource,
                hint=f"Did you mean '{close[0]}'?" if close else None,
            )


def protocol_without_limits(world: World, _: Parameters) -> Iterator[Hit]:
    """A rate limit for a Server whose protocol knows no requests (Linkerd: rate limits)."""
    for limit in _limits(world):
        for server in _servers(world, limit.namespace):
            protocol = server_protocol(server)
            if server.name == limit.target_ref.name and not protocol.has_http_routes:
                yield Hit(
                    limit.target_ref.field / "name",
                    f"{limit} is for {server}, whose protocol is '{protocol.value}', so it limits nothing",
                    resource=limit.resource,
                    related=(Related(server.resource.spec / "proxyProtocol", "the protocol"),),
                    hint="Limits count for the protocols unknown, HTTP/1 and HTTP/2.",
                )


def several_for_one(world: World, _: Parameters) -> Iterator[Hit]:
    """Rate limits for one Server, of which the oldest counts alone."""
    first: dict[tuple[str, str], HTTPLocalRateLimitPolicy] = {}
    for limit in sorted(_limits(world), key=lambda one: (one.namespace, one.name)):
        target = (limit.namespace, str(limit.target_ref.name))
        other = first.setdefault(target, limit)
        if other.name != limit.name:
            yield Hit(
                limit.target_ref.field / "name",
                f"{limit} is for the Server of {other}, so only the older of them counts",
                resource=limit.resource,
                related=(Related(other.target_ref.field / "name", f"{other} is for it, too"),),
            )


def over_total(world: World, _: Parameters) -> Iterator[Hit]:
    """A rate for each client that is more than all clients together get."""
    return told(world, rate_limits.OVER_TOTAL)


def no_rate(world: World, _: Parameters) -> Iterator[Hit]:
    """A rate limit of no rate, or for what can have none."""
    return told(world, rate_limits.RATE, rate_limits.TARGET)


def _limits(world: World) -> Iterator[HTTPLocalRateLimitPolicy]:
    for resource in world.resources.of(POLICY, "HTTPLocalRateLimitPolicy"):
        yield rate_limit_policy(resource)


def _servers(world: World, namespace: str) -> tuple[Server, ...]:
    return world.mesh.linkerd.servers_in(namespace)
