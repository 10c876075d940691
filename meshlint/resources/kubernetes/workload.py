"""Everything that makes pods, seen as one kind of thing."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern

from meshlint.documents import Field, Path
from meshlint.resources.kubernetes.carriers import (
    CARRIERS,
    JOB_LABELS,
    carried,
    given_labels,
    inherits,
    inner_containers,
    labels_of_name,
)
from meshlint.resources.kubernetes.pod_template import PodTemplate, inline_template, pod_template
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at
from meshlint.values import frozen, once

_TEMPLATE: Path = ("spec", "template")

TEMPLATES: dict[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps.kruise.io", "CloneSet"): _TEMPLATE,
    ("apps.kruise.io", "DaemonSet"): _TEMPLATE,
    ("apps.kruise.io", "StatefulSet"): _TEMPLATE,
    ("apps.openshift.io", "DeploymentConfig"): _TEMPLATE,
    ("argoproj.io", "Rollout"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", *_TEMPLATE),
    ("batch", "Job"): _TEMPLATE,
    ("extensions", "DaemonSet"): _TEMPLATE,
    ("extensions", "Deployment"): _TEMPLATE,
    ("extensions", "ReplicaSet"): _TEMPLATE,
}
"""Kinds that make pods, as (group, kind), with the place of the pod template in them."""
WORKLOAD_KINDS = tuple(sorted({*TEMPLATES, *CARRIERS}))
"""The kinds that make pods, in the order of a set's objects."""

_LINKERD = "linkerd.io/"
_ISTIO_INJECT = "sidecar.istio.io/inject"
_WORKLOAD_NAMESPACE = f"{_LINKERD}workload-ns"
_CANONICAL_NAME = "service.istio.io/canonical-name"
_CANONICAL_REVISION = "service.istio.io/canonical-revision"
_CONTROLLER_LABELS = {
    "CronJob": JOB_LABELS,
    "DaemonSet": frozenset({"controller-revision-hash", "pod-template-generation"}),
    "Deployment": frozenset({"pod-template-hash"}),
    "Job": JOB_LABELS,
    "Rollout": frozenset({"rollouts-pod-template-hash"}),
    "StatefulSet": frozenset(
        {"apps.kubernetes.io/pod-index", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"}
    ),
}


@frozen(eq=False, repr=False)
class Workload(ObjectView):
    """An object that makes pods, a naked pod included."""

    replicas: int | None
    """`spec.replicas` as written; None lets Kubernetes or an autoscaler choose."""
    pod: PodTemplate

    @property
    def selector(self) -> Field:
        """`spec.selector`: a label selector; ReplicationController and DeploymentConfig write bare labels."""
        return self.resource.spec / "selector"

    @property
    def kind(self) -> str:
        """The kind of the object, as `Deployment`."""
        return self.resource.kind

    @property
    def is_whole(self) -> bool:
        """Whether this is more than a patch, which shows no container, or neither selector nor labels.

        A controller in `apps/v1` demands a selector, and the labels for it; a patch may set those of a mesh.
        """
        if not self.pod.containers:
            return False
        own = (label for label in self.pod.labels if "istio.io/" not in label and "linkerd.io/" not in label)
        return self.resource.api_version != "apps/v1" or bool(self.selector) or any(own)

    @once
    def pod_labels(self) -> Mapping[str, str]:
        """The labels of the pods, with those that injectors add unless the pods keep them off.

        Sources: Linkerd: labels of meshed pods; Istio: canonical service, labels of the injection template.
        """
        labels, annotations, added = self.pod.labels, self.pod.annotations, dict[str, str]()
        if annotations.get(f"{_LINKERD}inject") != "disabled":
            added[intern(f"{_LINKERD}proxy-{self.kind.lower()}")] = self.name
            added[_WORKLOAD_NAMESPACE] = self.namespace
        if (labels.get(_ISTIO_INJECT) or annotations.get(_ISTIO_INJECT)) != "false":
            added |= self._canonical(labels)
        return {**added, **labels, **labels_of_name(self.resource)}

    def _canonical(self, labels: Mapping[str, str]) -> dict[str, str]:
        name = labels.get("app.kubernetes.io/name") or labels.get("app") or self.name
        revision = labels.get("app.kubernetes.io/version") or labels.get("version") or "latest"
        return {
            _CANONICAL_NAME: name,
            _CANONICAL_REVISION: revision,
            "security.istio.io/tlsMode": "istio",
        }

    @property
    def controller_labels(self) -> frozenset[str]:
        """Labels that the kind's controller gives each pod, with values that no manifest shows."""
        return _CONTROLLER_LABELS.get(self.kind, frozenset()) | given_labels(self.resource)


def is_workload(resource: Resource) -> bool:
    """Whether `resource` is of a kind that makes pods."""
    kind = (resource.group, resource.kind)
    return kind in TEMPLATES or kind in CARRIERS


def workloads(resource: Resource) -> tuple[Workload, ...]:
    """`resource` as each of the workloads that it makes: custom kinds may have several pod templates."""
    one = workload(resource)
    carrying = (_workload(resource, template) for template in carried(resource))
    return (*(() if one is None else (one,)), *carrying)


def wholes_and_patches(resource: Resource) -> tuple[tuple[Workload, ...], tuple[Workload, ...]]:
    """The workloads that `resource` makes, and those of them that are but patches of others."""
    found = workloads(resource)
    wholes = tuple([one for one in found if one.is_whole])
    if len(wholes) == len(found):
        return found, ()
    return wholes, tuple(one for one in found if one not in wholes)


def workload(resource: Resource) -> Workload | None:
    """`resource` read as a workload; None if its kind makes no pods or no pod template is written in it."""
    path = TEMPLATES.get((resource.group, resource.kind))
    template = None
    if path is not None:
        template = mapping_at(resource.spec, *path[1:]) if path else mapping_at(resource.field)
    return None if template is None else _workload(resource, template)


def _workload(resource: Resource, template: Field) -> Workload:
    spec, inner = resource.spec, inner_containers(resource)
    also = resource.metadata if inherits(resource) else None
    return Workload(
        resource=resource,
        # A naked pod's spec has neither of the two, and must not lend a stray key.
        replicas=None if template is resource.field else spec.integer("replicas"),
        pod=inline_template(template, resource.metadata, sorted(inner))
        if inner
        else pod_template(template, also),
    )
