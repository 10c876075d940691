"""Charts where no helm is installed: what they create is unknown, and the summary says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.api import Request, check
from tests.assembly.test_charts import FILES, looked_at, written

RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: till, namespace: flux-system}
spec:
  targetNamespace: live
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}
"""
ROUTE = """apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {hosts: [web], http: [{route: [{destination: {host: till}}]}]}
"""
KUSTOMIZATION = "namespace: live\nresources: [web.yaml]\nhelmCharts: [{name: shop, releaseName: till}]\n"


@pytest.fixture(autouse=True)
def no_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def said(place: Path) -> tuple[set[str], str]:
    """The rules that find something, and the summary."""
    outcome = check([str(place)], Request(directory=place, no_config=True))
    return {one.rule for one in outcome.findings}, "\n".join(outcome.summary.notes)


def test_a_release_is_named_with_what_to_do(tmp_path: Path) -> None:
    written(tmp_path, {**FILES, "live/till.yaml": RELEASE, "live/web.yaml": ROUTE})
    _, notes = said(tmp_path)
    assert "HelmRelease flux-system/till is not rendered, so what it creates is not known" in notes
    assert "helm is not installed" in notes
    assert "on your PATH" in notes


def test_nothing_is_missing_where_a_release_goes(tmp_path: Path) -> None:
    route = ROUTE.replace("name: web}", "name: web, namespace: live}")
    written(tmp_path, {**FILES, "live/till.yaml": RELEASE, "live/web.yaml": route})
    assert "ROUTE010" not in said(tmp_path)[0]
    elsewhere = ROUTE.replace("name: web}", "name: web, namespace: other}")
    written(tmp_path, {"live/web.yaml": elsewhere})
    assert "ROUTE010" in said(tmp_path)[0]


def test_nothing_is_missing_where_a_chart_that_nobody_releases_goes(tmp_path: Path) -> None:
    written(tmp_path, {"web.yaml": ROUTE})
    assert "ROUTE010" in said(tmp_path)[0]
    written(tmp_path, FILES)
    rules, notes = said(tmp_path)
    assert "ROUTE010" not in rules
    assert "chart charts/shop is not rendered" in notes


def test_charts_for_one_reason_are_one_line(tmp_path: Path) -> None:
    more = {path.replace("charts/shop", f"charts/shop{n}"): FILES[path] for path in FILES for n in range(5)}
    written(tmp_path, {**more, "web.yaml": ROUTE})
    (line,) = [one for one in said(tmp_path)[1].split("\n") if "not rendered" in one]
    assert "and 2 more are not rendered, so what they create is not known" in line


@pytest.mark.parametrize("home", ["charts", "elsewhere"])
def test_a_chart_of_a_kustomization_leaves_its_namespace_unknown(tmp_path: Path, home: str) -> None:
    globals_ = f"{KUSTOMIZATION}helmGlobals: {{chartHome: ../{home}}}\n"
    project = looked_at(tmp_path, {**FILES, "live/web.yaml": ROUTE, "live/kustomization.yaml": globals_})
    (one,) = [one for one in project.deployments if one.failure is None]
    assert project.mesh.namespaces.filled >= {"live"}
    why = "helm is not installed" if home == "charts" else "it is not in these files"
    assert one.missing == (f"the chart shop in live ({why})",)
    former = "namespace: live\nresources: [web.yaml]\nhelmChartInflationGenerator: [{chartName: shop}]\n"
    project = looked_at(tmp_path, {"live/kustomization.yaml": former})
    (one,) = [one for one in project.deployments if one.failure is None]
    assert "helmChartInflationGenerator" in " ".join(one.missing)
    assert project.mesh.namespaces.filled >= {"live"}
