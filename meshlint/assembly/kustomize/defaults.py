"""Which fields kustomize touches by default.

Source: the default configuration of kustomize's transformers (commonLabels, labels, commonAnnotations,
images, replicas, namespace, nameReference, varReference). None of it knows the kinds of Istio, Linkerd or
Gateway API: names in their fields stay as they are written, unless `configurations` say more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeVar

from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import FieldSpec
from meshlint.assembly.kustomize.piece import Gvk
from meshlint.values import evolve, field, frozen

_APPS: Final = "apps"
_RBAC: Final = "rbac.authorization.k8s.io"
_ADMISSION: Final = "admissionregistration.k8s.io"
_PODS: Final = {
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
}
_OWNERS: Final = {
    **{kind: path for kind, path in _PODS.items() if kind not in {"PodTemplate", "ReplicaSet"}},
    "ReplicationController": "spec/template/spec",
}


@frozen(repr=False)
class Reference:
    """A field that names an object of the kinds that `target` selects."""

    target: Gvk
    field: FieldSpec


@frozen(repr=False)
class Configuration:
    """The fields of all transformers; what a kustomization configures is added for it and those above it."""

    labels: tuple[FieldSpec, ...] = ()
    common_labels: tuple[FieldSpec, ...] = ()
    template_labels: tuple[FieldSpec, ...] = ()
    annotations: tuple[FieldSpec, ...] = ()
    namespace: tuple[FieldSpec, ...] = ()
    prefix: tuple[FieldSpec, ...] = ()
    suffix: tuple[FieldSpec, ...] = ()
    images: tuple[FieldSpec, ...] = ()
    replicas: tuple[FieldSpec, ...] = ()
    references: tuple[Reference, ...] = ()
    variables: tuple[FieldSpec, ...] = field(factory=tuple)

    def joined(self, other: Configuration) -> Configuration:
        """Both together, each field once; raises `CannotBuild` if they differ on whether one is created."""
        names = [one.name for one in Configuration.__attrs_attrs__]
        return evolve(self, **{name: _merged(getattr(self, name), getattr(other, name)) for name in names})


Entries = TypeVar("Entries", tuple[FieldSpec, ...], tuple[Reference, ...])


def _merged(one: Entries, other: Entries) -> Entries:
    """The entries of both: what says the same of more kinds than one that is there already is left out.

    Source: kustomize, `FsSlice.MergeAll`, which takes them in the order of their kinds; so what names a kind
    takes the place of the default for all kinds where its kind comes first.
    """
    new = [entry for entry in other if entry not in set(one)]
    if not new:
        return one
    known: dict[object, list[FieldSpec]] = {}
    result = list(one)
    for entry in one:
        known.setdefault(_place(entry), []).append(_field_of(entry))
    for entry in new:
        field = _field_of(entry)
        alike = known.setdefault(_place(entry), [])
        found = next((each for each in alike if each.gvk.selected_by(field.gvk)), None)
        if found is None:
            alike.append(field)
            result.append(entry)
        elif found.create != field.create:
            raise CannotBuild(f"{field.path} is configured twice, once to be created and once not")
    if isinstance(result[0], FieldSpec):
        result.sort(key=lambda entry: _field_of(entry).gvk.order)
    return tuple(result)


def _field_of(entry: FieldSpec | Reference) -> FieldSpec:
    return entry.field if isinstance(entry, Reference) else entry


def _place(entry: FieldSpec | Reference) -> object:
    return (entry.target, entry.field.path) if isinstance(entry, Reference) else entry.path


def _spec(
    path: str, kind: str = "", group: str = "", version: str = "", *, create: bool = False
) -> FieldSpec:
    return FieldSpec(path, Gvk(group, version, kind), create)


def _metadata(part: str) -> Iterator[FieldSpec]:
    """`metadata/<part>` of objects and of the templates in them."""
    yield _spec(f"metadata/{part}", create=True)
    yield _spec(f"spec/template/metadata/{part}", "ReplicationController", version="v1", create=True)
    for kind in ("Deployment", "ReplicaSet", "DaemonSet"):
        yield _spec(f"spec/template/metadata/{part}", kind, create=True)
    group = _APPS if part == "labels" else ""
    yield _spec(f"spec/template/metadata/{part}", "StatefulSet", group, create=True)
    if part == "labels":
        yield _spec(f"spec/volumeClaimTemplates[]/metadata/{part}", "StatefulSet", _APPS, create=True)
    yield _spec(f"spec/template/metadata/{part}", "Job", "batch", create=True)
    yield _spec(f"spec/jobTemplate/metadata/{part}", "CronJob", "batch", create=True)
    yield _spec(f"spec/jobTemplate/spec/template/metadata/{part}", "CronJob", "batch", create=True)


def _selectors() -> Iterator[FieldSpec]:
    for kind in ("Service", "ReplicationController"):
        yield _spec("spec/selector", kind, version="v1", create=True)
    for kind, group in (("Deployment", ""), ("ReplicaSet", ""), ("DaemonSet", ""), ("StatefulSet", _APPS)):
        yield _spec("spec/selector/matchLabels", kind, group, create=True)
    for kind in ("Deployment", "StatefulSet"):
        for which in ("podAffinity", "podAntiAffinity"):
            start = f"spec/template/spec/affinity/{which}"
            preferred = "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm"
            yield _spec(f"{start}/{preferred}/labelSelector/matchLabels", kind, _APPS)
            required = "requiredDuringSchedulingIgnoredDuringExecution"
            yield _spec(f"{start}/{required}/labelSelector/matchLabels", kind, _APPS)
        spread = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"
        yield _spec(spread, kind, _APPS)
    yield _spec("spec/selector/matchLabels", "Job", "batch")
    yield _spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", "batch")
    yield _spec("spec/selector/matchLabels", "PodDisruptionBudget", "policy")
    for path in ("podSelector", "ingress/from/podSelector", "egress/to/podSelector"):
        yield _spec(f"spec/{path}/matchLabels", "NetworkPolicy", "networking.k8s.io")


def _references() -> Iterator[Reference]:
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"):
        yield _reference(Gvk(kind=kind), "spec/scaleTargetRef/name", "HorizontalPodAutoscaler")
    yield from _references_to_config_maps()
    yield from _references_to_secrets()
    yield from _references_to_services()
    yield from _references_of_roles()
    yield from _references_of_pods()
    yield from _references_to_storage()
    yield _reference(Gvk("networking.k8s.io/v1", "v1", "IngressClass"), "spec/ingressClassName", "Ingress")
    yield _reference(
        Gvk(_ADMISSION, "", "ValidatingAdmissionPolicy"),
        "spec/policyName",
        "ValidatingAdmissionPolicyBinding",
        _ADMISSION,
    )


def _reference(target: Gvk, path: str, kind: str, group: str = "", version: str = "") -> Reference:
    return Reference(target, _spec(path, kind, group, version))


def _references_to_config_maps() -> Iterator[Reference]:
    target = Gvk("", "v1", "ConfigMap")
    for kind, start in _PODS.items():
        yield _reference(target, f"{start}/volumes/configMap/name", kind)
        yield _reference(target, f"{start}/volumes/projected/sources/configMap/name", kind)
        for containers in ("containers", "initContainers"):
            yield _reference(target, f"{start}/{containers}/env/valueFrom/configMapKeyRef/name", kind)
            yield _reference(target, f"{start}/{containers}/envFrom/configMapRef/name", kind)
    yield _reference(target, "spec/configSource/configMap", "Node")
    for kind in ("Role", "ClusterRole"):
        yield _reference(target, "rules/resourceNames", kind)
    annotation = r"nginx.ingress.kubernetes.io\/fastcgi-params-configmap"
    yield _reference(target, f"metadata/annotations/{annotation}", "Ingress")


def _references_to_secrets() -> Iterator[Reference]:
    target = Gvk("", "v1", "Secret")
    for kind, start in _PODS.items():
        yield _reference(target, f"{start}/volumes/secret/secretName", kind)
        yield _reference(target, f"{start}/volumes/projected/sources/secret/name", kind)
        yield _reference(target, f"{start}/imagePullSecrets/name", kind)
        for containers in ("containers", "initContainers"):
            yield _reference(target, f"{start}/{containers}/env/valueFrom/secretKeyRef/name", kind)
            yield _reference(target, f"{start}/{containers}/envFrom/secretRef/name", kind)
    yield _reference(target, "spec/tls/secretName", "Ingress")
    for annotation in ("ingress", "nginx.ingress"):
        yield _reference(target, rf"metadata/annotations/{annotation}.kubernetes.io\/auth-secret", "Ingress")
    yield _reference(target, r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret", "Ingress")
    yield _reference(target, "imagePullSecrets/name", "ServiceAccount")
    for parameter in ("secretName", "adminSecretName", "userSecretName", "secretRef"):
        yield _reference(target, f"parameters/{parameter}", "StorageClass")
    for kind in ("Role", "ClusterRole"):
        yield _reference(target, "rules/resourceNames", kind)
    knative = "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"
    yield _reference(target, knative, "Service", "serving.knative.dev", "v1")
    yield _reference(target, "spec/azureFile/secretName", "PersistentVolume")


def _references_to_services() -> Iterator[Reference]:
    target = Gvk("", "v1", "Service")
    yield _reference(target, "spec/serviceName", "StatefulSet", _APPS)
    for path in (
        "spec/rules/http/paths/backend/serviceName",
        "spec/backend/serviceName",
        "spec/rules/http/paths/backend/service/name",
        "spec/defaultBackend/service/name",
    ):
        yield _reference(target, path, "Ingress")
    yield _reference(target, "spec/service/name", "APIService", "apiregistration.k8s.io")
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        yield _reference(target, "webhooks/clientConfig/service", kind, _ADMISSION)


def _references_of_roles() -> Iterator[Reference]:
    yield _reference(Gvk(_RBAC, "", "Role"), "roleRef/name", "RoleBinding", _RBAC)
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        yield _reference(Gvk(_RBAC, "", "ClusterRole"), "roleRef/name", kind, _RBAC)
        yield _reference(Gvk("", "v1", "ServiceAccount"), "subjects", kind, _RBAC)


def _references_of_pods() -> Iterator[Reference]:
    for kind, start in _OWNERS.items():
        yield _reference(Gvk("", "v1", "ServiceAccount"), f"{start}/serviceAccountName", kind)
        claim = Gvk("", "v1", "PersistentVolumeClaim")
        yield _reference(claim, f"{start}/volumes/persistentVolumeClaim/claimName", kind)
        priority = Gvk("scheduling.k8s.io", "v1", "PriorityClass")
        yield _reference(priority, f"{start}/priorityClassName", kind)


def _references_to_storage() -> Iterator[Reference]:
    volume, storage = Gvk("", "v1", "PersistentVolume"), Gvk("storage.k8s.io", "v1", "StorageClass")
    yield _reference(volume, "spec/volumeName", "PersistentVolumeClaim")
    yield _reference(volume, "rules/resourceNames", "ClusterRole")
    for kind in ("PersistentVolume", "PersistentVolumeClaim"):
        yield _reference(storage, "spec/storageClassName", kind)
    yield _reference(storage, "spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet")


def _variables() -> Iterator[FieldSpec]:
    starts = {kind: path for kind, path in _PODS.items() if kind != "PodTemplate"}
    for kind, start in starts.items():
        for containers in ("containers", "initContainers"):
            for path in ("args", "command", "env/value", "volumeMounts/mountPath"):
                yield _spec(f"{start}/{containers}/{path}", kind)
        if kind not in {"StatefulSet", "CronJob"}:
            yield _spec(f"{start}/volumes/nfs/server", kind)
    yield _spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob")
    yield _spec("spec/template/metadata/annotations", "Deployment")
    for path in ("rules/host", "tls/hosts", "tls/secretName"):
        yield _spec(f"spec/{path}", "Ingress")
    for path in ("port", "targetPort"):
        yield _spec(f"spec/ports/{path}", "Service")
    yield _spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet")
    yield _spec("spec/nfs/server", "PersistentVolume")
    yield _spec("metadata/labels")
    yield _spec("metadata/annotations")


def _images() -> Iterator[FieldSpec]:
    for start in ("spec", "spec/template/spec"):
        for path in ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference"):
            yield _spec(f"{start}/{path}")


def default_configuration() -> Configuration:
    """What kustomize does when nothing is configured."""
    return Configuration(
        common_labels=(*_selectors(), *_metadata("labels")),
        template_labels=tuple(_metadata("labels")),
        annotations=tuple(_metadata("annotations")),
        namespace=(
            _spec("metadata/name", "Namespace", create=True),
            _spec("spec/service/namespace", "APIService", "apiregistration.k8s.io", create=True),
            _spec(
                "spec/conversion/webhook/clientConfig/service/namespace",
                "CustomResourceDefinition",
                "apiextensions.k8s.io",
            ),
        ),
        prefix=(_spec("metadata/name"),),
        suffix=(_spec("metadata/name"),),
        images=tuple(_images()),
        replicas=tuple(
            _spec("spec/replicas", kind, create=True)
            for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
        ),
        references=tuple(_references()),
        variables=tuple(_variables()),
    )
