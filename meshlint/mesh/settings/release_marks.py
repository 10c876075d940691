"""What in the files shows which release of a mesh is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any, Final

from meshlint.documents import Field
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.definition import bundle_version
from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.values import frozen, regex

SHOWING_BY_IMAGE: Final = tuple(TEMPLATES)
"""The kinds of which the settings tell nothing but what their images show."""
_MESHES: Final = ("istio", "/asm/", "linkerd", "l5d", "buoyantio")
_IMAGE: Final = regex(r"(?:^|/)([a-z0-9-]+):([\w.-]+)(?:@sha256:\w+)?$")
_CONTROL: Final = {"pilot": "Istio", "controller": "Linkerd", "policy-controller": "Linkerd"}
_PROXIES: Final = {"proxyv2": "Istio", "ztunnel": "Istio", "install-cni": "Istio", "proxy": "Linkerd"}
_CHARTS: Final = {
    "istiod": "Istio",
    "linkerd-enterprise-control-plane": "Linkerd",
    "linkerd-enterprise-crds": "Linkerd",
}
_ISTIO: Final = regex(r"v?(1\.\d{1,3})(?:[.-].*)?\Z")
_LINKERD: Final = regex(r"(?:stable-|enterprise-|version-|v)?(2\.\d{1,2})(?:[.-].*)?\Z")
_EDGE: Final = regex(r"edge-(\d{2})\.(\d{1,2})\.(\d{1,3})\Z")
_PINNED: Final = regex(r"[=v~]?\s*(\d+\.\d+)(?:\.[\dx*]\S*)?\Z")
_EDGES: Final = (
    ((24, 2, 4), (2, 15)),
    ((24, 8, 2), (2, 16)),
    ((24, 11, 8), (2, 17)),
    ((25, 4, 4), (2, 18)),
    ((25, 10, 7), (2, 19)),
    ((26, 6, 99), (2, 20)),
)
"""The last edge release before each release (Linkerd: each release is cut from an edge release)."""


class Rank(IntEnum):
    """How near to the point a mark is: the control plane decides, and its proxies may be older."""

    CONTROL_PLANE = 0
    DEFINITIONS = 1
    PROXIES = 2


@frozen(repr=False)
class Mark:
    """A place that shows which release of a project is installed."""

    project: str
    release: tuple[int, int]
    rank: Rank
    at: Field


def release_marks(resources: ResourceSet) -> Iterator[Mark]:
    """Every mark in the files: images, charts, installers' fields, and labels of definitions."""
    yield from _images(resources)
    yield from marks_beside_images(resources)


def marks_beside_images(resources: ResourceSet) -> Iterator[Mark]:
    """The marks in objects that are about releases: most sets have few of these."""
    yield from _installers(resources)
    yield from _charts(resources)
    yield from _definitions(resources)


def decisive(marks: Iterable[Mark]) -> Mapping[str, tuple[Mark, ...]]:
    """The marks that decide, by project, the one that counts first.

    What has to work with two control planes, as while one is replaced by the other, is held to the lower
    release. Proxies may be older than their control plane and never newer (Istio: supported skew), so that of
    them the highest release counts.
    """
    by_project: dict[str, list[Mark]] = {}
    for mark in marks:
        by_project.setdefault(mark.project, []).append(mark)
    return {project: _decisive(those) for project, those in by_project.items()}


def _decisive(marks: list[Mark]) -> tuple[Mark, ...]:
    rank = min(mark.rank for mark in marks)
    nearest = sorted((mark for mark in marks if mark.rank is rank), key=_place)
    return tuple(sorted(nearest, key=lambda mark: mark.release, reverse=rank is Rank.PROXIES))


def _place(mark: Mark) -> tuple[str, int]:
    return mark.at.document.file, mark.at.span().line


def release_in(project: str, text: str) -> tuple[int, int] | None:
    """The release that a tag or version names; None where it names none, such as `latest`."""
    match = (_ISTIO if project == "Istio" else _LINKERD).match(text)
    if match is not None:
        major, _, minor = match[1].partition(".")
        return int(major), int(minor)
    edge = _EDGE.match(text) if project == "Linkerd" else None
    if edge is None:
        return None
    built = (int(edge[1]), int(edge[2]), int(edge[3]))
    return next((release for last, release in _EDGES if built <= last), (2, 21))


