"""AuthorizationPolicies with values that look right and never match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.matching import istio_header
from meshlint.mesh.hosts.protocols import Protocol
from meshlint.mesh.questions.spoken import speaking
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.policies.values.dead import misspelt_methods, plain_server_names, unguarded_ports
from meshlint.security.transport.inbound import protocols, served_ports

Parameters = Mapping[str, Any]
_GRPC = frozenset({Protocol.GRPC, Protocol.GRPC_WEB})


def server_name(world: World, _: Parameters) -> Iterator[Hit]:
    """A server name that sidecars do not send."""
    for found in plain_server_names(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} asks for server name '{found.value}', which no sidecar sends, so "
            f"{found.effect}",
            resource=found.policy.resource,
            hint="Between sidecars it reads `outbound_.80_._.host`: compare hosts or ports instead.",
        )


def proxy_port(world: World, _: Parameters) -> Iterator[Hit]:
    """A port of the proxy itself, before which no policy stands."""
    for found in unguarded_ports(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} denies port {found.value} of the proxy itself, which no policy guards, "
            "so it stops nobody",
            resource=found.policy.resource,
            hint="Close the port with a NetworkPolicy.",
        )


def method(world: World, _: Parameters) -> Iterator[Hit]:
    """A method that nobody sends."""
    for found, meant in misspelt_methods(world.mesh):
        yield Hit(
            found.value.field,
            f"{found.policy.resource} names method '{found.value}', which nobody sends, so {found.effect}",
            resource=found.policy.resource,
            hint=f"Did you mean '{meant}'?",
        )


def grpc_without_post(world: World, _: Parameters) -> Iterator[Hit]:
    """A rule for a gRPC server by methods that gRPC never uses."""
    services = speaking(world.mesh, *_GRPC)
    serving = {workload for one in services for workload in world.mesh.services.backing(one)}
    policies = world.mesh.authorization_policies.all if serving else ()
    for policy, workloads in before_sidecars(world.mesh, policies):
        if serving.isdisjoint(workloads):
            continue
        spoken = {
            protocol
            for one in workloads
            for port in served_ports(world.mesh, one)
            for protocol in protocols(world.mesh, one, port)
        }
        if not spoken or not spoken <= _GRPC:
            continue
        for rule in policy.rules or ():
            for operation in rule.to or ():
                if operation.methods and not any(
                    istio_header(one).admits("POST") for one in operation.methods
                ):
                    yield Hit(
                        operation.methods[0].field,
                        f"{policy} names other methods than POST for gRPC, so the rule never matches",
                        resource=policy.resource,
                        hint="Calls of gRPC are POSTs; name them by `paths`, `/package.Service/Method`.",
                    )
