"""What ApplicationSets make of the files around them (Argo CD: ApplicationSet, generators)."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.assembly.deployments.parameters import text_filled_in

SERVICE = """apiVersion: v1
kind: Service
metadata: {name: NAME}
spec: {ports: [{port: 80}]}
"""
SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  goTemplate: GO
  generators: GENERATORS
  template:
    metadata: {name: 'NAMED'}
    spec:
      source: {repoURL: https://example.com/this.git, path: 'PATH'}
      destination: {namespace: 'SPACE'}
"""
FILES = {
    "apps/web/web.yaml": SERVICE.replace("NAME", "web"),
    "apps/db/db.yaml": SERVICE.replace("NAME", "db"),
    "apps/old/old.yaml": SERVICE.replace("NAME", "old"),
    "stages/dev/config.json": '{"app": {"name": "web"}, "stage": "dev"}',
    "stages/live/config.json": '{"app": {"name": "db"}, "stage": "live"}',
}


def made(generators: str, name: str, path: str, namespace: str, *, go: bool = False) -> set[tuple[str, str]]:
    text = SET.replace("GENERATORS", generators).replace("NAMED", name).replace("PATH", path)
    text = text.replace("SPACE", namespace).replace("GO", "true" if go else "false")
    project = read_texts({**FILES, "argo/set.yaml": text})
    found = {document for one in project.deployments for document in one.documents}
    return {(one.value["metadata"].get("namespace", ""), one.value["metadata"]["name"]) for one in found}


def test_a_list() -> None:
    elements = "[{list: {elements: [{app: web, ns: a}, {app: db, ns: b}]}}]"
    assert made(elements, "{{app}}", "apps/{{app}}", "{{ns}}") == {("a", "web"), ("b", "db")}
    assert made(elements, "{{.app}}", "apps/{{.app}}", "{{.ns}}", go=True) == {("a", "web"), ("b", "db")}


def test_directories_of_the_repository() -> None:
    generators = "[{git: {directories: [{path: apps/*}, {path: apps/old, exclude: true}]}}]"
    found = made(generators, "{{path.basename}}", "{{path}}", "{{path.basename}}")
    assert found == {("web", "web"), ("db", "db")}
    found = made(generators, "{{.path.basename}}", "{{.path.path}}", "{{index .path.segments 0}}", go=True)
    assert found == {("apps", "web"), ("apps", "db")}


def test_files_of_the_repository() -> None:
    generators = "[{git: {files: [{path: 'stages/**/config.json'}]}}]"
    found = made(generators, "{{stage}}", "apps/{{app.name}}", "{{path.basename}}")
    assert found == {("dev", "web"), ("live", "db")}


def test_a_matrix() -> None:
    generators = """
    - matrix:
        generators:
          - list: {elements: [{app: web}, {app: db}]}
          - git: {files: [{path: 'stages/dev/config.json'}]}
"""
    assert made(generators, "{{app}}-{{stage}}", "apps/{{app}}", "{{stage}}") == {
        ("dev", "web"),
        ("dev", "db"),
    }


def test_a_merge() -> None:
    generators = """
    - merge:
        mergeKeys: [app]
        generators:
          - list: {elements: [{app: web, ns: a}, {app: db, ns: a}]}
          - list: {elements: [{app: db, ns: b}]}
"""
    assert made(generators, "{{app}}", "apps/{{app}}", "{{ns}}") == {("a", "web"), ("b", "db")}


def test_a_matrix_of_clusters_and_directories() -> None:
    generators = "[{matrix: {generators: [{clusters: {}}, {git: {directories: [{path: 'apps/*'}]}}]}}]"
    found = made(generators, "{{name}}-{{path.basename}}", "{{path}}", "{{path.basename}}")
    assert found == {("web", "web"), ("db", "db"), ("old", "old")}


def test_a_second_generator_that_the_first_one_fills_in() -> None:
    generators = """
    - matrix:
        generators:
          - list: {elements: [{stage: dev}, {stage: live}]}
          - git: {files: [{path: 'stages/{{stage}}/config.json'}]}
"""
    assert made(generators, "{{stage}}", "apps/{{app.name}}", "{{stage}}") == {("dev", "web"), ("live", "db")}


def test_what_requests_for_changes_tell_stays_open() -> None:
    generators = "[{pullRequest: {github: {owner: a, repo: b}}}]"
    assert made(generators, "web-{{number}}", "apps/web", "web-{{number}}") == {("web-{{number}}", "web")}


def test_what_clusters_tell_stays_open() -> None:
    found = made("[{clusters: {}}]", "web-{{name}}", "apps/web", "{{name}}")
    assert found == {("{{name}}", "web")}
    assert made("[{clusters: {}}]", "all", "apps/{{metadata.labels.app}}", "a") == set()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{a}}-{{ b }}", "one-{{ b }}"),
        ("{{.a}}", "one"),
        ("{{ .x.y }}", "two"),
        ("{{ .A | lower }}", "up"),
        ('{{ .b | default "d" }}', "d"),
        ('{{ default "d" .a }}', "one"),
        ("{{ index .l 1 }}", "second"),
        ("{{ .n | normalize }}", "a-b"),
        ("{{ .a | unknown }}", "{{ .a | unknown }}"),
        ("{{ if .a }}x{{ end }}", "{{ if .a }}x{{ end }}"),
    ],
)
def test_expressions(text: str, result: str) -> None:
    parameters = {"a": "one", "A": "UP", "x.y": "two", "l[1]": "second", "n": "A_b"}
    assert text_filled_in(text, parameters) == result