def _images(resources: ResourceSet) -> Iterator[Mark]:
    for kind in SHOWING_BY_IMAGE:
        for resource in resources.of(*kind):
            yield from image_marks(resource)


def image_marks(resource: Resource) -> Iterator[Mark]:
    """The marks in what makes pods: it shows the release of a mesh by nothing but its images."""
    spec = (*TEMPLATES[resource.group, resource.kind], "spec")
    pod = _inside(resource.field.value, spec)
    for name in ("containers", "initContainers"):
        containers = pod.get(name)
        for index, one in enumerate(containers if isinstance(containers, list) else ()):
            image = one.get("image") if isinstance(one, dict) else None
            if isinstance(image, str) and any(mesh in image for mesh in _MESHES):
                yield from _image(image, resource.at(*spec, name, index, "image"))


def _image(image: str, at: Field) -> Iterator[Mark]:
    match = _IMAGE.search(image)
    name, tag = (match[1], match[2]) if match else ("", "")
    project = _CONTROL.get(name) or _PROXIES.get(name)
    release = release_in(project, tag) if project else None
    if project and release:
        yield Mark(project, release, Rank.CONTROL_PLANE if name in _CONTROL else Rank.PROXIES, at)


def _installers(resources: ResourceSet) -> Iterator[Mark]:
    """The fields of what installs Istio: its operator's, and those of the Sail operator."""
    fields = {
        ("install.istio.io", "IstioOperator"): "tag",
        ("sailoperator.io", "Istio"): "version",
        ("sailoperator.io", "IstioRevision"): "version",
    }
    for kind, field in fields.items():
        for resource in resources.of(*kind):
            yield from _said("Istio", resource.at("spec", field), Rank.CONTROL_PLANE)


def _charts(resources: ResourceSet) -> Iterator[Mark]:
    """Charts of a mesh, as Flux and Argo CD have them installed."""
    for resource in resources.of("helm.toolkit.fluxcd.io", "HelmRelease"):
        yield from _chart(resource, ("spec", "chart", "spec"), "version")
    for resource in resources.of("argoproj.io", "Application"):
        yield from _chart(resource, ("spec", "source"), "targetRevision")
        for index, _ in enumerate(resource.spec.items("sources")):
            yield from _chart(resource, ("spec", "sources", index), "targetRevision")


def _chart(resource: Resource, path: tuple[str | int, ...], field: str) -> Iterator[Mark]:
    source = resource.at(*path)
    project = _CHARTS.get(str(source.text("chart")))
    version = source.text(field)
    match = _PINNED.match(version) if project and version else None
    if project and match:
        yield from _named(project, match[1], source / field, Rank.CONTROL_PLANE)


def _definitions(resources: ResourceSet) -> Iterator[Mark]:
    """Definitions of the Gateway API name their release; those of Istio's charts do by labels."""
    for definition in resources.of("apiextensions.k8s.io", "CustomResourceDefinition"):
        bundle = bundle_version(definition)
        if bundle is not None and bundle[1][0] > 0:
            yield Mark("Gateway API", bundle[1][:2], Rank.DEFINITIONS, bundle[0].field)
        labels = definition.labels
        if str(definition.spec.text("group")).endswith(".istio.io"):
            for label in ("app.kubernetes.io/version", "operator.istio.io/version"):
                if label in labels:
                    yield from _said("Istio", definition.at("metadata", "labels", label), Rank.DEFINITIONS)


def _said(project: str, at: Field, rank: Rank) -> Iterator[Mark]:
    if isinstance(at.value, str):
        yield from _named(project, at.value, at, rank)


def _named(project: str, text: str, at: Field, rank: Rank) -> Iterator[Mark]:
    release = release_in(project, text)
    if release is not None:
        yield Mark(project, release, rank, at)


def _inside(value: Any, path: tuple[Any, ...]) -> Mapping[str, Any]:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
