"""Ports at which an external provider is not asked."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh import Mesh
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.istio.comparing import concerns_port
from meshlint.security.istio.translate import translated
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.transport.inbound import chains, service_ports

_HTTP_ONLY = "envoyExtAuthzHttp"


def unasked_ports(mesh: Mesh) -> Iterator[tuple[AuthorizationPolicy, Workload, int]]:
    """CUSTOM policies with a provider that knows only HTTP, each with a TCP port that they are for.

    There the policy is ignored, and the connection passes (Istio: CUSTOM on TCP).
    """
    kinds = dict(mesh.settings.extension_provider_kinds)
    for policy, workloads in before_sidecars(mesh):
        if policy.action == "CUSTOM" and kinds.get(policy.provider or "") == _HTTP_ONLY:
            found = ((one, port) for one in workloads for port in _open_ports(mesh, policy, one))
            first = next(found, None)
            if first is not None:
                yield policy, *first


def _open_ports(mesh: Mesh, policy: AuthorizationPolicy, workload: Workload) -> Iterator[int]:
    rules = [
        rule for rule in translated(mesh, policy, Chain.TCP, ()) if not rule.dropped and not rule.vanished
    ]
    ports = {target for found in service_ports(mesh, workload).values() for target in found}
    for port in sorted(ports):
        if chains(mesh, workload, port) == (Chain.TCP,) and any(concerns_port(one, port) for one in rules):
            yield port
