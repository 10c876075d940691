"""Which files belong to a Helm chart, and so are templates or values rather than manifests."""

from __future__ import annotations

import os
from pathlib import Path

from meshlint.sources.model import Reason
from meshlint.values import frozen

CHART_FILE = "Chart.yaml"
_CHART_FILES = frozenset({CHART_FILE, "Chart.lock", "requirements.yaml", "requirements.lock"})
_VALUES_SUFFIXES = (".yaml", ".yml", ".json")


@frozen(repr=False)
class Chart:
    """A chart by its real directories: `root` holds its `Chart.yaml`, `top` is the chart it is a part of."""

    root: str
    top: str


def chart_at(directory: str, above: Chart | None, *, has_chart_file: bool) -> Chart | None:
    """The chart that files of `directory` belong to, given the chart of its parent directory."""
    if not has_chart_file:
        return above
    return Chart(directory, above.top if above else directory)


def chart_above(directory: str, stop: str | None) -> Chart | None:
    """The chart that the real `directory` lies in, itself left out; nothing above `stop` is looked at."""
    chart: Chart | None = None
    for ancestor in reversed(Path(directory).parents):
        if stop is None or ancestor.is_relative_to(stop):
            has_chart_file = (ancestor / CHART_FILE).is_file()
            chart = chart_at(str(ancestor), chart, has_chart_file=has_chart_file)
    return chart


def chart_role(path: str, chart: Chart) -> Reason | None:
    """Why the real `path` inside `chart` is no manifest, or None: its `crds/` are plain (Helm: charts)."""
    parts = path[len(chart.root.rstrip(os.sep)) + 1 :].split(os.sep)
    if parts[0] == "templates" and len(parts) > 1:
        return Reason.HELM_TEMPLATE
    beside_chart = len(parts) == 1 or (len(parts) == 2 and parts[0] == "ci")
    if beside_chart and (parts[-1] in _CHART_FILES or _is_values_file(parts[-1].lower())):
        return Reason.HELM_CHART_FILE
    return None


def _is_values_file(name: str) -> bool:
    stem, suffix = os.path.splitext(name)
    return suffix in _VALUES_SUFFIXES and (stem.startswith("values") or stem.endswith("values"))
