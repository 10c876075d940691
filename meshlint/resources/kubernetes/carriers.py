"""Custom kinds whose controllers make pods: where their pod templates stand, and which labels pods get.

Sources: Knative Serving: Service and Revision; Kubeflow: the training jobs, and Notebook
(components/notebook-controller/controllers/notebook_controller.go, generateStatefulSet); KEDA: ScaledJob
(pkg/scaling/executor/scale_jobs.go, createJobs); KubeRay: RayCluster, RayJob and RayService
(ray-operator/controllers/ray/common/pod.go, labelPod and BuildPod); KServe: InferenceService
(pkg/controller/v1beta1/inferenceservice/components/predictor.go, buildObjectMeta). The labels are those that
each controller writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from meshlint.documents import Field
from meshlint.resources.resource import Resource
from meshlint.values import frozen

Path = tuple[str, ...]

EACH: Final = "*"
"""In a path: every entry of a list or of a mapping."""
_TEMPLATE: Final = ("spec", "template")
JOB_LABELS: Final = frozenset(
    {"batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name"}
)
"""What the controller of Jobs writes on each pod."""


@frozen(repr=False)
class Carrier:
    """How a kind carries pods: the places of their templates, the labels that hold the name of the object,
    those with values that no manifest shows, the ports of containers that a controller adds, and whether pods
    get the labels and annotations of the object too.

    `inner` are the keys of containers where a template is no template, but metadata and spec of a pod in one.
    """

    templates: tuple[Path, ...]
    named: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()
    inherits: bool = False
    inner: frozenset[str] = frozenset()


def _training(specs: str) -> Carrier:
    prefix = "training.kubeflow.org/"
    given = (f"{prefix}{one}" for one in ("replica-type", "replica-index", "operator-name", "job-role"))
    return Carrier((("spec", specs, EACH, "template"),), frozenset({f"{prefix}job-name"}), frozenset(given))


_RAY_LABELS: Final = frozenset(
    {
        "app.kubernetes.io/created-by",
        "app.kubernetes.io/name",
        "ray.io/group",
        "ray.io/identifier",
        "ray.io/is-ray-node",
        "ray.io/node-type",
    }
)


def _ray(*inside: str) -> Carrier:
    groups = (("headGroupSpec",), ("workerGroupSpecs", EACH))
    named = () if inside else ("ray.io/cluster",)
    given = _RAY_LABELS if named else _RAY_LABELS | {"ray.io/cluster", "ray.io/serve"}
    places = tuple(("spec", *inside, *group, "template") for group in groups)
    return Carrier(places, frozenset(named), given)


_KNATIVE: Final = Carrier(
    (_TEMPLATE,),
    frozenset({"serving.knative.dev/service", "serving.knative.dev/configuration"}),
    frozenset({"app", "serving.knative.dev/revision", "serving.knative.dev/configurationGeneration"}),
    # The queue proxy: HTTP, HTTP/2, HTTPS, its probes and metrics, and metrics of the application.
    frozenset({8012, 8013, 8112, 8022, 9090, 9091}),
)
_MODELS: Final = frozenset(
    {
        "huggingface",
        "lightgbm",
        "model",
        "onnx",
        "paddle",
        "pmml",
        "pytorch",
        "sklearn",
        "tensorflow",
        "triton",
        "xgboost",
    }
)
"""The keys under which a predictor of KServe names what its one container serves."""
_KSERVE: Final = Carrier(
    (("spec", "predictor"), ("spec", "transformer"), ("spec", "explainer")),
    frozenset({"serving.kserve.io/inferenceservice"}),
    # As a Deployment of its own, or by Knative.
    _KNATIVE.named | _KNATIVE.given | {"component"},
    _KNATIVE.ports | {8080, 9081},
    inherits=True,
    inner=_MODELS | {"art"},
)
CARRIERS: Final[Mapping[tuple[str, str], Carrier]] = {
    ("keda.sh", "ScaledJob"): Carrier(
        (("spec", "jobTargetRef", "template"),), frozenset({"scaledjob.keda.sh/name"}), JOB_LABELS
    ),
    ("kubeflow.org", "JAXJob"): _training("jaxReplicaSpecs"),
    ("kubeflow.org", "MPIJob"): _training("mpiReplicaSpecs"),
    ("kubeflow.org", "Notebook"): Carrier(
        (_TEMPLATE,), frozenset({"notebook-name", "statefulset"}), inherits=True
    ),
    ("kubeflow.org", "PaddleJob"): _training("paddleReplicaSpecs"),
    ("kubeflow.org", "PyTorchJob"): _training("pytorchReplicaSpecs"),
    ("kubeflow.org", "TFJob"): _training("tfReplicaSpecs"),
    ("kubeflow.org", "XGBoostJob"): _training("xgbReplicaSpecs"),
    ("ray.io", "RayCluster"): _ray(),
    ("ray.io", "RayJob"): _ray("rayClusterSpec"),
    ("ray.io", "RayService"): _ray("rayClusterConfig"),
    ("serving.knative.dev", "Configuration"): _KNATIVE,
    ("serving.knative.dev", "Service"): _KNATIVE,
    ("serving.kserve.io", "InferenceService"): _KSERVE,
}
"""The custom kinds that make pods, as (group, kind)."""


def carried(resource: Resource) -> Iterator[Field]:
    """The pod templates that are written in an object of such a kind; none in others."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    for path in () if carrier is None else carrier.templates:
        yield from _at(resource.field, path)


def labels_of_name(resource: Resource) -> Mapping[str, str]:
    """The labels of pods that hold the name of the object that they come from."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    return {} if carrier is None else dict.fromkeys(carrier.named, resource.name)


def given_labels(resource: Resource) -> frozenset[str]:
    """The labels of pods with values that their controller chooses."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    return frozenset() if carrier is None else carrier.given


def inherits(resource: Resource) -> bool:
    """Whether pods get the labels and annotations of the object that they come from."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    return carrier is not None and carrier.inherits


def inner_containers(resource: Resource) -> frozenset[str]:
    """The keys of containers in templates that are metadata and spec in one; none in others."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    return frozenset() if carrier is None else carrier.inner


def added_ports(resource: Resource) -> frozenset[int]:
    """The ports of containers that a controller puts beside those of the template."""
    carrier = CARRIERS.get((resource.group, resource.kind))
    return frozenset() if carrier is None else carrier.ports


def _at(field: Field, path: Path) -> Iterator[Field]:
    if not path:
        if isinstance(field.value, dict):
            yield field
        return
    first, *rest = path
    inner = _entries(field) if first == EACH else (field / first,)
    for one in inner:
        yield from _at(one, tuple(rest))


def _entries(field: Field) -> Iterator[Field]:
    if isinstance(field.value, dict | list):
        keys = field.value if isinstance(field.value, dict) else range(len(field.value))
        yield from (field / key for key in keys)
