"""Policies for workloads that speak HTTP and nothing else, as far as the files show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import once_each, remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.selection import TargetRef
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.policies.scope import names_kubernetes_gateway
from meshlint.security.transport.inbound import chains, service_ports


def on_http_alone(mesh: Mesh) -> Iterator[AuthorizationPolicy]:
    """Policies that attach to workloads in the files, all of whose Services' ports are declared as HTTP.

    So do those that name Gateways of the Gateway API whose listeners end HTTP alone.
    """
    speak_http = once_each(partial(_speak_http, mesh))
    for policy in mesh.authorization_policies.all:
        selected = mesh.authorization_policies.selected(policy)
        on_pods = bool(selected) and speak_http(selected)
        at_gateways = bool(policy.target_refs) and all(
            _ends_http(mesh, policy, ref) for ref in policy.target_refs
        )
        if on_pods or at_gateways:
            yield policy


def _ends_http(mesh: Mesh, policy: AuthorizationPolicy, ref: TargetRef) -> bool:
    """Whether a target is a Gateway in the files that takes HTTP alone."""
    namespace = policy.resource.namespace
    named = [one for one in mesh.kubernetes_gateways if (one.namespace, one.name) == (namespace, ref.name)]
    listeners = [listener for one in named for listener in one.listeners]
    is_open = any(one.listener_sets_from != "None" for one in named)
    https = all(one.protocol in ("HTTP", "HTTPS") for one in listeners)
    return names_kubernetes_gateway(ref) and bool(listeners) and https and not is_open


def _speak_http(mesh: Mesh, workloads: tuple[Workload, ...]) -> bool:
    return all(_speaks_http(mesh, one) for one in workloads)


@remembered
def _speaks_http(mesh: Mesh, workload: Workload) -> bool:
    targets = {target for found in service_ports(mesh, workload).values() for target in found}
    return bool(targets) and all(chains(mesh, workload, port) == (Chain.HTTP,) for port in targets)
