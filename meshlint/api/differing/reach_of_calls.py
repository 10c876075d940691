"""Whose calls may a change of some objects concern? On the safe side, so that the rest need not be asked.

Policies of a namespace speak of its own workloads, and a workload or a Service of the calls that it takes and
makes (Istio: policy attachment; Linkerd: Servers and authorizations). Of whatever else is changed, all calls
are asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.api.differing.objects import BESIDE_THE_TRAFFIC, Changed
from meshlint.mesh import Mesh
from meshlint.mesh.settings.settings import MeshSettings, Versions
from meshlint.values import evolve, field, frozen

_SECURITY, _POLICY = "security.istio.io", "policy.linkerd.io"
_OF_A_NAMESPACE = {
    (_SECURITY, "AuthorizationPolicy"),
    (_SECURITY, "PeerAuthentication"),
    (_SECURITY, "RequestAuthentication"),
    (_POLICY, "Server"),
    (_POLICY, "ServerAuthorization"),
    (_POLICY, "AuthorizationPolicy"),
    (_POLICY, "HTTPRoute"),
}
_OF_NO_CALL = BESIDE_THE_TRAFFIC | {
    ("", "Secret"),
    ("linkerd.io", "ServiceProfile"),
    ("networking.istio.io", "VirtualService"),
}
"""Kinds that decide neither who is let in nor how calls travel."""


@frozen
class Reach:
    """What has to be asked: `namespaces` are those of destinations, `clients` callers as `NAMESPACE/NAME`."""

    is_everywhere: bool = False
    namespaces: frozenset[str] = field(factory=frozenset)
    clients: frozenset[str] = field(factory=frozenset)

    def takes(self, namespace: str) -> bool:
        """Whether all calls to a destination of the namespace have to be asked."""
        return self.is_everywhere or namespace in self.namespaces


def reach_of(changes: Iterable[Changed], before: Mesh, after: Mesh) -> Reach:
    """Whose calls the changes may concern; `before` and `after` are the meshes of the two sides."""
    meshes = (before, after)
    if _settings(before) != _settings(after):
        return Reach(is_everywhere=True)
    namespaces: set[str] = set()
    clients: set[str] = set()
    for change in changes:
        kind = (change.id.group, change.id.kind)
        if change.is_moved or kind in _OF_NO_CALL:
            continue
        if _is_local(change, meshes):
            namespaces.add(change.id.namespace)
            clients.update(_named(change, meshes))
        elif kind == ("", "Namespace"):
            namespaces.add(change.id.name)
            clients.update(_within(change.id.name, meshes))
        else:
            return Reach(is_everywhere=True)
    return Reach(False, frozenset(namespaces), frozenset(clients))


def _is_local(change: Changed, meshes: tuple[Mesh, Mesh]) -> bool:
    kind = (change.id.group, change.id.kind)
    if kind in _OF_A_NAMESPACE:
        is_root = any(change.id.namespace == mesh.settings.root_namespace for mesh in meshes)
        return not is_root and not any(mesh.waypoints.all for mesh in meshes)
    return kind in (("", "Service"), ("", "ServiceAccount")) or bool(_named(change, meshes))


def _named(change: Changed, meshes: tuple[Mesh, Mesh]) -> set[str]:
    """The workloads that a change is about, if it is about any."""
    own = {id(one) for one in change.versions}
    named = (mesh.workloads.in_namespace(change.id.namespace) for mesh in meshes)
    return {f"{one.namespace}/{one.name}" for held in named for one in held if id(one.resource) in own}


def _within(namespace: str, meshes: tuple[Mesh, Mesh]) -> set[str]:
    held = (mesh.workloads.in_namespace(namespace) for mesh in meshes)
    return {f"{one.namespace}/{one.name}" for workloads in held for one in workloads}


def _settings(mesh: Mesh) -> MeshSettings:
    """The settings of a mesh as far as they decide on calls, without the places that they stand at."""
    settings = mesh.settings
    return evolve(settings, default_retries=None, versions=Versions(settings.versions.releases))
