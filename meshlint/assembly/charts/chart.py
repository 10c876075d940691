"""Charts in the files, and the files of values beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.nodes import child, text_of
from meshlint.assembly.tree import Tree, joined
from meshlint.values import frozen

CHART_FILE: Final = "Chart.yaml"
VALUES_FILE: Final = "values.yaml"
_MOST_FILES: Final = 2000
_MOST_VARIANTS: Final = 5


@frozen(repr=False)
class Chart:
    """A chart by its directory; `name` is what its own file calls it."""

    directory: str
    name: str


def chart_at(tree: Tree, directory: str) -> Chart | None:
    """The chart in a directory, one that makes no objects of its own left out (Helm: library charts)."""
    root = _root(tree, joined(directory, CHART_FILE))
    name = text_of(child(root, "name"))
    if not name or text_of(child(root, "type")) == "library":
        return None
    return Chart(directory, name)


def charts_in(tree: Tree, directories: Iterable[str]) -> Iterator[Chart]:
    """The charts in `directories` that are no part of another one."""
    known = sorted(set(directories))
    for directory in known:
        inside = any(directory.startswith(f"{other}/") or other == "." != directory for other in known)
        chart = None if inside else chart_at(tree, directory)
        if chart is not None:
            yield chart


def templates_of(tree: Tree, chart: Chart) -> frozenset[str]:
    """The files of a chart that helm reads, whether or not anything comes of them."""
    found: list[str] = []
    waiting = [joined(chart.directory, name) for name in ("templates", "charts")]
    while waiting and len(found) < _MOST_FILES:
        directory = waiting.pop()
        for name in tree.files.names_in(directory):
            path = joined(directory, name)
            (waiting if tree.files.is_directory(path) else found).append(path)
    return frozenset(found)


def variants(tree: Tree, chart: Chart) -> list[str]:
    """Files of values beside the chart's own: one set each (chart-testing reads those in ci)."""
    found = [name for name in tree.files.names_in(chart.directory) if _is_of_values(name)]
    tested = [
        f"ci/{name}" for name in tree.files.names_in(joined(chart.directory, "ci")) if _is_of_values(name)
    ]
    return [joined(chart.directory, name) for name in (*found, *tested)][:_MOST_VARIANTS]


def _is_of_values(name: str) -> bool:
    stem, suffix = posixpath.splitext(name.lower())
    is_named = stem.startswith("values") or stem.endswith("values")
    return is_named and suffix in {".yaml", ".yml"} and name != VALUES_FILE


def _root(tree: Tree, path: str) -> Node | None:
    return next(iter(tree.nodes(path) or []), None)
