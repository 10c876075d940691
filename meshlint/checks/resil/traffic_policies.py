"""Load balancing, connection pools and outlier detection of DestinationRules that do not do what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.shared.traffic_policies import traffic_policies
from meshlint.checks.world import World

_LARGEST_TABLE = 5_000_011


def failover_without_outliers(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Failover between localities has no outlier detection that would start it."""
    for owner, policy in traffic_policies(world):
        balancer = policy.load_balancer
        setting = None if balancer is None else balancer.locality_lb_setting
        if setting is None or policy.outlier_detection is not None:
            continue
        if setting.failover or setting.failover_priority:
            key = "failover" if setting.failover else "failoverPriority"
            yield Hit(
                setting.field / key,
                f"{owner} has failover but no outlierDetection, so traffic never fails over",
                resource=owner,
                on_key=True,
                hint="Add `outlierDetection`: it tells which endpoints have failed.",
            )


def hash_keys(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Consistent hashing has no key, or several."""
    for owner, policy in traffic_policies(world):
        hashing = None if policy.load_balancer is None else policy.load_balancer.consistent_hash
        if hashing is not None and len(hashing.keys) != 1:
            what = "without a key" if not hashing.keys else "with several keys"
            yield Hit(
                hashing.field if not hashing.keys else hashing.keys[1],
                f"{owner} hashes requests {what}, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Hash exactly one of header, cookie, query parameter and source address.",
            )


def maglev_size(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The table of a Maglev balancer has a size that is no prime."""
    for owner, policy in traffic_policies(world):
        hashing = None if policy.load_balancer is None else policy.load_balancer.consistent_hash
        size = None if hashing is None or hashing.maglev is None else hashing.maglev.integer("tableSize")
        if hashing is not None and size is not None and not _is_prime(size):
            yield Hit(
                hashing.field / "maglev" / "tableSize",
                f"{owner} has a Maglev table of {size}, which is no prime, so Istio rejects it",
                resource=owner,
                hint="The default is 65537.",
            )


def _is_prime(number: int) -> bool:
    if not 2 <= number <= _LARGEST_TABLE:
        return False
    return all(number % factor for factor in range(2, int(number**0.5) + 1))


def local_failures(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Local failures are counted without being told apart."""
    for owner, policy in traffic_policies(world):
        outliers = policy.outlier_detection
        counted = outliers is not None and outliers.field / "consecutiveLocalOriginFailures"
        if outliers is not None and counted and not outliers.split_external_local_origin_errors:
            yield Hit(
                outliers.field / "consecutiveLocalOriginFailures",
                f"{owner} counts local failures without telling them apart, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Add `splitExternalLocalOriginErrors: true`.",
            )


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
    """A limit lets one request or connection through at a time."""
    for owner, policy in traffic_policies(world):
        pool = policy.connection_pool
        parts = ((pool.tcp, ("maxConnections",)), (pool.http, ("http1MaxPendingRequests",))) if pool else ()
        for part, keys in parts:
            for key in keys if part is not None else ():
                if part is not None and part.field.integer(key) == 1:
                    yield Hit(
                        part.field / key,
                        f"{owner} sets {key} to 1, so a second request at a time gets status 503",
                        resource=owner,
                        hint="Each client proxy counts by itself; a limit of 1 suits tests.",
                    )


def both_protocol_rules(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Connections are upgraded to HTTP/2 and keep the client's protocol."""
    for owner, policy in traffic_policies(world):
        http = policy.connection_pool.http if policy.connection_pool is not None else None
        if http is not None and http.h2_upgrade_policy == "UPGRADE" and http.use_client_protocol:
            yield Hit(
                http.field / "useClientProtocol",
                f"{owner} upgrades to HTTP/2 and keeps the client's protocol, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Keep one of the two.",
            )


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
