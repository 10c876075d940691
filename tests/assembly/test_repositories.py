"""Small repositories, and the objects that Flux and Argo CD apply of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import read_texts

PLACE = Path(__file__).parent / "repositories"
CASES: dict[str, Any] = {
    f"{path.stem}: {case['name']}": case
    for path in sorted(PLACE.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text())
}
FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec: {spec}
"""
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec: {{source: {source}, destination: {{namespace: live}}}}
"""
VARS = """apiVersion: v1
kind: ConfigMap
metadata: {{name: vars, namespace: flux-system}}
data: {data}
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: app, image: "example.com/web:v1"}}]}}
"""


def written(word: str) -> str:
    """An object in short: `config NAME [NAMESPACE] [value TEXT]`, `flux NAME PATH {more}` and the like."""
    kind, _, rest = word.partition(" ")
    if kind == "flux":
        name, path, more = re.fullmatch(r"(\S+) (\S+)(?: (\{.*\}))?", rest).groups()  # type: ignore[union-attr]
        spec = {"path": path, **yaml.safe_load(more or "{}")}
        return FLUX.format(name=name, spec=json.dumps(spec))
    if kind == "argo":
        name, _, source = rest.partition(" ")
        return ARGO.format(name=name, source=source)
    if kind == "deployment":
        return DEPLOYMENT.format(name=rest)
    if kind == "cluster":
        return f"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {rest}}}\n"
    if kind == "vars":
        return VARS.format(data=rest)
    if kind == "config":
        head, _, value = rest.partition(" value ")
        name, _, namespace = head.partition(" ")
        metadata = f"{{name: '{name}'" + (f", namespace: {namespace}}}" if namespace else "}")
        return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\ndata: {{key: '{value or 'value'}'}}\n"
    return word


def texts(case: Any) -> dict[str, str]:
    return {
        name: "---\n".join(map(written, content)) if isinstance(content, list) else content
        for name, content in case["files"].items()
    }


def called(value: Any) -> str:
    metadata = value["metadata"]
    return f"{value['kind']} {metadata.get('namespace', '')}/{metadata['name']}"


def at(value: Any, path: str) -> Any:
    for step in re.split(r"\.(?![a-z.]*/)", path):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return value


@pytest.mark.parametrize("name", CASES)
def test_what_is_applied(name: str) -> None:
    case = CASES[name]
    project = read_texts(texts(case))
    groups = [one.deployments for one in project.variants] or [project.deployments]
    told = {one.name: one for group in groups for one in group}
    assert sorted(one.name for one in told.values() if one.is_away) == case.get("away", [])
    found = {name: one for name, one in told.items() if not one.is_away}
    assert {one.name: one.failure for one in found.values() if one.failure} == {}
    applied = {one.name: sorted(called(each.value) for each in one.documents) for one in found.values()}
    assert applied == {key: sorted(names) for key, names in case["objects"].items()}
    objects = {called(each.value): each.value for one in found.values() for each in one.documents}
    for each, fields in case.get("fields", {}).items():
        assert {path: at(objects[each], path) for path in fields} == fields
    if "filled" in case:
        assert sorted(project.mesh.namespaces.filled) == case["filled"]


def test_there_are_enough() -> None:
    assert len(CASES) >= 55
