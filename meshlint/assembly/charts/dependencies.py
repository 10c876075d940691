"""Charts that a chart depends on: those in view are laid into it, the rest is left out and told.

Source: Helm (Chart.yaml: dependencies with name, repository, condition). Helm refuses to render a chart whose
dependencies do not lie in its directory charts, be they switched off; `helm dependency build` fetches them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from yaml.nodes import Node

from meshlint.assembly.charts.chart import CHART_FILE, VALUES_FILE, Chart
from meshlint.assembly.nodes import child, items, text_of
from meshlint.assembly.tree import Tree, joined
from meshlint.documents import read
from meshlint.documents.values import Builder
from meshlint.values import evolve, frozen

_LOCAL: Final = "file://"
_DEEPEST: Final = 5


@frozen(repr=False)
class Dependencies:
    """What is to be laid into a copy of a chart: `directories` by their place in it, and `texts` of files.

    `missing` are the names of those that are in use and not in view, `left_out` of all that are not in view.
    """

    directories: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def dependencies(tree: Tree, chart: Chart, values: Sequence[bytes] = ()) -> Dependencies:
    """What a chart depends on where it is given `values`, of which the last one counts most."""
    own = tree.text(joined(chart.directory, VALUES_FILE)) or b""
    given = [_value_of(text) for text in (*reversed(values), own)]
    return _below(tree, chart.directory, "", given, _DEEPEST)


def _below(tree: Tree, directory: str, inside: str, given: Sequence[Any], depth: int) -> Dependencies:
    root = next(iter(tree.nodes(joined(directory, CHART_FILE)) or []), None)
    found, dropped = Dependencies(), set[str]()
    for entry in items(child(root, "dependencies")):
        name = text_of(child(entry, "name"))
        near = _local(tree, directory, entry)
        if _is_vendored(tree, directory, name):
            continue
        if near is None or depth == 0:
            dropped.add(name)
            found = _without(found, name, in_use=not _is_off(entry, given))
            continue
        place = f"{inside}charts/{name}"
        inner = _below(tree, near, f"{place}/", (), depth - 1)
        found = _joined(evolve(found, directories=(*found.directories, (place, near))), inner)
    if root is not None and dropped:
        found = evolve(found, texts=(*found.texts, (f"{inside}{CHART_FILE}", _less(root, dropped))))
    return found


def _without(found: Dependencies, name: str, *, in_use: bool) -> Dependencies:
    missing = (*found.missing, name) if in_use else found.missing
    return evolve(found, missing=missing, left_out=(*found.left_out, name))


def _joined(one: Dependencies, other: Dependencies) -> Dependencies:
    return Dependencies(
        (*one.directories, *other.directories),
        (*one.texts, *other.texts),
        (*one.missing, *other.missing),
        (*one.left_out, *other.left_out),
    )


def _is_vendored(tree: Tree, directory: str, name: str) -> bool:
    packed = f"{name}-"
    known = tree.files.names_in(joined(directory, "charts"))
    return any(one == name or (one.startswith(packed) and one.endswith(".tgz")) for one in known)


def local_dependencies(tree: Tree, chart: Chart) -> Iterator[str]:
    """The directories of the charts in view that a chart says it depends on."""
    yield from (directory for _, directory in _below(tree, chart.directory, "", (), _DEEPEST).directories)


def _local(tree: Tree, directory: str, entry: Node) -> str | None:
    """The directory of a dependency in the same files, none that leaves the place where these are."""
    repository = text_of(child(entry, "repository"))
    path = joined(directory, repository.removeprefix(_LOCAL))
    leaves = path.startswith(("..", "/")) and not directory.startswith(("..", "/"))
    is_local = repository.startswith(_LOCAL) and not leaves
    return path if is_local and tree.text(joined(path, CHART_FILE)) is not None else None


def _is_off(entry: Node, given: Sequence[Any]) -> bool:
    """Whether the first path of the condition that is set says no."""
    for path in text_of(child(entry, "condition")).split(","):
        for values in given:
            told = _at(values, path.strip())
            if isinstance(told, bool):
                return not told
    return False


def _at(values: Any, path: str) -> Any:
    for step in path.split("."):
        values = values.get(step) if isinstance(values, dict) else None
    return values


def _value_of(text: bytes) -> Any:
    return next((one.value for one in read("", text).documents), None)


def _less(root: Node, dropped: set[str]) -> bytes:
    """The chart file without the dependencies that are not there."""
    value: Any = Builder("").build(root)
    rest = [one for one in value["dependencies"] if str(one.get("name")) not in dropped]
    return json.dumps({**value, "dependencies": rest}).encode()
