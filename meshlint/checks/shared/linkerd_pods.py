"""Annotations of Linkerd on namespaces and pods, and pods without its proxy in its namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.linkerd import injecting_namespaces, linkerd_proxy
from meshlint.security.membership.presence import Membership


def written(mesh: Mesh, key: str) -> Iterator[tuple[Resource, Text]]:
    """Where `key` is written in a place that counts: on namespaces and on pod templates."""
    for declared in mesh.resources.of("", "Namespace"):
        value = declared.annotations.get(key)
        if value is not None:
            yield declared, value
    for workload in mesh.workloads.all:
        value = workload.pod.annotations.get(key)
        if value is not None:
            yield workload.resource, value


def absent(mesh: Mesh) -> Iterator[tuple[Workload, Membership]]:
    """Workloads that surely get no proxy although others of their namespace do."""
    injecting = injecting_namespaces(mesh)
    for workload in mesh.workloads.all:
        if workload.namespace in injecting:
            membership = linkerd_proxy(mesh, workload)
            if membership.is_absent:
                yield workload, membership
