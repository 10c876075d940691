"""Synthetic workloads of any size, and the advice for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.advisor import Advice, Given, Weights
from meshlint.api.overviews.advising import advise_project
from meshlint.api.reading.project import read_texts

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {name}}}
  ports: [{{name: {port}, port: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: app
        image: example.test/{name}
        resources: {{requests: {{cpu: {cpu}, memory: {memory}}}}}
"""


def services(
    count: int,
    *,
    replicas: int = 2,
    spaces: int = 1,
    port: str = "http",
    cpu: str = "200m",
    memory: str = "256Mi",
) -> dict[str, str]:
    """So many services, each with its Deployment, over so many namespaces."""
    documents = [
        SERVICE.format(
            name=f"s{n}", namespace=f"team-{n % spaces}", replicas=replicas, port=port, cpu=cpu, memory=memory
        )
        for n in range(count)
    ]
    return {"services.yaml": "---\n".join(documents)}


def advised(texts: Mapping[str, str], given: Given | None = None, weights: Weights | None = None) -> Advice:
    """The advice for texts by file name."""
    return advise_project(read_texts(texts), given, weights)


def labelled(namespaces: int, **labels: str) -> dict[str, str]:
    """The namespaces of `services` with labels; a double underscore stands for what Python cannot write."""
    return {"namespaces.yaml": _namespaces(namespaces, "labels", labels)}


def annotated(namespaces: int, **annotations: str) -> dict[str, str]:
    """The namespaces of `services` with annotations."""
    return {"namespaces.yaml": _namespaces(namespaces, "annotations", annotations)}


def _namespaces(count: int, key: str, pairs: Mapping[str, Any]) -> str:
    keys = {"istio_injection": "istio-injection", "dataplane": "istio.io/dataplane-mode"}
    keys["linkerd"] = "linkerd.io/inject"
    lines = "\n".join(f"    {keys[name]}: {value}" for name, value in pairs.items())
    return "---\n".join(
        f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-{n}\n  {key}:\n{lines}\n"
        for n in range(count)
    )
