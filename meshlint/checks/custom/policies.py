"""Workloads that have to stand behind a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from meshlint.checks.custom.scope import Parameters, hit, in_scope
from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.matching.labels import LabelSelector
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload, workload


def require_policy_for(world: World, parameters: Parameters) -> Iterator[Hit]:
    """Workloads that no policy of a kind is for, as the mesh attaches them."""
    kind = parameters["policy"]
    for resource in in_scope(world, parameters):
        pods = workload(resource)
        if pods is not None and not policies_for(world, pods, kind):
            message = f"{resource} has no {kind}"
            yield hit(resource, parameters, resource.metadata / "name", message)


def policies_for(world: World, pods: Workload, kind: str) -> tuple[Resource, ...]:
    """The policies of a kind that are for a workload; empty for a kind that `KINDS` does not name."""
    find = _FINDERS.get(kind)
    return () if find is None else tuple(find(world, pods))


def _authorization(world: World, pods: Workload) -> Iterator[Resource]:
    yield from (one.resource for one in world.mesh.authorization_policies.attached_to(pods))
    linkerd = world.mesh.linkerd
    for server in linkerd.servers_of(pods):
        yield from (one.resource for one in linkerd.policies_for(server))


def _peer_authentication(world: World, pods: Workload) -> Iterator[Resource]:
    known = world.mesh.peer_authentications
    for one in (*known.of_workload(pods), *known.of_namespace(pods.namespace), *known.mesh):
        yield one.resource


def _request_authentication(world: World, pods: Workload) -> Iterator[Resource]:
    yield from (one.resource for one in world.mesh.request_authentications.attached_to(pods))


def _server(world: World, pods: Workload) -> Iterator[Resource]:
    yield from (one.resource for one in world.mesh.linkerd.servers_of(pods))


def _selecting(group: str, kind: str, key: str) -> Callable[[World, Workload], Iterator[Resource]]:
    """Kinds of Kubernetes that choose pods of their own namespace by `spec.KEY`."""

    def found(world: World, pods: Workload) -> Iterator[Resource]:
        for one in world.resources.of(group, kind):
            if one.namespace == pods.namespace and _selects(one, key, pods):
                yield one

    return found


def _selects(one: Resource, key: str, pods: Workload) -> bool:
    written = (one.spec / key).value
    return LabelSelector.read(written if isinstance(written, dict) else {}).admits(pods.pod_labels)


def _scaling(world: World, pods: Workload) -> Iterator[Resource]:
    for one in world.resources.of("autoscaling", "HorizontalPodAutoscaler"):
        target = one.spec / "scaleTargetRef"
        named = (target.text("kind"), target.text("name"), one.namespace)
        if named == (pods.kind, pods.name, pods.namespace):
            yield one


_FINDERS: Final[dict[str, Callable[[World, Workload], Iterator[Resource]]]] = {
    "AuthorizationPolicy": _authorization,
    "HorizontalPodAutoscaler": _scaling,
    "NetworkPolicy": _selecting("networking.k8s.io", "NetworkPolicy", "podSelector"),
    "PeerAuthentication": _peer_authentication,
    "PodDisruptionBudget": _selecting("policy", "PodDisruptionBudget", "selector"),
    "RequestAuthentication": _request_authentication,
    "Server": _server,
}

KINDS: Final[Sequence[str]] = tuple(_FINDERS)
"""The kinds of policies that a workload may be asked to have."""
