"""What makes failures worse: repeated writes, lone gateways, endless waits and missing limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh.hosts.protocols import Protocol, service_port_protocol
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.outlier_detection import OutlierDetection

REPEATING = ("5xx", "reset")
"""Conditions that hold after the server may have done its work; the others hold before it saw the request."""
REPEATABLE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
GRPC = "grpc"
DEFAULT_5XX_ERRORS = 5
"""Envoy's, where `consecutive5xxErrors` is not set (Istio: outlier detection)."""


def repeated_writes(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route repeats requests that may have been carried out."""
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.http:
            condition = _repeating(route)
            if condition is None or not _takes_writes(route):
                continue
            yield Hit(
                condition.field,
                f"{virtual_service.resource} retries requests of any method, so a POST may be done twice",
                resource=virtual_service.resource,
                hint="Retry on connect-failure and refused-stream, or give writes a route without retries.",
            )


def _repeating(route: HttpRoute) -> Text | None:
    retries = route.retries
    if retries is None or not retries.attempts or retries.retry_on is None:
        return None
    words = {word.strip() for word in retries.retry_on.split(",")}
    return retries.retry_on if words & set(REPEATING) else None


def _takes_writes(route: HttpRoute) -> bool:
    return bool(route.route) and (not route.match or any(not _is_safe(match) for match in route.match))


def _is_safe(match: HttpMatch) -> bool:
    """Whether a match takes only requests that may be repeated."""
    method = match.method
    return method is not None and method.kind == "exact" and str(method.value) in REPEATABLE_METHODS


def single_gateway(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A gateway has one pod."""
    from meshlint.traffic.gateways.pods import lone_gateways

    for workload in lone_gateways(world.mesh):
        replicas = workload.resource.at("spec", "replicas")
        yield Hit(
            replicas if replicas else workload.resource.at("metadata", "name"),
            f"{workload} is a gateway with one pod, so all traffic through it stops when that pod does",
            resource=workload.resource,
            hint="Run two at least, with a HorizontalPodAutoscaler or `replicas`.",
        )


def grpc_by_connection(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A port that is named for gRPC is declared as TCP."""
    for service in world.mesh.services.all:
        for port in service.ports:
            name = port.name
            if name is None or GRPC not in name.lower().split("-")[1:]:
                continue
            if service_port_protocol(port) is Protocol.TCP:
                yield Hit(
                    name.field if port.app_protocol is None else port.app_protocol.field,
                    f"{service} declares gRPC port '{name}' as TCP, so each connection sticks to one pod",
                    resource=service.resource,
                    hint="Name the port `grpc-…`, or set `appProtocol: grpc`.",
                )


def without_timeout(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A route that waits for its answer as long as it takes."""
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.http:
            if route.route and route.timeout is None and not route.field / "timeout":
                yield Hit(
                    route.field / "route",
                    f"{virtual_service.resource} sets no timeout, so a server that hangs holds its callers",
                    resource=virtual_service.resource,
                    on_key=True,
                    hint="Set `timeout` to what callers are ready to wait.",
                    about=str(route.field.path),
                )


def without_outlier_detection(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule that keeps sending to endpoints that fail."""
    effect = "so requests go on to a pod that fails"
    return _without(world, "outlierDetection", "puts no failing endpoint aside", effect)


def without_limits(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A DestinationRule that limits neither connections nor requests."""
    return _without(
        world, "connectionPool", "sets no limits", "so a slow server gathers requests without end"
    )


def _without(world: World, block: str, what: str, effect: str) -> Iterator[Hit]:
    for rule in world.mesh.destination_rules.all:
        policy = rule.traffic_policy
        inner = (
            *(subset.traffic_policy for subset in rule.subsets),
            *(policy.port_level_settings if policy else ()),
        )
        if policy is not None and not any(one.field / block for one in (policy, *inner) if one is not None):
            yield Hit(
                policy.field,
                f"{rule.resource} {what}, {effect}",
                resource=rule.resource,
                on_key=True,
                hint=f"Add `{block}`.",
            )


def gateway_errors_never_first(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A threshold for gateway errors that the one for all errors reaches first."""
    for rule in world.mesh.destination_rules.all:
        for found in _outlier_detections(rule):
            gateway, every = found.consecutive_gateway_errors, found.consecutive_5xx_errors
            limit = DEFAULT_5XX_ERRORS if every is None else every
            if gateway and limit and gateway >= limit:
                yield Hit(
                    found.field / "consecutiveGatewayErrors",
                    f"{rule.resource} ejects after {limit} errors of any kind, so {gateway} gateway errors "
                    "never decide",
                    resource=rule.resource,
                    hint="Set it lower than `consecutive5xxErrors`, or set that to 0.",
                    about=str(found.field.path),
                )


def _outlier_detections(rule: DestinationRule) -> Iterator[OutlierDetection]:
    policies = [rule.traffic_policy, *(subset.traffic_policy for subset in rule.subsets)]
    for policy in policies:
        for one in () if policy is None else (policy, *policy.port_level_settings):
            if one.outlier_detection is not None:
                yield one.outlier_detection
