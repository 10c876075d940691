"""Charts that charts depend on: those in view are rendered with them, of others nothing is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.assembly.charts.chart import Chart
from meshlint.assembly.charts.dependencies import dependencies
from meshlint.assembly.tree import TextFiles, Tree
from tests.assembly.test_charts import at, found, helm, looked_at, names, paths

__all__ = ["helm"]

HEAD = "apiVersion: v2\nversion: 1.0.0\n"
FILES = {
    "charts/api/Chart.yaml": f"""{HEAD}name: api
dependencies:
- {{name: common, version: 1.0.0, repository: "file://../common"}}
- {{name: worker, version: 1.0.0, repository: "file://../worker"}}
- {{name: redis, version: 1.x.x, repository: "https://example.com/charts", condition: redis.enabled}}
""",
    "charts/api/values.yaml": "redis: {enabled: false}\n",
    "charts/api/templates/service.yaml": """apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {{- include "common.labels" . | nindent 4 }}
  ports:
  - name: http
    port: 80
""",
    "charts/common/Chart.yaml": f"{HEAD}name: common\ntype: library\n",
    "charts/common/templates/_l.tpl": '{{- define "common.labels" }}\napp: {{ .Release.Name }}{{- end }}',
    "charts/worker/Chart.yaml": f"""{HEAD}name: worker
dependencies: [{{name: common, version: 1.0.0, repository: "file://../common"}}]
""",
    "charts/worker/values.yaml": "subset: v2\n",
    "charts/worker/templates/rule.yaml": """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {{ .Release.Name }}
spec:
  host: {{ .Release.Name }}
  subsets:
  - name: v1
    labels:
      version: v1
""",
    "charts/worker/templates/route.yaml": """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
spec:
  hosts:
  - {{ .Release.Name }}
  http:
  - route:
    - destination:
        host: {{ .Release.Name }}
        subset: {{ .Values.subset }}
""",
}
API = Chart("charts/api", "api")


def told(texts: dict[str, str], *values: str) -> tuple[dict[str, str], tuple[str, ...], list[str]]:
    """What is laid into the chart, what is missing, and which dependencies are left to it."""
    made = dependencies(Tree(TextFiles(texts)), API, tuple(one.encode() for one in values))
    rest = [one["name"] for _, text in made.texts for one in json.loads(text)["dependencies"]]
    return dict(made.directories), made.missing, rest


def test_what_is_in_view_is_laid_in() -> None:
    laid_in, missing, rest = told(FILES)
    assert laid_in == {
        "charts/common": "charts/common",
        "charts/worker": "charts/worker",
        "charts/worker/charts/common": "charts/common",
    }
    assert missing == ()
    assert rest == ["common", "worker"]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (["redis: {enabled: true}"], ("redis",)),
        (["redis: {enabled: true}", "redis: {enabled: false}"], ()),
        (["redis: {enabled: false}", "other: 1"], ()),
    ],
)
def test_what_is_switched_off_is_not_missing(values: list[str], missing: tuple[str, ...]) -> None:
    assert told(FILES, *values)[1] == missing


def test_what_was_fetched_is_left_as_it_is() -> None:
    fetched = {"charts/api/charts/common/Chart.yaml": "", "charts/api/charts/worker-1.0.0.tgz": ""}
    assert told({**FILES, **fetched})[0] == {}


def test_nothing_outside_of_the_files_is_laid_in() -> None:
    outside = {**FILES, "charts/api/Chart.yaml": FILES["charts/api/Chart.yaml"].replace("../c", "../../../c")}
    assert set(told({**outside, "../common/Chart.yaml": f"{HEAD}name: common\n"})[0]) == {
        "charts/worker",
        "charts/worker/charts/common",
    }


@pytest.mark.oracle
@pytest.mark.usefixtures("helm")
class TestWithHelm:
    def test_objects_stand_in_the_charts_that_they_come_from(self, tmp_path: Path) -> None:
        project = looked_at(tmp_path, FILES)
        assert {one.name for one in project.deployments} == {"chart charts/api"}
        assert names(project) == {
            ("Service", "default", "api"),
            ("DestinationRule", "default", "api"),
            ("VirtualService", "default", "api"),
        }
        for document in project.documents:
            for path in paths(document.value, ()):
                line = FILES[document.file_at(path)].split("\n")[document.span(path).line - 1]
                assert str(at(document.value, path)) in line or "{{" in line or str(path[-1]) in line
        (one,) = found(tmp_path, FILES, "SUBSET001")
        assert one.location.file == "charts/worker/templates/route.yaml"

    def test_a_chart_in_use_that_nobody_has_leaves_the_namespace_unknown(self, tmp_path: Path) -> None:
        on = {**FILES, "charts/api/values.yaml": "redis: {enabled: true}\n"}
        project = looked_at(tmp_path, on)
        (one,) = project.deployments
        assert one.missing == ("the chart redis",)
        assert project.mesh.namespaces.filled == {"default"}

    def test_why_a_chart_without_its_library_is_not_rendered(self, tmp_path: Path) -> None:
        away = {path: text for path, text in FILES.items() if not path.startswith("charts/common")}
        service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
        project = looked_at(tmp_path, {**away, "a.yaml": service})
        (failure,) = [one.failure for one in project.deployments if one.failure]
        assert failure == "it depends on common, not in these files (helm dependency build)"
