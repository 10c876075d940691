"""Custom kinds that make pods."""

from __future__ import annotations

import pytest

from meshlint.resources.kubernetes.workload import workload, workloads
from tests.engine.worlds import resource

POD = "{metadata: {labels: {team: a}}, spec: {containers: [{name: c, image: i:1}]}}"
OBJECTS = {
    ("serving.knative.dev/v1", "Service"): f"{{template: {POD}}}",
    ("kubeflow.org/v1", "Notebook"): f"{{template: {POD}}}",
    ("keda.sh/v1alpha1", "ScaledJob"): f"{{jobTargetRef: {{template: {POD}}}}}",
    ("kubeflow.org/v1", "PyTorchJob"): f"{{pytorchReplicaSpecs: {{Master: {{template: {POD}}}}}}}",
    ("kubeflow.org/v1", "TFJob"): f"{{tfReplicaSpecs: {{Worker: {{template: {POD}}}}}}}",
    ("ray.io/v1", "RayCluster"): f"{{headGroupSpec: {{template: {POD}}}}}",
    ("ray.io/v1", "RayJob"): f"{{rayClusterSpec: {{workerGroupSpecs: [{{template: {POD}}}]}}}}",
}


def written(version: str, kind: str, spec: str) -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: lab}}\nspec: {spec}\n"


@pytest.mark.parametrize(("kind", "spec"), OBJECTS.items(), ids=str)
def test_pods_are_found(kind: tuple[str, str], spec: str) -> None:
    (found,) = workloads(resource(written(*kind, spec)))
    assert found.pod_labels["team"] == "a"
    assert [one.name for one in found.pod.containers] == ["c"]


def test_several_templates_are_several_workloads() -> None:
    roles = f"{{Master: {{template: {POD}}}, Worker: {{template: {POD}}}, Odd: 3}}"
    text = written("kubeflow.org/v1", "PyTorchJob", f"{{pytorchReplicaSpecs: {roles}}}")
    found = list(workloads(resource(text)))
    assert len(found) == 2
    assert {one.pod_labels["training.kubeflow.org/job-name"] for one in found} == {"x"}
    assert "training.kubeflow.org/replica-type" in found[0].controller_labels
    assert workload(resource(text)) is None


@pytest.mark.parametrize("spec", ["3", "{pytorchReplicaSpecs: [1]}", "{pytorchReplicaSpecs: {Master: 1}}"])
def test_anything_may_stand_there(spec: str) -> None:
    assert list(workloads(resource(written("kubeflow.org/v1", "PyTorchJob", spec)))) == []


def test_the_pods_of_a_notebook_have_the_labels_of_the_notebook() -> None:
    """Kubeflow copies the labels of the object, which injection and policies then go by."""
    text = written("kubeflow.org/v1", "Notebook", f"{{template: {POD}}}")
    text = text.replace("name: x,", 'name: x, labels: {sidecar.istio.io/inject: "false", team: b},')
    (found,) = workloads(resource(text))
    assert found.pod.labels["sidecar.istio.io/inject"] == "false"
    assert found.pod_labels["team"] == "b"
    assert found.pod_labels["notebook-name"] == "x"


def test_the_pods_of_a_scaled_job_have_its_name_and_what_jobs_give() -> None:
    text = written("keda.sh/v1alpha1", "ScaledJob", f"{{jobTargetRef: {{template: {POD}}}}}")
    (found,) = workloads(resource(text))
    assert found.pod_labels["scaledjob.keda.sh/name"] == "x"
    assert "batch.kubernetes.io/job-name" in found.controller_labels


@pytest.mark.parametrize(("kind", "inner"), [("RayCluster", ""), ("RayService", "rayClusterConfig")])
def test_the_labels_of_ray(kind: str, inner: str) -> None:
    spec = f"{{headGroupSpec: {{template: {POD}}}}}"
    text = written("ray.io/v1", kind, f"{{{inner}: {spec}}}" if inner else spec)
    (found,) = workloads(resource(text))
    given = {"ray.io/node-type", "app.kubernetes.io/created-by"}
    assert found.controller_labels >= (given | {"ray.io/serve", "ray.io/cluster"} if inner else given)
    assert found.pod_labels.get("ray.io/cluster") == (None if inner else "x")


def test_a_predictor_of_kserve_is_metadata_and_pod_in_one() -> None:
    model = "{name: m, ports: [{containerPort: 1}]}"
    spec = f"{{predictor: {{labels: {{team: a}}, serviceAccountName: iris, model: {model}}}}}"
    text = written("serving.kserve.io/v1beta1", "InferenceService", spec)
    (found,) = workloads(resource(text.replace("name: x,", "name: x, labels: {team: b, tier: c},")))
    assert {
        "team": "a",
        "tier": "c",
        "serving.kserve.io/inferenceservice": "x",
    }.items() <= found.pod_labels.items()
    assert "component" in found.controller_labels
    assert found.pod.service_account_name == "iris"
    (served,) = found.pod.containers
    assert (served.name, [port.container_port for port in served.ports]) == ("m", [1])


def test_each_part_of_an_inference_service_is_a_workload() -> None:
    spec = "{predictor: {sklearn: {}}, transformer: {containers: [{name: t, image: i}]}, explainer: 3}"
    found = workloads(resource(written("serving.kserve.io/v1beta1", "InferenceService", spec)))
    assert [len(one.pod.containers) for one in found] == [1, 1]
