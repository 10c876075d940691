"""Settings of Linkerd's proxy that annotations make, and where they count.

The injector reads the annotations of the pod, which are those of the pod template, and copies most of those
of the namespace to pods that lack them; the object that makes the pods is never asked (Linkerd: injector).
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import TEMPLATES, Workload
from meshlint.resources.linkerd.group import POLICY, WORKLOADS

CONFIG = "config.linkerd.io/"
PREFIXES = (CONFIG, "config.alpha.linkerd.io/", "config.beta.linkerd.io/")
INJECT = "linkerd.io/inject"
ADMISSION_WEBHOOKS = "config.linkerd.io/admission-webhooks"
DEFAULT_POLICY = "config.linkerd.io/default-inbound-policy"
SKIP_INBOUND = "config.linkerd.io/skip-inbound-ports"
SKIP_OUTBOUND = "config.linkerd.io/skip-outbound-ports"
OPAQUE = "config.linkerd.io/opaque-ports"
REQUIRE_IDENTITY = "config.linkerd.io/proxy-require-identity-inbound-ports"

_ELSEWHERE = {
    ("", "Service"): frozenset({OPAQUE}),
    (POLICY, "EgressNetwork"): frozenset({OPAQUE}),
    (WORKLOADS, "ExternalWorkload"): frozenset({OPAQUE, DEFAULT_POLICY, REQUIRE_IDENTITY}),
}
"""What counts on kinds other than namespaces and pods."""


@frozen(eq=False)
class Misplaced:
    """A setting on an object that nobody reads it from; `counts_on` is the place that is read."""

    resource: Resource
    key: str
    value: Text
    counts_on: str


def is_setting(key: str) -> bool:
    """Whether an annotation configures the proxy or asks for it."""
    return key == INJECT or key.startswith(PREFIXES)


def inherited(mesh: Mesh, workload: Workload, key: str) -> Text | None:
    """The value of `key` that the pods of `workload` end up with: their own, else the namespace's."""
    own = workload.pod.annotations.get(key)
    if own is not None:
        return own
    return (mesh.namespaces.annotations(workload.namespace) or {}).get(key)


def misplaced(mesh: Mesh) -> Iterator[Misplaced]:
    """Annotations that configure nothing where they stand, unless the right place says the same."""
    makers = {id(workload.resource): workload for workload in mesh.workloads.all if workload.kind != "Pod"}
    for resource in mesh.resources.resources:
        kind = (resource.group, resource.kind)
        workload = makers.get(id(resource))
        if workload is None and kind not in _ELSEWHERE and not _is_policy(resource):
            continue
        allowed = _ELSEWHERE.get(kind, frozenset())
        for key, value in _settings(resource, "annotations"):
            if key not in allowed and (workload is None or not _is_said(mesh, workload, key, value)):
                yield Misplaced(resource, key, value, _place(workload))


def as_labels(mesh: Mesh) -> Iterator[Misplaced]:
    """Settings that are written as labels, where only annotations are read."""
    makers = {id(workload.resource): workload for workload in mesh.workloads.all}
    for resource in mesh.resources.resources:
        workload = makers.get(id(resource))
        if workload is None and (resource.group, resource.kind) not in (("", "Namespace"), ("", "Service")):
            continue
        place = "the annotations of the same metadata" if workload is None else _place(workload)
        found = dict(_settings(resource, "labels"))
        if workload is not None:
            found.update((k, v) for k, v in workload.pod.labels.items() if is_setting(k))
        for key, value in found.items():
            if key == ADMISSION_WEBHOOKS or key in resource.annotations:
                continue
            if workload is None or not _is_said(mesh, workload, key, value):
                yield Misplaced(resource, key, value, place)


def _settings(resource: Resource, holder: str) -> Iterator[tuple[str, Text]]:
    place = resource.at("metadata", holder)
    if not isinstance(place.value, dict) or not any(is_setting(str(key)) for key in place.value):
        return
    for key, value in resource.at("metadata").mapping(holder).items():
        if is_setting(key):
            yield key, value


def _is_said(mesh: Mesh, workload: Workload, key: str, value: str) -> bool:
    """Whether the pods get the setting anyway; what their template says is the author's last word."""
    if key in workload.pod.annotations:
        return True
    return (mesh.namespaces.annotations(workload.namespace) or {}).get(key) == value


def _is_policy(resource: Resource) -> bool:
    return resource.group == POLICY


def _place(workload: Workload | None) -> str:
    if workload is None:
        return "the namespace or the pod template"
    path = TEMPLATES.get((workload.resource.group, workload.resource.kind), ())
    return "`" + ".".join((*map(str, path), "metadata.annotations")) + "`"
