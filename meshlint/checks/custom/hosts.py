"""Host names that routes, gateways and entries may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.checks.custom.paths import values
from meshlint.checks.custom.scope import Parameters, hit, in_scope
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.matching.hosts import host_covers

_HOSTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("networking.istio.io", "VirtualService"): ("spec", "hosts", "[]"),
    ("networking.istio.io", "Gateway"): ("spec", "servers", "[]", "hosts", "[]"),
    ("networking.istio.io", "ServiceEntry"): ("spec", "hosts", "[]"),
    ("gateway.networking.k8s.io", "Gateway"): ("spec", "listeners", "[]", "hostname"),
    ("gateway.networking.k8s.io", "HTTPRoute"): ("spec", "hostnames", "[]"),
    ("gateway.networking.k8s.io", "GRPCRoute"): ("spec", "hostnames", "[]"),
    ("gateway.networking.k8s.io", "TLSRoute"): ("spec", "hostnames", "[]"),
    ("networking.k8s.io", "Ingress"): ("spec", "rules", "[]", "host"),
}
"""Where the kinds that name hosts of the world write them."""

KINDS: Final = tuple(f"{group}/{kind}" for group, kind in _HOSTS)


def allowed_hosts(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Hosts that none of the allowed ones covers; a wildcard needs one that is as wide.

    Names of the cluster's own Services are no hosts of the world, so they are left alone.
    """
    for resource in in_scope(world, parameters):
        for field in values(resource.field, _HOSTS.get((resource.group, resource.kind), ("spec", "[]"))):
            if not isinstance(field.value, str):
                continue
            host = field.value.rpartition("/")[2].lower()
            if not _is_of_cluster(world, host) and not _is_allowed(host, parameters["hosts"]):
                message = f'{resource} names the host "{host}", which is not allowed'
                yield hit(resource, parameters, field, message)


def _is_allowed(host: str, patterns: list[str]) -> bool:
    return any(host_covers(pattern.lower(), host) for pattern in patterns)


def _is_of_cluster(world: World, host: str) -> bool:
    """Whether a host is a Service's, written in full or short."""
    if host.endswith((f".svc.{world.settings.cluster_domain}", ".svc")):
        return True
    name, dot, namespace = host.partition(".")
    if not dot:
        return name != "*"
    return any((one.name, one.namespace) == (name, namespace) for one in world.mesh.services.all)
