"""DestinationRules that are rejected, left out, or not in force as they look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.wording import listed
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.traffic_policy import TrafficPolicy
from meshlint.resources.resource import Resource
from meshlint.traffic.effects.policies import BLOCKS

_LARGEST_TABLE = 5_000_011


def _policies(world: World) -> Iterator[tuple[Resource, TrafficPolicy]]:
    """Every policy of a host, a subset or a port."""
    for rule in world.mesh.destination_rules.all:
        whole = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
        for policy in whole:
            if policy is not None:
                yield rule.resource, policy
                yield from ((rule.resource, entry) for entry in policy.port_level_settings)


def subset_without_labels(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A subset has no labels, so it is the whole service."""
    for rule in world.mesh.destination_rules.all:
        for subset in rule.subsets:
            if not subset.labels and not subset.field / "labels" and not subset.traffic_policy:
                yield Hit(
                    subset.field / "name",
                    f"{rule.resource}: subset {str(subset.name or '')!r} has no labels, "
                    "so it holds all pods of the service",
                    resource=rule.resource,
                    hint="Add the labels that tell its pods apart.",
                )


def subset_twice(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """One DestinationRule defines a subset twice."""
    for rule in world.mesh.destination_rules.all:
        seen: dict[str, Field] = {}
        for subset in rule.subsets:
            name = str(subset.name or "")
            if name in seen:
                yield Hit(
                    subset.field / "name",
                    f"{rule.resource} defines subset {name!r} twice, so Istio rejects it",
                    resource=rule.resource,
                    hint="Give each subset a name of its own.",
                    related=(Related(seen[name], "defined here first"),),
                )
            if name:
                seen.setdefault(name, subset.field / "name")


def policy_empty(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A traffic policy says nothing."""
    for owner, policy in _policies(world):
        value = policy.field.value
        keys = set(value) - {"port"} if isinstance(value, dict) else {"?"}
        if not keys:
            yield Hit(
                policy.field,
                f"{owner} has an empty traffic policy, so Istio rejects it",
                resource=owner,
                on_key=True,
                hint="Remove it, or say what it is for.",
            )


def port_resets(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A port's settings leave out a block that stands above them, which resets it."""
    for rule in world.mesh.destination_rules.all:
        policy = rule.traffic_policy
        if policy is None:
            continue
        above = [name for name in BLOCKS if policy.field / name]
        for entry in policy.port_level_settings:
            lost = [name for name in above if not entry.field / name and not _is_mild(policy, name)]
            if lost:
                yield Hit(
                    entry.field / "port",
                    f"{rule.resource}: settings of port {entry.port} inherit nothing, "
                    f"so {' and '.join(lost)} above do not apply to it",
                    resource=rule.resource,
                    on_key=True,
                    hint=f"Repeat {' and '.join(lost)} for the port.",
                    related=tuple(Related(policy.field / name, "does not apply") for name in lost),
                    about=str(entry.port),
                )


def _is_mild(policy: TrafficPolicy, name: str) -> bool:
    """Whether losing a block changes next to nothing: just the order in which endpoints are picked."""
    value = (policy.field / name).value
    return name == "loadBalancer" and isinstance(value, dict) and set(value) == {"simple"}


def port_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Settings are for a port that the host does not have."""
    from meshlint.mesh.hosts.protocols import host_ports

    for rule in world.mesh.destination_rules.all:
        known = world.mesh.hosts.known(world.mesh.destination_rules.host(rule))
        ports = [port.number for port in host_ports(known)] if known is not None else []
        for owner, entry in _policies_of(rule) if ports else ():
            if entry.port is not None and entry.port not in ports:
                yield Hit(
                    entry.field / "port" / "number",
                    f"{owner} has settings for port {entry.port}, which {str(rule.host)!r} does not have, "
                    "so they are idle",
                    resource=owner,
                    hint=f"It has {listed(ports)}.".replace("'", ""),
                )


def _policies_of(rule: DestinationRule) -> Iterator[tuple[Resource, TrafficPolicy]]:
    for policy in (rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)):
        if policy is not None:
            yield from ((rule.resource, entry) for entry in policy.port_level_settings)


def same_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two DestinationRules of a namespace for one host both have a policy."""
    from meshlint.traffic.destination_rules.conflicts import conflicts

    for one, other, key in conflicts(world.mesh):
        if key == "trafficPolicy":
            yield Hit(
                one.field / "trafficPolicy",
                f"{one.resource} and {_name(other)} both have a policy for {str(one.host)!r}, "
                "so only the older's counts",
                resource=one.resource,
                on_key=True,
                hint="Merge the two policies in one DestinationRule.",
                related=(Related(other.field / "trafficPolicy", "the other policy"),),
                about=_name(other),
            )


def same_host_apart(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two DestinationRules of a namespace for one host are exported differently."""
    from meshlint.traffic.destination_rules.conflicts import conflicts

    for one, other, key in conflicts(world.mesh):
        if key == "exportTo":
            yield Hit(
                one.export_to[0].field if one.export_to else one.field / "host",
                f"{one.resource} and {_name(other)} export {str(one.host)!r} differently, "
                "so clients of both see only the younger",
                resource=one.resource,
                hint="Rules for one host are merged only if their `exportTo` is the same.",
                related=(Related(other.field / "host", "the other rule"),),
                about=_name(other),
            )


def _name(rule: DestinationRule) -> str:
    return f"{rule.resource.namespace}/{rule.resource.name}"


def selector_exported(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule for some clients is exported to other namespaces."""
    for rule in world.mesh.destination_rules.all:
        own = {".", rule.resource.namespace}
        if rule.workload_selector is not None and rule.export_to and not set(rule.export_to) <= own:
            yield Hit(
                rule.export_to[0].field,
                f"{rule.resource} selects clients and is exported, so Istio rejects it",
                resource=rule.resource,
                hint="With `workloadSelector` the only `exportTo` is `.`.",
            )


def failover_without_outliers(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Failover between localities has no outlier detection that would start it."""
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
    for owner, policy in _policies(world):
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
