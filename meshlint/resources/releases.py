"""Helm releases as the objects that ask for them describe them: which chart, where, and with what values.

Sources: Flux HelmRelease (chart, chartRef, targetNamespace, values, valuesFrom), Argo CD Application (sources
with a chart; helm.valuesObject, values and parameters), the HelmChart of k3s (chart, valuesContent).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from meshlint.documents import Field, read
from meshlint.resources.resource import Resource
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.resources.collection import ResourceSet

FLUX: Final = ("helm.toolkit.fluxcd.io", "HelmRelease")
ARGO: Final = ("argoproj.io", "Application")
K3S: Final = ("helm.cattle.io", "HelmChart")
RELEASING: Final = (FLUX, ARGO, K3S)


@frozen(eq=False, repr=False)
class Release:
    """A release that `resource` asks for.

    `chart` is the last step of the name or path of the chart, empty if only a reference tells it. `namespace`
    is where it goes, None if whoever applies the object decides. `values` are the roots of what it is given.
    """

    resource: Resource
    chart: str
    namespace: str | None
    values: Field | None


def releases(resource: Resource) -> tuple[Release, ...]:
    """The releases that an object asks for; none for objects of other kinds."""
    kind = (resource.group, resource.kind)
    return tuple(_READERS[kind](resource)) if kind in _READERS else ()


def values_from(release: Release, resources: ResourceSet) -> Iterator[Field]:
    """The values in ConfigMaps in view that a HelmRelease takes before its own ones, in their order."""
    for source in release.resource.spec.items("valuesFrom"):
        if source.text("kind") != "ConfigMap" or source.text("targetPath"):
            continue
        for one in resources.of("", "ConfigMap"):
            if (one.namespace, one.name) == (release.resource.namespace, source.text("name")):
                key = source.text("valuesKey") or "values.yaml"
                yield from _embedded(one.field / "data", key)


def _flux(resource: Resource) -> Iterator[Release]:
    spec = resource.spec
    chart = (spec / "chart" / "spec").text("chart") or (spec / "chartRef").text("name")
    own = resource.namespace if resource.names_namespace else None
    yield Release(resource, _last(chart), spec.text("targetNamespace") or own, _mapping(spec / "values"))


def _argo(resource: Resource) -> Iterator[Release]:
    spec = resource.spec
    namespace = (spec / "destination").text("namespace")
    for source in (spec / "source", *spec.items("sources")):
        chart, helm = source.text("chart"), source / "helm"
        if chart or helm:
            values = _mapping(helm / "valuesObject") or next(_embedded(helm, "values"), None)
            yield Release(resource, _last(chart or source.text("path")), namespace, values)


def _k3s(resource: Resource) -> Iterator[Release]:
    spec = resource.spec
    own = resource.namespace if resource.names_namespace else None
    values = next(_embedded(spec, "valuesContent"), None)
    yield Release(resource, _last(spec.text("chart")), spec.text("targetNamespace") or own, values)


_READERS: Final = {FLUX: _flux, ARGO: _argo, K3S: _k3s}


def _last(name: str | None) -> str:
    return (name or "").rstrip("/").rpartition("/")[2]


def _mapping(field: Field) -> Field | None:
    return field if isinstance(field.value, dict) else None


def _embedded(holder: Field, key: str) -> Iterator[Field]:
    """The YAML in a text; its parts stand where the text does."""
    text = holder.text(key)
    documents = read(holder.document.file, text.encode(errors="replace")).documents if text else ()
    for document in documents[:1]:
        if isinstance(document.value, dict):
            yield Field(holder.document, (*holder.path, key), document.value)
