"""Charts as helm renders them, and where each field of them stands in git.

The tests that need helm take the one that is installed, or one built from its Go module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which

import pytest

from meshlint.api import Request, check, load
from meshlint.api.reading.project import Project
from meshlint.assembly.charts.trace import Trace
from meshlint.assembly.nodes import Mark, copied
from meshlint.documents.compose import compose
from meshlint.engine.finding import Finding
from meshlint.sources.helm import Rendered, lines_of, marked
from tests.golang import installed

VERSION = "v3.19.0"
CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
HELPERS = '{{- define "shop.labels" -}}\napp: {{ .Release.Name }}\npart: shop\n{{- end }}\n'
ROUTE = """{{- if .Values.mesh.enabled }}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  hosts:
    - {{ .Release.Name }}
  http:
    - route:
        - destination:
            host: {{ .Release.Name }}
            subset: {{ .Values.mesh.subset | quote }}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {{ .Release.Name }}
spec:
  host: {{ .Release.Name }}
  subsets:
    {{- toYaml .Values.mesh.subsets | nindent 4 }}
{{- end }}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    {{- include "shop.labels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.port }}
"""
VALUES = """port: 80
mesh:
  enabled: true
  subset: v1
  subsets:
    - name: v1
      labels: {version: v1}
"""
FILES = {
    "charts/shop/Chart.yaml": CHART,
    "charts/shop/values.yaml": VALUES,
    "charts/shop/templates/_helpers.tpl": HELPERS,
    "charts/shop/templates/route.yaml": ROUTE,
    "charts/shop/templates/service.yaml": SERVICE,
}


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A helm on the PATH."""
    before = os.environ["PATH"]
    if which("helm") is None:
        place = installed("helm.sh/helm/v3/cmd/helm", VERSION, tmp_path_factory.mktemp("helm"))
        os.environ["PATH"] = f"{place}:{before}"
    yield
    os.environ["PATH"] = before


def written(place: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


def looked_at(place: Path, files: Mapping[str, str], **about: object) -> Project:
    request = Request(directory=written(place, files), no_config=True, **about)  # type: ignore[arg-type]
    return load(["."] if Path.cwd() == place else [str(place)], request)


def found(place: Path, files: Mapping[str, str], rule: str) -> list[Finding]:
    written(place, files)
    outcome = check([str(place)], Request(directory=place, no_config=True))
    return [one for one in outcome.findings if one.rule == rule]


def names(project: Project) -> set[tuple[str, str, str]]:
    objects = (one for each in (project.variants or (project,)) for one in each.resources.resources)
    return {(one.kind, one.namespace, one.name) for one in objects}


oracle = [pytest.mark.oracle, pytest.mark.usefixtures("helm")]


class TestWithHelm:
    pytestmark = oracle

    def test_a_finding_stands_on_the_line_of_the_values(self, tmp_path: Path) -> None:
        files = {**FILES, "charts/shop/values-live.yaml": "mesh:\n  subset: v9\n"}
        (one,) = found(tmp_path, files, "SUBSET001")
        assert (one.location.file, one.location.span.line) == ("charts/shop/values-live.yaml", 2)

    def test_a_finding_stands_on_the_line_of_the_template(self, tmp_path: Path) -> None:
        text = ROUTE.replace("{{ .Values.mesh.subset | quote }}", "v9")
        (one,) = found(tmp_path, {**FILES, "charts/shop/templates/route.yaml": text}, "SUBSET001")
        assert (one.location.file, one.location.span.line) == ("charts/shop/templates/route.yaml", 15)

    def test_every_field_stands_on_a_line_of_a_file(self, tmp_path: Path) -> None:
        project = looked_at(tmp_path, FILES)
        assert len(project.documents) == 3
        for document in project.documents:
            for path in paths(document.value, ()):
                file, line = document.file_at(path), document.span(path).line
                text = FILES[file].split("\n")[line - 1]
                value = str(at(document.value, path))
                known = value in text or "{{" in text or str(path[-1]) in text
                assert known, (path, file, line, text)

    def test_a_field_from_another_template_stands_on_its_line_there(self, tmp_path: Path) -> None:
        shared = '{{- define "shop.spec" -}}\nspec:\n  host: till\n  subsets: []\n{{- end }}\n'
        rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: till\n"
        rule += '{{ include "shop.spec" . }}\n'
        files = {
            "charts/shop/Chart.yaml": CHART,
            "charts/shop/templates/zzz.yaml": shared,
            "charts/shop/templates/rule.yaml": rule,
        }
        (one,) = looked_at(tmp_path, files).resources.of("networking.istio.io", "DestinationRule")
        host, name = one.at("spec", "host"), one.at("metadata", "name")
        assert (host.file(), host.span().line) == ("charts/shop/templates/zzz.yaml", 3)
        assert (name.file(), name.span().line) == ("charts/shop/templates/rule.yaml", 4)

    def test_templates_of_which_nothing_comes_are_not_to_be_rendered(self, tmp_path: Path) -> None:
        files = {**FILES, "charts/shop/templates/off.yaml": "{{- if false }}\nkind: A\n{{- end }}\n"}
        project = looked_at(tmp_path, files)
        assert [one.path for one in project.passed_over if one.reason.value == "helm-template"] == []

    def test_no_helm_where_it_is_not_wanted(self, tmp_path: Path) -> None:
        service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
        project = looked_at(tmp_path, {**FILES, "a.yaml": service}, helm=False)
        assert project.deployments == ()

    def test_values_of_the_user(self, tmp_path: Path) -> None:
        written(tmp_path, {"own.yaml": "port: 85\n"})
        project = looked_at(tmp_path, FILES, helm_values=(Path("own.yaml"),))
        (service,) = project.resources.of("", "Service")
        port = service.at("spec", "ports", 0, "port")
        assert (port.value, port.file(), port.span().line) == (85, "own.yaml", 1)

    def test_a_release_of_flux(self, tmp_path: Path) -> None:
        release = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: till, namespace: flux-system}
spec:
  targetNamespace: live
  releaseName: till
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}
  valuesFrom: [{kind: ConfigMap, name: vars}]
  values: {mesh: {subset: v1}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: vars, namespace: flux-system}
data: {values.yaml: "port: 81\\nmesh: {subset: v9}"}
"""
        project = looked_at(tmp_path, {**FILES, "clusters/live/till.yaml": release})
        assert {one.name for one in project.deployments} == {"HelmRelease flux-system/till"}
        assert ("Service", "live", "till") in names(project)
        (service,) = project.resources.of("", "Service")
        assert service.field.value["spec"]["ports"][0]["port"] == 81
        assert project.mesh.namespaces.filled == frozenset()

    def test_values_of_a_secret_leave_the_release_unknown(self, tmp_path: Path) -> None:
        release = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: till, namespace: shop}
spec:
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}
  valuesFrom: [{kind: Secret, name: vars}]
"""
        project = looked_at(tmp_path, {**FILES, "till.yaml": release})
        (one,) = project.deployments or ()
        assert one.failure is not None
        assert "Secret vars" in one.failure
        assert project.mesh.namespaces.filled == {"shop"}

    def test_an_application_of_argo(self, tmp_path: Path) -> None:
        application = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: till, namespace: argocd}
