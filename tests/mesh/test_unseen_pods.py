"""Pods that operators make are no reason to call a selector idle."""

from __future__ import annotations

import pytest

from meshlint.api import check_texts

OTHER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: lab}
spec:
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: [{name: c, image: i:1}]}
"""
NOTEBOOK = """\
apiVersion: kubeflow.org/v1
kind: Notebook
metadata: {name: book, namespace: lab}
spec: {template: {spec: {containers: [{name: c, image: i:1}]}}}
"""
KNATIVE = NOTEBOOK.replace("kubeflow.org/v1", "serving.knative.dev/v1").replace("Notebook", "Service")
MODEL = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: book, namespace: lab, labels: {team: readers}}
spec: {predictor: {model: {modelFormat: {name: sklearn}}}}
"""
KAFKA = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: book, namespace: lab}
spec: {}
"""


def policy(key: str, value: str) -> str:
    return f"""\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: p, namespace: lab}}
spec:
  selector: {{matchLabels: {{{key}: {value}}}}}
  action: DENY
  rules: [{{from: [{{source: {{namespaces: [bad]}}}}]}}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: s, namespace: lab}}
spec:
  workloadSelector: {{labels: {{{key}: {value}}}}}
  egress: [{{hosts: ["*/*"]}}]
"""


def idle(*texts: str) -> set[str]:
    files = {f"{number}.yaml": text for number, text in enumerate((OTHER, *texts))}
    found = check_texts(files).findings
    return {one.rule for one in found if "select" in one.message or "for clients" in one.message}


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (NOTEBOOK, "notebook-name"),
        (KNATIVE, "serving.knative.dev/service"),
        (MODEL, "serving.kserve.io/inferenceservice"),
        (MODEL, "isvc"),
        (KAFKA, "strimzi.io/cluster"),
    ],
)
def test_labels_that_a_controller_gives(made: str, key: str) -> None:
    assert idle(policy(key, "book")) != set()
    assert idle(policy(key, "book"), made) == set()


def test_labels_of_the_object_itself() -> None:
    assert idle(policy("team", "readers"), MODEL) == set()
    assert idle(policy("team", "writers"), MODEL) != set()


def test_another_name_is_still_idle() -> None:
    assert idle(policy("notebook-name", "shelf"), NOTEBOOK) != set()
