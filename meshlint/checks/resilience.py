"""Retries that repeat writes, gateways that stand alone, and calls that are balanced by connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.mesh.protocols import Protocol, service_port_protocol
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.http_route import HttpRoute

REPEATING = ("5xx", "reset")
"""Conditions that hold after the server may have done its work; the others hold before it saw the request."""
REPEATABLE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
GRPC = "grpc"


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
    from meshlint.traffic.gateway_pods import lone_gateways

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
