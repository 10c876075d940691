"""Load balancing, connection pools and outlier detection of DestinationRules that do not do what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit
from meshlint.checks.resil.policies import traffic_policies
from meshlint.checks.shared.told import told
from meshlint.checks.world import World

_SETTINGS = ("localityLbSetting", "zoneAwareLbSetting")


def failover_without_outliers(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Failover between localities has no outlier detection that would start it."""
    for owner, policy in traffic_policies(world):
        balancer = policy.load_balancer
        if balancer is None or policy.outlier_detection is not None:
            continue
        places = (
            balancer.field / name / key for name in _SETTINGS for key in ("failover", "failoverPriority")
        )
        at = next((place for place in places if place.value), None)
        if at is not None:
            yield Hit(
                at,
                f"{owner} has failover but no outlierDetection, so traffic never fails over",
                resource=owner,
                on_key=True,
                hint="Add `outlierDetection`: it tells which endpoints have failed.",
            )


def hash_keys(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Consistent hashing has no key; of several the schema speaks."""
    for owner, policy in traffic_policies(world):
        hashing = None if policy.load_balancer is None else policy.load_balancer.consistent_hash
        if hashing is not None and not hashing.keys:
            yield Hit(
                hashing.field,
                f"{owner} hashes requests without a key, so they go to endpoints at random",
                resource=owner,
                on_key=True,
                hint="Hash exactly one of header, cookie, query parameter and source address.",
            )


def maglev_size(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The table of a Maglev balancer has a size that is no prime."""
    return told(world, Mistake.TABLE_SIZE)


def local_failures(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Local failures are counted without being told apart."""
    return told(world, Mistake.LOCAL_FAILURES)


def ejects_all(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Outlier detection may put every endpoint aside."""
    for owner, policy in traffic_policies(world):
        outliers = policy.outlier_detection
        if outliers is not None and outliers.max_ejection_percent == 100:
            yield Hit(
                outliers.field / "maxEjectionPercent",
                f"{owner} may eject all endpoints at once, so a short fault of all ends in status 503",
                resource=owner,
                hint="Leave some endpoints in: 50 percent or less.",
            )


def tight_pool(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A limit lets one request or connection through at a time.

    What finds no connection waits, and only what finds the queue full is answered (Envoy: circuit breaking).
    """
    for owner, policy in traffic_policies(world):
        pool = policy.connection_pool
        tcp, http = (pool.tcp, pool.http) if pool is not None else (None, None)
        limits = (
            (tcp, "maxConnections", "a second request at a time waits for the first"),
            (http, "http1MaxPendingRequests", "of two requests that wait one gets status 503"),
        )
        for part, key, effect in limits:
            if part is not None and part.field.integer(key) == 1:
                yield Hit(
                    part.field / key,
                    f"{owner} sets {key} to 1, so {effect}",
                    resource=owner,
                    hint="Each client proxy counts by itself; a limit of 1 suits tests.",
                )


def both_protocol_rules(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Connections are upgraded to HTTP/2 and keep the client's protocol."""
    return told(world, Mistake.BOTH_PROTOCOLS)


def hash_on_tcp(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Requests are hashed by a header on a port where requests are not seen."""
    from meshlint.mesh.hosts.protocols import host_ports

    for rule in world.mesh.destination_rules.all:
        known = world.mesh.hosts.known(world.mesh.destination_rules.host(rule))
        policy = rule.traffic_policy
        hashing = (
            None if policy is None or policy.load_balancer is None else policy.load_balancer.consistent_hash
        )
        if known is None or hashing is None or hashing.use_source_ip or not hashing.keys:
            continue
        ports = host_ports(known)
        if ports and not any(port.protocol.may_be_http for port in ports):
            yield Hit(
                hashing.keys[0],
                f"{rule.resource} hashes requests to ports that only see connections, so it has no effect",
                resource=rule.resource,
                on_key=True,
                hint="Use `useSourceIp`, or name the port after its HTTP protocol.",
            )
