"""Security policies of Istio that only select workloads without a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.attachment import reach_of
from meshlint.mesh.remembered import once_each
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.istio.request_authentication import RequestAuthentication
from meshlint.resources.istio.selection import WorkloadSelector
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar, kept_out

Parameters = Mapping[str, Any]
Policy = AuthorizationPolicy | PeerAuthentication | RequestAuthentication


def without_proxy(world: World, _: Parameters) -> Iterator[Hit]:
    """A policy with a selector none of whose workloads has a proxy to enforce it."""
    any_out = once_each(partial(_any_out, world.mesh))
    for policy, selected in _selecting(world):
        if not any_out(selected):
            continue
        out = _kept_out(world.mesh, policy)
        near = (one for one in selected if belong_together(policy.resource, one.resource))
        first = next(near, None)
        if first is not None and first in out and all(one in out for one in near):
            reason = istio_sidecar(world.mesh, first).reason
            yield Hit(
                policy.field / "selector",
                f"{policy.resource} selects {first}, which has no proxy, so nothing enforces it",
                resource=policy.resource,
                on_key=True,
                related=(Related(first.resource.at("metadata", "name"), f"it has none because {reason}"),),
            )


def _selecting(world: World) -> Iterator[tuple[Policy, tuple[Workload, ...]]]:
    """The policies with labels that may be for a workload without a proxy, and what they select."""
    mesh = world.mesh
    for policy in mesh.authorization_policies.all:
        if _has_labels(policy.selector) and not policy.target_refs and _kept_out(mesh, policy):
            yield policy, mesh.authorization_policies.selected(policy)
    for tokens in mesh.request_authentications.all:
        if _has_labels(tokens.selector) and not tokens.target_refs and _kept_out(mesh, tokens):
            yield tokens, mesh.request_authentications.selected(tokens)
    for mtls in mesh.peer_authentications.all:
        if mtls.selector is not None and mtls.selector.labels and _kept_out(mesh, mtls):
            yield mtls, mesh.workloads.labelled(mtls.resource.namespace, mtls.selector.labels)


def _any_out(mesh: Mesh, workloads: tuple[Workload, ...]) -> bool:
    return any(one in kept_out(mesh, one.namespace) for one in workloads)


def _kept_out(mesh: Mesh, policy: Policy) -> frozenset[Workload]:
    """The workloads that a policy may be for and that have no proxy."""
    return kept_out(mesh, reach_of(policy, mesh.settings))


def _has_labels(selector: WorkloadSelector | None) -> bool:
    return selector is not None and bool(selector.labels)
