from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.sources import Reason
from tests.sources.tree import gather, names, plant, reasons

CHART = {
    "charts/web/Chart.yaml": "",
    "charts/web/values.yaml": "",
    "charts/web/values-prod.yml": "",
    "charts/web/values.schema.json": "",
    "charts/web/ci/test-values.yaml": "",
    "charts/web/templates/deployment.yaml": "",
    "charts/web/templates/tests/test.yaml": "",
    "charts/web/crds/crd.yaml": "",
    "charts/web/charts/db/Chart.yaml": "",
    "charts/web/charts/db/templates/service.yaml": "",
    "plain/templates/service.yaml": "",
    "plain/values.yaml": "",
}
HINT = "render the chart: helm template charts/web | meshlint check -"


def test_a_chart_is_passed_over_but_for_its_crds(tmp_path: Path) -> None:
    result = gather(plant(tmp_path, CHART))
    assert names(result) == ["charts/web/crds/crd.yaml", "plain/templates/service.yaml", "plain/values.yaml"]
    found = reasons(result)
    templates = [path for path, reason in found.items() if reason is Reason.HELM_TEMPLATE]
    assert templates == [
        "charts/web/charts/db/templates/service.yaml",
        "charts/web/templates/deployment.yaml",
        "charts/web/templates/tests/test.yaml",
    ]
    assert set(found.values()) == {Reason.HELM_TEMPLATE, Reason.HELM_CHART_FILE}
    assert len(found) == 9


def test_a_chart_and_its_subcharts_give_one_hint(tmp_path: Path) -> None:
    assert gather(plant(tmp_path, CHART)).hints == (HINT,)


@pytest.mark.parametrize(
    "path",
    ["charts/web/templates", "charts/web/templates/tests/test.yaml", "charts/web/charts/db/templates"],
)
def test_templates_are_known_when_named_alone(tmp_path: Path, path: str) -> None:
    result = gather(plant(tmp_path, CHART), [path])
    assert result.files == ()
    assert set(reasons(result).values()) == {Reason.HELM_TEMPLATE}
    assert result.hints == (HINT,)
