"""Charts rendered, with the place in git of each field."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from yaml.nodes import Node

from meshlint.assembly.charts.chart import CHART_FILE, VALUES_FILE, Chart, chart_at
from meshlint.assembly.charts.dependencies import Dependencies, dependencies
from meshlint.assembly.charts.trace import Trace
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.nodes import child, copied, items, text_of
from meshlint.assembly.tree import Tree, joined
from meshlint.documents.compose import compose
from meshlint.documents.nesting import nesting_problem
from meshlint.sources.helm import NOT_INSTALLED, Order, Origin, Rendered, lines_of
from meshlint.values import NamedTuple, evolve

_SOURCE = "# Source: "


class Release(NamedTuple):
    """The objects of a release, the files that they come from, and charts that it takes and nobody has."""

    roots: list[Node]
    files: frozenset[str]
    missing: tuple[str, ...]


def rendered(
    tree: Tree, chart: Chart, release: str, namespace: str, values: Sequence[tuple[str, bytes]]
) -> Release:
    """The objects of a release; raises `CannotBuild`.

    `values` are paths (empty for what stands in no file of its own) and texts, the last one counts most.
    """
    if tree.charts is None:
        raise CannotBuild("charts are not rendered here")
    given = tuple(text for _, text in values)
    others = dependencies(tree, chart, given)
    laid_in = tuple((inside, Path(directory)) for inside, directory in others.directories)
    order = Order(Path(chart.directory), release, namespace, given, laid_in, others.texts)
    found = tree.charts.render(order)
    if isinstance(found, str):
        why = others.left_out and found != NOT_INSTALLED
        raise CannotBuild(_depends(others.missing or others.left_out) if why else found)
    found = _at_home(chart, found, others)
    if nesting_problem(chart.directory, found.text) is not None:
        raise CannotBuild("what it renders to nests too deep")
    named = [path for path, _ in reversed(values) if path]
    roots, files = _traced(tree, chart, found, [*named, joined(chart.directory, VALUES_FILE)])
    return Release(roots, files, others.missing)


def _depends(names: Sequence[str]) -> str:
    return f"it depends on {', '.join(dict.fromkeys(names))}, not in these files (helm dependency build)"


def _at_home(chart: Chart, found: Rendered, others: Dependencies) -> Rendered:
    """The same with the paths of templates where they stand in git, seen from the chart."""
    text, files = found.text, found.files
    for inside, directory in reversed(others.directories):
        there = posixpath.relpath(directory, chart.directory)
        source = f"{_SOURCE}{chart.name}/"
        text = text.replace(f"{source}{inside}/", f"{source}{there}/")
        files = tuple(
            f"{there}/{one.removeprefix(inside)[1:]}" if one.startswith(f"{inside}/") else one
            for one in files
        )
    return evolve(found, text=text, files=files)


def inflated(tree: Tree, directory: str, entry: Node, home: str) -> list[Node]:
    """The objects of an entry of `helmCharts`, its chart below `home` (kustomize: helmGlobals)."""
    name = text_of(child(entry, "name"))
    places = (name, f"{name}-{text_of(child(entry, 'version'))}/{name}")
    found = (chart_at(tree, joined(directory, f"{home}/{place}")) for place in places)
    chart = next((one for one in found if one is not None), None)
    if chart is None:
        raise CannotBuild("it is not in these files")
    files = [text_of(child(entry, "valuesFile"))]
    files += [text_of(one) for one in items(child(entry, "additionalValuesFiles"))]
    paths = [joined(directory, file) for file in files if file]
    values = [(path, tree.text(path) or b"") for path in paths]
    inline = child(entry, "valuesInline")
    if inline is not None:
        values.append(("", as_json(inline)))
    release = text_of(child(entry, "releaseName")) or "release-name"
    made = rendered(tree, chart, release, text_of(child(entry, "namespace")) or "default", values)
    if made.missing:
        raise CannotBuild(_depends(made.missing))
    return made.roots


def as_json(node: Node) -> bytes:
    """The value of a node, for another program."""
    import json

    from meshlint.documents.values import Builder

    return json.dumps(Builder("").build(node)).encode()


def _traced(
    tree: Tree, chart: Chart, found: Rendered, named: Sequence[str]
) -> tuple[list[Node], frozenset[str]]:
    output = found.text.split("\n")
    places = list(_places(chart, output, lines_of(found)))
    files = {file for file, _ in places}
    texts = {file: tree.lines(file) for file in files}
    values = [root for path in named for root in tree.nodes(path) or []]
    trace = Trace(output, places, texts, values)
    try:
        roots = [copied(root, trace) for root in compose(found.text)]
    except yaml.YAMLError as error:
        raise CannotBuild("what it renders to is not YAML") from error
    used = {path for path in named if tree.text(path) is not None}
    return roots, frozenset(files | used | {joined(chart.directory, CHART_FILE)})


def _places(chart: Chart, output: Sequence[str], lines: Sequence[Origin | None]) -> Iterator[Origin]:
    """File and line of each line of the output: a line without a mark belongs to the next one with one.

    A mark of another template than the document's own counts for its own line alone.
    """
    known = list(lines[: len(output)]) + [None] * (len(output) - len(lines))
    document = (CHART_FILE, 0)
    for line, origin, below in zip(output, known, list(_below(output, known)), strict=True):
        if line.startswith(_SOURCE):
            document = (line.removeprefix(_SOURCE).partition("/")[2], 0)
        following = origin or below
        if following is not None and (following[0] == document[0] or following is origin):
            place = following
        else:
            place = document
        if place[0] == document[0]:
            document = place
        yield joined(chart.directory, place[0]), place[1]


def _below(output: Sequence[str], known: Sequence[Origin | None]) -> Iterator[Origin | None]:
    """The next mark at or below each line in its document."""
    found: list[Origin | None] = []
    following: Origin | None = None
    for line, origin in zip(reversed(output), reversed(known), strict=True):
        following = None if line == "---" else origin or following
        found.append(following)
    return reversed(found)
