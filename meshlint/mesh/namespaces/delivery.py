"""Namespaces that tools fill with objects of which the files show nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.mesh.namespaces.placement import are_neighbours
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.releases import RELEASING, Release, releases

_OF_MESHES: Final = frozenset(
    {"base", "istiod", "istio-discovery", "cni", "istio-cni", "ztunnel"}
    | {"linkerd-crds", "linkerd-control-plane", "linkerd2-cni"}
    | {"linkerd-enterprise-crds", "linkerd-enterprise-control-plane"}
)
"""Charts of the meshes: what they create is known, and no application calls it."""
_FLUX: Final = ("kustomize.toolkit.fluxcd.io", "Kustomization")


def filled_elsewhere(resources: ResourceSet, settings: MeshSettings) -> frozenset[str]:
    """The namespaces that may hold Services and pods which no file shows.

    A chart that is not rendered may create any; so may a path outside of the files, and what a kustomization
    takes from outside.
    """
    found = set(settings.filled_namespaces)
    for kind in RELEASING:
        for resource in resources.of(*kind):
            if not _is_followed(resource, settings):
                found.update(_of(resource, resources))
    for resource in resources.of(*_FLUX):
        target = resource.spec.text("targetNamespace")
        if target and not _is_followed(resource, settings):
            found.add(str(target))
    return frozenset(found)


def _is_followed(resource: Resource, settings: MeshSettings) -> bool:
    return (resource.kind, resource.namespace, resource.name) in settings.followed


def _of(resource: Resource, resources: ResourceSet) -> Iterator[str]:
    asked = releases(resource)
    destination = (resource.spec / "destination").text("namespace")
    if not asked and destination:
        yield str(destination)
    for release in asked:
        if release.chart not in _OF_MESHES:
            yield from [release.namespace] if release.namespace else _around(release, resources)


def _around(release: Release, resources: ResourceSet) -> Iterator[str]:
    """The namespaces of what lies beside a release that names none: it goes to one of them."""
    file = release.resource.document.file
    for one in resources.resources:
        if one.namespace and are_neighbours(file, one.document.file):
            yield one.namespace
