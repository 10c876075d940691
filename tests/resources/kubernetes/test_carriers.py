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
