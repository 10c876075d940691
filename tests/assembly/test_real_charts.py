"""Charts that others wrote, out of their Go modules: fields and findings stand on lines that hold them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from meshlint.api import Request, check, load
from tests.assembly.test_charts import at, helm, paths
from tests.golang import module
from tools import build_envoy_types

__all__ = ["helm"]

ISTIO = ("istio.io/istio", build_envoy_types.ISTIO)
FLAGGER = ("github.com/fluxcd/flagger", "v1.36.1")
MESHED = "istio:\n  enabled: true\n  gateway: {enabled: true}\n  tls: {enabled: true}\n"
CHARTS = [
    pytest.param(ISTIO, "manifests/charts/gateway", "", id="gateway"),
    pytest.param(ISTIO, "manifests/charts/istio-control/istio-discovery", "", id="istiod"),
    pytest.param(ISTIO, "manifests/charts/ztunnel", "", id="ztunnel"),
    pytest.param(FLAGGER, "charts/loadtester", MESHED, id="loadtester"),
    pytest.param(FLAGGER, "charts/flagger", "linkerdAuthPolicy: {create: true}\n", id="flagger"),
    pytest.param(FLAGGER, "charts/podinfo", "", id="podinfo"),
]
pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("helm")]


def laid_out(place: Path, source: tuple[str, str], inside: str, values: str) -> Path:
    target = place / "charts" / inside.rpartition("/")[2]
    shutil.copytree(module(*source) / inside, target, copy_function=shutil.copyfile)
    for one in (target, *target.rglob("*")):
        one.chmod(0o755 if one.is_dir() else 0o644)
    if values:
        (target / "values-mesh.yaml").write_text(values)
    return place


def holds(line: str, key: object, value: object) -> bool:
    """Whether a line has the key, or the value or its first words."""
    words = str(value).lstrip().split("\n")[0][:30]
    return words in line or (isinstance(key, str) and key in line)


def is_made(line: str) -> bool:
    """Whether a line asks a template for what stands there."""
    return "{{" in line


@pytest.mark.parametrize(("source", "inside", "values"), CHARTS)
def test_fields_and_findings_stand_on_lines_that_hold_them(
    tmp_path: Path, source: tuple[str, str], inside: str, values: str
) -> None:
    place = laid_out(tmp_path, source, inside, values)
    request = Request(directory=place, no_config=True, select=("ALL",))
    project = load([str(place)], request)
    assert [one.failure for one in project.deployments if one.failure is not None] == []
    held = made = 0
    for document in (one for each in project.variants or (project,) for one in each.documents):
        for path in paths(document.value, ()):
            line = line_of(place, document.file_at(path), document.span(path).line)
            holding = holds(line, path[-1], at(document.value, path))
            assert holding or is_made(line), (path, line)
            held, made = held + holding, made + (not holding)
    assert held > 50
    assert held > 9 * made
    for finding in check([str(place)], request).findings:
        line = line_of(place, finding.location.file, finding.location.span.line)
        key = next((one for one in reversed(finding.path) if isinstance(one, str)), "")
        assert holds(line, key, finding.message) or is_made(line), (finding.rule, finding.path, line)


def line_of(place: Path, file: str, number: int) -> str:
    """A line of a file below `place`; there must be one."""
    path = place / file
    assert path.resolve().is_relative_to(place.resolve())
    return path.read_text().split("\n")[number - 1]