spec:
  source:
    path: charts/shop
    helm:
      valueFiles: [values-live.yaml]
      valuesObject: {mesh: {subset: v1}}
      parameters: [{name: port, value: "82"}]
  destination: {namespace: live}
"""
        live = "port: 81\nmesh: {subset: v9}\n"
        files = {**FILES, "till.yaml": application, "charts/shop/values-live.yaml": live}
        project = looked_at(tmp_path, files)
        (service,) = project.resources.of("", "Service")
        assert (service.name, service.field.value["spec"]["ports"][0]["port"]) == ("till", 82)
        (route,) = project.resources.of("networking.istio.io", "VirtualService")
        assert route.at("spec", "http", 0, "route", 0, "destination", "subset").value == "v1"

    def test_a_chart_of_a_kustomization(self, tmp_path: Path) -> None:
        kustomization = """namespace: live
helmGlobals: {chartHome: ../charts}
helmCharts:
- {name: shop, releaseName: till, valuesInline: {port: 83}}
"""
        project = looked_at(tmp_path, {**FILES, "live/kustomization.yaml": kustomization})
        assert ("Service", "live", "till") in names(project)

    def test_what_helm_says_holds_no_paths_of_this_run(self, tmp_path: Path) -> None:
        broken = {**FILES, "charts/shop/templates/bad.yaml": '{{ fail "no good" }}\n'}
        service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
        project = looked_at(tmp_path, {**broken, "a.yaml": service})
        (one,) = project.deployments
        assert one.failure is not None
        assert "no good" in one.failure
        assert "/tmp" not in one.failure


def paths(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))
    else:
        yield path


def at(value: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


MARKED = [
    ("a: 1\nb: {{ .x }}\n", "a: 1 #~0:0~\nb: {{ .x }} #~0:1~\n"),
    ("{{- if .x -}}\na: 1\n{{- end }}", "{{- if .x -}}\na: 1 #~0:1~\n{{- end }} #~0:2~"),
    ("a: {{ list\n  1 }}\n", "a: {{ list\n  1 }} #~0:1~\n"),
    ("a: |\n  text\n\nb: 1", "a: |\n  text #~0:1~\n\nb: 1 #~0:3~"),
]


@pytest.mark.parametrize(("template", "result"), MARKED)
def test_marks(template: str, result: str) -> None:
    assert marked(template, 0) == result


def test_lines_are_found_again() -> None:
    text = "---\n# Source: shop/templates/a.yaml\na: 1\nb:\n  c: 2\n  d: 3\n"
    other = (
        "---\n# Source: shop/templates/a.yaml\n#~0:0~\na: 1 #~0:1~\nb: #~0:2~\n  c: 2\n  d: 3 #~0:3~ #~0:9~\n"
    )
    other += "---\n# Source: shop/templates/b.yaml\n#~0:4~\n"
    file = "templates/a.yaml"
    assert list(lines_of(Rendered(text, other, (file,))))[2:6] == [(file, 1), (file, 2), None, (file, 3)]
    assert set(lines_of(Rendered(text, ""))) == {None}


def test_places_in_templates_and_values() -> None:
    output = ['a: "one"', "b: two", "c: x-three"]
    template = ["a: {{ .Values.a | quote }}", "b: two", "c: x-{{ .Values.c }}"]
    values = copied(compose("a: one\nc: three\n")[0], trace_of_values())
    trace = Trace(output, [("t", 0), ("t", 1), ("t", 2)], {"t": template}, [values])
    root = copied(compose("\n".join(output))[0], trace)
    marks = [value.start_mark for _, value in root.value]
    assert [(mark.file, mark.line, mark.column) for mark in marks] == [("v", 0, 3), ("t", 1, 3), ("t", 2, 0)]


def trace_of_values() -> Trace:
    lines = ["a: one", "c: three"]
    return Trace(lines, [("v", 0), ("v", 1)], {"v": lines}, [])


def test_a_place_is_a_mark() -> None:
    assert isinstance(trace_of_values().mark(Mark("", 0, 0)), Mark)
